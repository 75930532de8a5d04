"use strict";
// Finds statements that contain all of the words.
(() => {
  const SIGNS = { agrees: "+", disagrees: "−", mixed: "±", neutral: "=", "": "•" };
  const MOST = 100;
  const form = document.getElementById("search");
  const results = document.getElementById("results");
  const rows = JSON.parse(document.getElementById("data").textContent);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) => fold(row.join("\n")));

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const show = ([actor, stance, date, outlet, text, quotation, address]) => {
    const link = element("a", "", actor);
    link.href = address;
    const sign = element("span", `sign ${stance || "none"}`, SIGNS[stance]);
    sign.setAttribute("aria-hidden", "true");
    const about = element("p", "muted", [date, outlet].filter(Boolean).join(" · "));
    const body = element("div", "", element("p", "text", link, `: ${text}`), element("blockquote", "quotation", quotation), about);
    return element("li", "statement", sign, element("span", "visually-hidden", `${stance || "no stance"}: `), body);
  };
  const apply = () => {
    const words = fold(new FormData(form).get("words")).split(/\s+/).filter(Boolean);
    const found = words.length ? rows.filter((_, number) => words.every((word) => texts[number].includes(word))) : [];
    results.replaceChildren(...found.slice(0, MOST).map(show));
    const more = found.length > MOST ? `, the newest ${MOST} are shown` : "";
    document.getElementById("count").textContent = words.length ? `${found.length} of ${rows.length} statements${more}` : "";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
