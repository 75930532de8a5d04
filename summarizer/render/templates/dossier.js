"use strict";
// Filters the statements of a dossier, and with them all other parts of the page.
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
    article: item.dataset.t,
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

  const ids = new Map(actors.map((actor) => [actor.element.id.slice("actor-".length), actor.number]));
  const sections = [...document.querySelectorAll("section.issue")].map((element) => ({
    element,
    issue: +element.dataset.issue,
    camps: [...element.querySelectorAll(".camps div")].map((camp) => ({
      camp,
      links: [...camp.querySelectorAll("a")].map((link) => ({ link, actor: ids.get(link.dataset.actor) })),
    })),
  }));
  const nodes = [...document.querySelectorAll("a[data-node]")].map((node) => ({ node, actor: ids.get(node.dataset.node) }));
  const edges = [...document.querySelectorAll("line[data-pair]")].map((line) => {
    const title = line.querySelector("title");
    const pair = line.dataset.pair.split(" ").map((id) => ids.get(id));
    return { line, pair, title, kind: line.getAttribute("class"), text: title.textContent };
  });
  const polarisation = document.querySelector(".legend .polarisation");

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

  // Hides issues and the actors of their sides without a statement that is shown.
  const fillSides = (isFiltered) => {
    const speaking = new Set(statements.filter((each) => each.isShown).map((each) => `${each.actor} ${each.issue}`));
    for (const { element, issue, camps } of sections) {
      let isEmpty = true;
      for (const { camp, links } of camps) {
        for (const { link, actor } of links) link.hidden = isFiltered && !speaking.has(`${actor} ${issue}`);
        camp.hidden = links.every(({ link }) => link.hidden);
        isEmpty &&= camp.hidden;
      }
      element.hidden = isEmpty && camps.length > 0;
    }
  };

  // Counts agreement and conflict anew, as the library does: equal statements in one article count once.
  const fillNetwork = (isFiltered, left) => {
    const counts = new Map();
    for (const { actor, issue, stance, article, isShown } of statements) {
      if (!isShown || issue < 0 || (stance !== "agrees" && stance !== "disagrees")) continue;
      if (!counts.has(actor)) counts.set(actor, new Map());
      const issues = counts.get(actor);
      if (!issues.has(issue)) issues.set(issue, { agrees: new Set(), disagrees: new Set() });
      issues.get(issue)[stance].add(article);
    }
    for (const { node, actor } of nodes) node.style.display = !isFiltered || left.has(actor) ? "" : "none";
    for (const { line, pair, title, kind, text } of edges) {
      let agreement = 0;
      let conflict = 0;
      const [one, other] = pair.map((actor) => counts.get(actor) || new Map());
      for (const [issue, first] of one) {
        const second = other.get(issue);
        if (!second) continue;
        agreement += first.agrees.size * second.agrees.size + first.disagrees.size * second.disagrees.size;
        conflict += first.agrees.size * second.disagrees.size + first.disagrees.size * second.agrees.size;
      }
      line.style.display = isFiltered && agreement === conflict ? "none" : "";
      line.setAttribute("class", isFiltered ? `edge ${conflict > agreement ? "conflict" : "agreement"}` : kind);
      const names = text.slice(0, text.lastIndexOf(": "));
      title.textContent = isFiltered ? `${names}: ${agreement} × agreement, ${conflict} × conflict` : text;
    }
    if (polarisation) polarisation.hidden = isFiltered; // it is that of all statements
  };

  // Shows changes, contradictions and questions of the chosen actor and issue with a source in the chosen outlet and time.
  const filterLists = (wanted, words) => {
    const chosen = (name) => form[name].selectedOptions[0].dataset.id;
    const isOf = (name, id) => !chosen(name) || id === undefined || chosen(name) === id;
    const isSource = ({ dataset }) =>
      dataset.d !== undefined &&
      (wanted.outlet === "" || dataset.o === wanted.outlet) &&
      (wanted.since === "" || (dataset.d !== "" && dataset.d >= wanted.since.slice(0, dataset.d.length))) &&
      (wanted.until === "" || (dataset.d !== "" && dataset.d <= wanted.until));
    for (const item of document.querySelectorAll("li.change, li.contradiction, li.question")) {
      const text = words.length ? item.textContent.toLowerCase() : "";
      const speakers = [item, ...item.querySelectorAll("[data-actor]")].map((each) => each.dataset.actor).filter(Boolean);
      item.hidden = !(
        (!form.actor.value || speakers.some((id) => isOf("actor", id))) &&
        isOf("issue", item.dataset.issue) &&
        [item, ...item.querySelectorAll(".source")].some(isSource) &&
        words.every((word) => text.includes(word))
      );
    }
    for (const list of document.querySelectorAll("ol.list")) {
      const items = [...list.querySelectorAll("li.change, li.contradiction, li.question")];
      list.closest("section").hidden = items.length > 0 && items.every((item) => item.hidden);
    }
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
    filterLists(wanted, words);
    fillSides(isFiltered);
    fillNetwork(isFiltered, left);
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
