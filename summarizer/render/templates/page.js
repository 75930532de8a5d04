"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const words = (text) => (text || "").split(" ").filter(Boolean);
  const found = (id) => document.getElementById(id);
  const push = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));

  const claims = [...all(".card.claim"), ...all(".gist.claim")]; // the gist last, for sentences that nothing else cites
  const cards = all(".group .card");
  const groups = all(".group");
  const form = document.querySelector(".filters");
  const panes = document.querySelector(".panes");
  const marks = new Map(); // the number of a sentence: its marks
  const exact = new Map(); // the id of a claim: its exact words
  const citing = new Map(); // the number of a sentence: the claims that cite it
  for (const mark of all("mark")) push(marks, mark.dataset.s, mark);
  for (const span of all("[data-p]")) for (const id of words(span.dataset.p)) push(exact, id, span);
  for (const claim of claims) for (const number of words(claim.dataset.sentences)) push(citing, number, claim);
  const known = new Map(cards.map((card) => [card, {
    holders: new Set(words(card.dataset.holders)),
    sentences: new Set(words(card.dataset.sentences)),
    stance: card.dataset.stance,
    issue: card.closest(".group").dataset.issue,
  }]));

  let sentence = null; // the number of the sentence whose positions alone are shown
  let lit = []; // what is lit, each with its class
  let chosen = null;

  const light = (element, name) => { element.classList.add(name); lit.push([element, name]); };
  const dim = () => {
    for (const [element, name] of lit) element.classList.remove(name);
    if (chosen) chosen.removeAttribute("aria-current");
    lit = [];
    chosen = null;
  };
  const say = (text) => { found("said").textContent = text; };

  /* What is chosen is the address, so that Back returns to what was chosen before, with the filters of that time. */
  const filters = () => Object.fromEntries(new FormData(form));
  const write = (how, fragment) => {
    const state = { view: panes.dataset.view, filters: filters(), sentence };
    try { history[how](state, "", fragment || location.pathname + location.search); } catch { /* a page in a frame */ }
  };
  const visit = (fragment) => write(location.hash === fragment ? "replaceState" : "pushState", fragment);
  const rename = (fragment) => write("replaceState", fragment);
  const keep = () => rename(location.hash);
  const narrow = () => getComputedStyle(document.querySelector(".switch")).display !== "none";

  /* On a narrow screen one side is shown at a time, and each keeps its place. */
  const places = { brief: 0, article: 0 };
  const view = (name) => {
    if (!narrow() || panes.dataset.view === name) return;
    places[panes.dataset.view] = window.scrollY;
    panes.dataset.view = name;
    for (const button of all(".switch button")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    window.scrollTo(0, places[name]);
    keep();
  };

  const bring = (element, block) => {
    const box = element.getBoundingClientRect();
    const above = narrow() || root.clientWidth < 992 ? 0 : 70;
    if (block === "nearest" && box.top >= above && box.bottom <= root.clientHeight) return;
    element.scrollIntoView({ block: box.height > root.clientHeight * 0.7 ? "start" : "center" });
  };

  const choose = (claim, { show = true, address = visit } = {}) => {
    dim();
    address(`#${claim.id}`);
    chosen = claim;
    light(claim, "on");
    claim.setAttribute("aria-current", "true");
    const numbers = words(claim.dataset.sentences);
    for (const number of numbers) for (const mark of marks.get(number) || []) light(mark, "on");
    for (const span of exact.get(claim.id) || []) light(span, "exact");
    const first = (marks.get(numbers[0]) || [])[0];
    if (show && first) {
      view("article");
      bring(first, "nearest");
    }
    say(numbers.length ? `Sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")} of the article ${numbers.length > 1 ? "are" : "is"} lit.` : "");
  };

  const filter = () => {
    const { holder, issue, stance } = filters();
    let shown = 0;
    for (const [card, its] of known) {
      const fits = (!holder || its.holders.has(holder)) && (!issue || its.issue === issue)
        && (!stance || its.stance === stance) && (!sentence || its.sentences.has(sentence));
      card.hidden = !fits;
      shown += fits;
    }
    for (const group of groups) group.hidden = !group.querySelector(".card:not([hidden])");
    const on = sentence ? ` on sentence ${sentence}` : "";
    form.querySelector(".count").textContent = shown === cards.length ? `${shown} position${shown === 1 ? "" : "s"}` : `${shown} of ${cards.length}${on}`;
    form.querySelector("button").hidden = shown === cards.length && !holder && !issue && !stance && !sentence;
    for (const cell of all("td a.on")) cell.classList.remove("on");
    for (const cell of holder && issue ? all(`td a[data-holder="${holder}"][data-issue="${issue}"]`) : []) cell.classList.add("on");
    keep();
  };

  const set = (values, number = null) => {
    sentence = number;
    for (const select of form.elements) {
      if (select.name) select.value = values[select.name] || "";
      if (select.selectedIndex < 0) select.value = ""; // of a page that was made anew since
    }
    filter();
  };
  const clear = () => set({});

  const pick = (values) => {
    dim();
    visit("");
    set(values);
    view("brief");
    found("positions").focus({ preventScroll: true });
    found("positions").scrollIntoView();
  };

  /* The claims on a sentence; positions that are not on it are hidden, unless none is. */
  const read = (number, { address = visit } = {}) => {
    const mine = citing.get(number) || [];
    if (!mine.length) return false;
    address(`#s${number}`);
    set({}, mine.some((claim) => known.has(claim)) ? number : null);
    choose(mine[0], { show: false, address: keep });
    for (const mark of marks.get(number)) light(mark, "on");
    view("brief");
    mine[0].focus({ preventScroll: true });
    bring(mine[0], "center");
    say(`${mine.length} in the brief on sentence ${number}.`);
    return true;
  };

  const open = (claim, options) => {
    if (claim.hidden) clear();
    choose(claim, options);
    bring(claim, "center");
  };

  const uncited = (span, { address = visit } = {}) => {
    dim();
    address(`#${span.id}`);
    view("article");
    for (const part of all(`[data-u="${span.dataset.u}"]`)) light(part, "on");
    bring(span, "center");
  };

  /* Where a fragment leads that was followed, typed or sent. */
  const go = (fragment, address = rename) => {
    const target = found(fragment.slice(1));
    if (!target) return;
    if (target.matches(".claim")) open(target, { address, show: !narrow() });
    else if (target.matches(".uncited")) uncited(target, { address });
    else if (target.matches("mark") && read(target.dataset.s, { address })) {
      view("article");
      bring(target, "center");
    }
  };

  const restore = (state) => {
    dim();
    set(state.filters, state.sentence);
    view(state.view);
    const target = found(location.hash.slice(1));
    const number = target && target.matches("mark") ? target.dataset.s : "";
    const claim = number ? citing.get(number)[0] : target;
    if (!claim || !claim.matches(".claim, .uncited")) return;
    if (claim.matches(".uncited")) { uncited(claim, { address: keep }); return; }
    choose(claim, { show: !narrow(), address: keep });
    for (const mark of marks.get(number) || []) light(mark, "on");
    const shown = state.view === "brief" ? claim : marks.get(number || words(claim.dataset.sentences)[0])[0];
    bring(shown, "nearest");
  };

  const copied = (card) => {
    const text = (selector, within = card) => all(selector, within).map((one) => one.textContent.trim()).join(" ");
    const heading = card.closest(".group") && text(".heading", card.closest(".group"));
    const stance = card.dataset.stance && card.dataset.stance !== "none" ? `${card.dataset.stance}: ${heading}` : "";
    const numbers = words(card.dataset.sentences);
    const source = [text("h1", document), text(".byline", document), `sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`];
    const named = (within) => all(":scope > .name", within).map((one) => {
      const role = one.nextElementSibling;
      return [one, ...(role && role.matches(".about") ? [role] : [])].map((part) => part.textContent.trim()).join(", ");
    });
    const relayed = card.querySelector(".relayed");
    const who = [...named(card.querySelector(".who")), ...(relayed ? [`relayed by ${named(relayed).join("")}`] : [])];
    return [text(".statement"), text(".quotation"), `— ${who.join("; ")}`, stance, source.filter(Boolean).join(", ")].filter(Boolean).join("\n");
  };
  let copying = null;
  const told = (card, done) => {
    say(done ? "Copied." : "It could not be copied.");
    const button = card.querySelector(".copy");
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  const copy = (card) => {
    copying = card;
    document.execCommand("copy"); // works where a page has no leave for the clipboard
    if (!copying) told(card, true);
    else if (navigator.clipboard) navigator.clipboard.writeText(copied(card)).then(() => told(card, true), () => told(card, false));
    else told(card, false);
    copying = null;
  };
  document.addEventListener("copy", (event) => {
    const card = copying || (getSelection().isCollapsed && chosen && known.has(chosen) ? chosen : null);
    if (!card) return;
    event.clipboardData.setData("text/plain", copied(card));
    event.preventDefault();
    copying = null;
  });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!at("a, button") && !getSelection().isCollapsed) return; // words are being selected
    const follow = (work) => { event.preventDefault(); work(); };
    const button = at("button");
    if (button) {
      if (button.matches(".copy")) copy(at(".card"));
      else if (button.matches(".switch button")) view(button.dataset.view);
      return;
    }
    const cell = at("td a");
    const mark = at("[data-s]");
    const claim = at(".claim");
    const link = at("a");
    if (cell) follow(() => pick({ holder: cell.dataset.holder, issue: cell.dataset.issue }));
    else if (mark) follow(() => read(mark.dataset.s));
    else if (claim && link && link.hash.startsWith("#s")) {
      follow(() => {
        choose(claim);
        const mark = found(link.hash.slice(1));
        bring(mark, "center");
        if (!event.detail && narrow()) mark.previousElementSibling.focus({ preventScroll: true }); // by key, to its number
      });
    } else if (claim && (!link || link.hash === `#${claim.id}`)) follow(() => choose(claim, { show: !link || !narrow() }));
    else if (link && /^#[su]\d+$/.test(link.hash)) follow(() => go(link.hash, visit));
    else if (link && link.hash.startsWith("#issue-")) follow(() => { clear(); view("brief"); found(link.hash.slice(1)).scrollIntoView(); });
    else if (link && link.hash === "#article") view("article");
    else if (link && link.getAttribute("href").startsWith("#")) view("brief");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { dim(); clear(); rename(""); say("All positions are shown."); return; }
    const card = event.target.closest(".card");
    if (!card) return;
    if (event.key === "Enter" && event.target === card) choose(card);
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const shown = all(".card:not([hidden])");
    const next = shown[shown.indexOf(card) + step];
    if (!next) return;
    event.preventDefault();
    choose(next, { show: !narrow(), address: rename });
    next.focus({ preventScroll: true });
    bring(next, "nearest");
  });

  for (const name of ["mouseover", "mouseout"]) {
    found("article").addEventListener(name, (event) => {
      const mark = event.target.closest("mark");
      for (const one of (mark && marks.get(mark.dataset.s)) || []) one.classList.toggle("hover", name === "mouseover");
    });
  }
  form.addEventListener("change", () => {
    sentence = null;
    filter();
    if (chosen && chosen.hidden) { dim(); rename(""); say(""); }
  });
  form.addEventListener("reset", (event) => { event.preventDefault(); dim(); clear(); rename(""); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", (event) => { if (event.state) restore(event.state); else go(location.hash); });

  root.classList.add("js");
  panes.dataset.view = "brief";
  for (const element of all(cards.length ? ".switch, .filters, .keys" : ".switch")) element.hidden = false;
  const before = history.state; // of a page that is loaded again
  filter();
  if (before) restore(before);
  else go(location.hash);
})();
