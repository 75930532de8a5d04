"use strict";
// Filters the statements of a dossier, and with them the matrix, the timelines and the list of actors.
(() => {
  const SIGNS = { agrees: "+", disagrees: "−", mixed: "±", neutral: "=", none: "•" };
  const form = document.getElementById("filters");
  const items = [...document.querySelectorAll("li.statement")];
  if (!items.length) return;
  const statements = items.map((item) => ({
    item,
    actor: +item.dataset.a,
    issue: +item.dataset.i,
    date: item.dataset.d,
    outlet: item.dataset.o,
    stance: item.dataset.s,
    words: "",
    isShown: true,
  }));
  const actors = [...document.querySelectorAll("details.actor")].map((element) => {
    const groups = [...element.querySelectorAll("ol.statements")].map((list) => ({ list, heading: list.previousElementSibling }));
    return { element, groups, number: +element.dataset.actor, count: element.querySelector("summary .number"), text: "" };
  });
  for (const actor of actors) actor.text = actor.count.textContent;
  const byActor = new Map(actors.map((actor) => [actor.number, actor]));
  const rows = [...document.querySelectorAll("#matrix tbody tr")];
  const original = rows.map((row) => [...row.cells].slice(1).map((cell) => [...cell.childNodes]));
  const numbers = rows.map((row) => {
    const target = document.getElementById(decodeURIComponent(row.cells[0].querySelector("a").hash.slice(1)));
    return target ? +target.dataset.actor : +row.dataset.row;
  });
  const dots = [...document.querySelectorAll("a[data-n]")];
  const byNumber = new Map(statements.map((statement) => [statement.item.id.slice(1), statement]));

  const sign = (stance) => {
    const span = document.createElement("span");
    span.className = `sign ${stance}`;
    span.setAttribute("aria-hidden", "true");
    span.textContent = SIGNS[stance];
    return span;
  };
  const span = (className, text) => {
    const element = document.createElement("span");
    element.className = className;
    element.textContent = text;
    return element;
  };

  const fillMatrix = (isFiltered) => {
    if (!isFiltered) {
      rows.forEach((row, number) => {
        row.hidden = false;
        original[number].forEach((nodes, column) => row.cells[column + 1].replaceChildren(...nodes));
      });
      return;
    }
    const cells = new Map();
    const chronological = statements.filter((each) => each.isShown && each.issue >= 0);
    chronological.sort((one, other) => +one.item.id.slice(1) - +other.item.id.slice(1));
    for (const each of chronological) {
      const key = `${each.actor} ${each.issue}`;
      const cell = cells.get(key) || { count: 0, stances: [], isDated: false };
      cell.count += 1;
      if (each.date) cell.isDated = true; // undated statements come last, and count only without dated ones
      const counts = each.stance !== "none" && (each.date || !cell.isDated);
      if (counts && cell.stances.at(-1) !== each.stance) cell.stances.push(each.stance);
      cells.set(key, cell);
    }
    rows.forEach((row, number) => {
      let isEmpty = true;
      original[number].forEach((_, column) => {
        const cell = cells.get(`${numbers[number]} ${column}`);
        const nodes = [];
        if (cell) {
          isEmpty = false;
          const last = cell.stances.at(-1) || "none";
          const mark = row.cells[column + 1].classList.contains("changed") ? "→" : "/";
          if (cell.stances.length > 1) nodes.push(sign(cell.stances.at(-2)), span("turned", mark));
          nodes.push(sign(last), span("visually-hidden", last === "none" ? "no stance" : last), span("number", cell.count));
        }
        row.cells[column + 1].replaceChildren(...nodes);
      });
      row.hidden = isEmpty;
    });
  };

  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean);
    const isFiltered = Object.values(wanted).some(Boolean);
    const left = new Map();
    let count = 0;
    for (const each of statements) {
      if (words.length && !each.words) each.words = each.item.textContent.toLowerCase();
      each.isShown =
        (wanted.actor === "" || each.actor === +wanted.actor) &&
        (wanted.issue === "" || each.issue === +wanted.issue) &&
        (wanted.stance === "" || each.stance === wanted.stance) &&
        (wanted.outlet === "" || each.outlet === wanted.outlet) &&
        (wanted.since === "" || (each.date !== "" && each.date >= wanted.since.slice(0, each.date.length))) &&
        (wanted.until === "" || (each.date !== "" && each.date <= wanted.until)) &&
        words.every((word) => each.words.includes(word));
      if (each.item.hidden === each.isShown) each.item.hidden = !each.isShown;
      if (each.isShown) {
        count += 1;
        left.set(each.actor, (left.get(each.actor) || 0) + 1);
      }
    }
    for (const actor of actors) {
      const shown = left.get(actor.number) || 0;
      actor.element.hidden = !shown;
      actor.count.textContent = isFiltered ? `${shown} shown` : actor.text;
      if (!shown) continue;
      for (const { list, heading } of actor.groups) {
        const isEmpty = isFiltered && [...list.children].every((item) => item.hidden);
        list.hidden = isEmpty;
        heading.hidden = isEmpty;
      }
      if (isFiltered && left.size <= 3) actor.element.open = true;
    }
    for (const dot of dots) dot.style.visibility = byNumber.get(dot.dataset.n).isShown ? "" : "hidden";
    const chosen = (name) => form[name].selectedOptions[0].dataset.id;
    for (const change of document.querySelectorAll("li.change")) {
      const isOf = (name, id) => !chosen(name) || chosen(name) === id;
      change.hidden = !isOf("actor", change.dataset.actor) || !isOf("issue", change.dataset.issue);
    }
    fillMatrix(isFiltered);
    document.getElementById("empty").hidden = count > 0;
    document.getElementById("count").textContent = isFiltered ? `${count} of ${statements.length} statements` : `${count} statements`;
  };

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const actor = target.closest("details.actor");
    if (actor && !actor.open) {
      actor.open = true;
      target.scrollIntoView();
    }
  };

  let pending = 0;
  const applySoon = () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(apply);
  };
  for (const kind of ["input", "change", "reset"]) form.addEventListener(kind, applySoon);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", () => actors.forEach((actor) => { actor.element.open = true; }));
  form.hidden = false;
  apply();
  openTarget();
})();
