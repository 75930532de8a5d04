"use strict";
(() => {
  const root = document.documentElement;
  const queryAll = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const splitWords = (text) => (text || "").split(" ").filter(Boolean);
  const byId = (id) => document.getElementById(id);
  const append = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));

  const claims = [...queryAll(".card.claim"), ...queryAll(".gist.claim")]; // the gist comes last: other claims take precedence
  const cards = queryAll(".group .card");
  const folds = queryAll(".more");
  const form = document.querySelector(".filters");
  const panes = document.querySelector(".panes");
  const marksBySentence = new Map(); // by sentence number
  const phrasesByClaim = new Map(); // by claim id
  const claimsBySentence = new Map(); // by sentence number
  for (const mark of queryAll("mark")) append(marksBySentence, mark.dataset.s, mark);
  for (const span of queryAll("[data-p]")) for (const id of splitWords(span.dataset.p)) append(phrasesByClaim, id, span);
  for (const claim of claims) for (const number of splitWords(claim.dataset.sentences)) append(claimsBySentence, number, claim);
  const facetsByCard = new Map(cards.map((card) => [card, {
    holders: new Set(splitWords(card.dataset.holders)),
    sentences: new Set(splitWords(card.dataset.sentences)),
    stance: card.dataset.stance,
    issue: card.closest(".group").dataset.issue,
    heading: card.closest(".group").querySelector(".heading").textContent,
    sign: card.closest(".holder").dataset.sign,
    names: queryAll(".who .name", card.closest(".holder")),
    list: card.parentElement,
  }]));

  let sentence = null; // the sentence that the positions are filtered by
  let highlighted = []; // pairs of element and class
  let selected = null;

  const highlight = (element, name) => { element.classList.add(name); highlighted.push([element, name]); };
  const clearHighlights = () => {
    for (const [element, name] of highlighted) element.classList.remove(name);
    if (selected) selected.removeAttribute("aria-current");
    highlighted = [];
    selected = null;
  };
  const announce = (text) => { byId("announcement").textContent = text; };

  /* The address holds the selection, and the history the filters, so that Back restores both. */
  const addOptions = (name, first, entries) => {
    const select = form.elements[name];
    for (const [value, label] of [["", first], ...entries]) select.add(new Option(label.length > 80 ? `${label.slice(0, 79)}…` : label, value));
  };
  const fillFilters = () => {
    const holders = new Map(queryAll(".who .name").map((item) => [item.dataset.holder, item.dataset.label]));
    const issues = new Map(queryAll(".group").map((group) => [group.dataset.issue, group.querySelector("h3 > :last-child").firstElementChild.textContent]));
    const stances = new Map([...facetsByCard.values()].map((facets) => [facets.stance, facets.sign]));
    const order = ["agrees", "disagrees", "mixed", "neutral", "unclear", "none"].filter((stance) => stances.has(stance));
    addOptions("holder", "All holders", [...holders].sort((one, other) => one[1].localeCompare(other[1])));
    addOptions("issue", "All issues", [...issues].sort((one, other) => (one[0] === "0") - (other[0] === "0") || one[0] - other[0]).map(([key, words]) => [key, key === "0" ? words : `${key}. ${words}`]));
    addOptions("stance", "All stances", order.map((stance) => [stance, `${stances.get(stance)} ${stance === "none" ? "no stance" : stance}`]));
  };
  const readFilters = () => Object.fromEntries(new FormData(form));
  const saveAddress = (how, fragment) => {
    const state = { view: panes.dataset.view, filters: readFilters(), sentence, arrangement };
    try { history[how](state, "", fragment || location.pathname + location.search); } catch { /* not allowed in some frames */ }
  };
  const pushAddress = (fragment) => saveAddress(location.hash === fragment ? "replaceState" : "pushState", fragment);
  const replaceAddress = (fragment) => saveAddress("replaceState", fragment);
  const saveState = () => replaceAddress(location.hash);
  const isNarrow = () => getComputedStyle(document.querySelector(".switch")).display !== "none";

  /* A narrow screen shows one pane at a time; each keeps its scroll position. */
  const scrollPositions = { brief: 0, article: 0 };
  const showPane = (name) => {
    if (!isNarrow() || panes.dataset.view === name) return;
    scrollPositions[panes.dataset.view] = window.scrollY;
    panes.dataset.view = name;
    for (const button of queryAll(".switch button")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    window.scrollTo(0, scrollPositions[name]);
    saveState();
  };

  const scrollToElement = (element, block) => {
    const box = element.getBoundingClientRect();
    const above = isNarrow() || root.clientWidth < 992 ? 0 : 70;
    if (block === "nearest" && box.top >= above && box.bottom <= root.clientHeight) return;
    element.scrollIntoView({ block: box.height > root.clientHeight * 0.7 ? "start" : "center" });
  };

  const openFold = (element) => { const fold = element.closest(".more"); if (fold) fold.open = true; };
  const selectClaim = (claim, { show = true, address = pushAddress } = {}) => {
    clearHighlights();
    address(`#${claim.id}`);
    openFold(claim);
    selected = claim;
    highlight(claim, "on");
    claim.setAttribute("aria-current", "true");
    const numbers = splitWords(claim.dataset.sentences);
    for (const number of numbers) for (const mark of marksBySentence.get(number) || []) highlight(mark, "on");
    for (const span of phrasesByClaim.get(claim.id) || []) highlight(span, "exact");
    const first = (marksBySentence.get(numbers[0]) || [])[0];
    if (show && first) {
      showPane("article");
      scrollToElement(first, "nearest");
    }
    announce(numbers.length ? `Sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")} of the article ${numbers.length > 1 ? "are" : "is"} highlighted.` : "");
  };

  const applyFilters = () => {
    const { holder, issue, stance } = readFilters();
    let shown = 0;
    for (const [card, facets] of facetsByCard) {
      const isShown = (!holder || facets.holders.has(holder)) && (!issue || facets.issue === issue)
        && (!stance || facets.stance === stance) && (!sentence || facets.sentences.has(sentence));
      card.hidden = !isShown;
      shown += isShown;
    }
    for (const container of queryAll(".holder, .side, .group")) container.hidden = !container.querySelector(".card:not([hidden])");
    for (const fold of folds) {
      fold.hidden = fold.querySelector(".group") && !fold.querySelector(".card:not([hidden])");
      if (shown < cards.length && fold.querySelector(".group .card:not([hidden])")) fold.open = true;
    }
    byId("no-match").hidden = shown > 0 || !cards.length;
    const suffix = sentence ? ` on sentence ${sentence}` : "";
    form.querySelector(".count").textContent = shown === cards.length ? `${shown} position${shown === 1 ? "" : "s"}` : `${shown} of ${cards.length}${suffix}`;
    form.querySelector("button").hidden = shown === cards.length && !holder && !issue && !stance && !sentence;
    for (const cell of queryAll(".cell.on")) cell.classList.remove("on");
    for (const cell of holder && issue ? queryAll(`.cell[data-holder="${holder}"][data-issue="${issue}"]`) : []) if (!stance || !cell.dataset.stance || stance === cell.dataset.stance) cell.classList.add("on");
    saveState();
  };

  const setFilters = (values, number = null) => {
    sentence = number;
    for (const select of form.elements) {
      if (select.name) select.value = values[select.name] || "";
      if (select.selectedIndex < 0) select.value = ""; // an option of an earlier version of the page
    }
    applyFilters();
  };
  const clearFilters = () => setFilters({});

  const filterByCell = (values) => {
    clearHighlights();
    pushAddress("");
    setFilters(values);
    showPane("brief");
    byId("positions").focus({ preventScroll: true });
    byId("positions").scrollIntoView();
  };

  /* Select the claims on a sentence, and hide other positions if a position cites it. */
  const selectSentence = (number, { address = pushAddress } = {}) => {
    const claimsHere = claimsBySentence.get(number) || [];
    if (!claimsHere.length) return false;
    address(`#s${number}`);
    setFilters({}, claimsHere.some((claim) => facetsByCard.has(claim)) ? number : null);
    selectClaim(claimsHere[0], { show: false, address: saveState });
    for (const mark of marksBySentence.get(number)) highlight(mark, "on");
    showPane("brief");
    claimsHere[0].focus({ preventScroll: true });
    scrollToElement(claimsHere[0], "center");
    announce(`Sentence ${number} is cited by ${claimsHere.length} ${claimsHere.length > 1 ? "items" : "item"} of the brief.`);
    return true;
  };

  const openClaim = (claim, options) => {
    if (claim.hidden) clearFilters();
    selectClaim(claim, options);
    scrollToElement(claim, "center");
  };

  /* The view by holder moves the cards below their first holder; the others have links to them. */
  const create = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  let arrangement = "issue";
  const arrange = (how) => {
    if (how === arrangement || !cards.length) return;
    arrangement = how;
    for (const button of queryAll(".arrange button")) button.setAttribute("aria-pressed", String(button.dataset.arrange === how));
    for (const [card, { list }] of facetsByCard) list.append(card);
    for (const section of queryAll(".by-holder")) section.remove();
    if (how === "holder") for (const list of queryAll(".list")) arrangeByHolder(list);
    applyFilters();
    if (selected) scrollToElement(selected, "nearest");
  };
  const arrangeByHolder = (list) => {
    const sections = new Map();
    for (const card of queryAll(".card", list)) for (const name of facetsByCard.get(card).names) append(sections, name.dataset.holder, [card, name]);
    for (const held of [...sections.values()].sort((one, other) => other.length - one.length)) {
      const first = held[0][1];
      const key = first.dataset.holder;
      const mark = queryAll(`.legend [data-holder="${key}"] .tag`)[0].cloneNode(true);
      const heading = create("h3", {}, create("span", { className: "number" }, mark), create("span", {}, create("bdi", { textContent: first.textContent }), create("span", { className: "about", textContent: first.title ? ` ${first.title}` : "" })));
      const section = create("section", { className: "group by-holder", ariaLabel: first.textContent }, heading);
      const sides = new Map();
      const also = [];
      for (const [card] of held) {
        const { heading: issue, issue: number, stance, sign, names } = facetsByCard.get(card);
        if (names[0].dataset.holder !== key) { also.push([card, names[0]]); continue; }
        if (!sides.has(`${number} ${stance}`)) {
          const words = [number === "0" ? issue : `${number}. ${issue}`, ...(stance === "none" ? [] : [`${sign} ${stance}`])];
          const side = create("div", { className: "side" }, create("h4", { className: `stance ${stance}`, textContent: words.join(" · ") }), create("ol"));
          sides.set(`${number} ${stance}`, side);
          section.append(side);
        }
        sides.get(`${number} ${stance}`).lastChild.append(card);
      }
      if (also.length) section.append(create("p", { className: "also" }, "Also: ", ...also.flatMap(([card, name], index) => [index ? ", " : "", create("a", { href: `#${card.id}`, textContent: card.id }), ` with ${name.textContent}`])));
      list.append(section);
    }
  };

  const selectStatement = (span, { address = pushAddress } = {}) => {
    clearHighlights();
    address(`#${span.id}`);
    showPane("article");
    for (const part of queryAll(`[data-u="${span.dataset.u}"]`)) highlight(part, "on");
    scrollToElement(span, "center");
  };

  /* Select the target of a fragment. */
  const followFragment = (fragment, address = replaceAddress) => {
    const target = byId(fragment.slice(1));
    if (!target) return;
    if (target.matches(".claim")) openClaim(target, { address, show: !isNarrow() });
    else if (target.matches(".uncited")) selectStatement(target, { address });
    else if (target.matches("mark") && selectSentence(target.dataset.s, { address })) {
      showPane("article");
      scrollToElement(target, "center");
    }
  };

  const restore = (state) => {
    clearHighlights();
    arrange(state.arrangement || "issue");
    setFilters(state.filters, state.sentence);
    showPane(state.view);
    const target = byId(location.hash.slice(1));
    const number = target && target.matches("mark") ? target.dataset.s : "";
    const claim = number ? claimsBySentence.get(number)[0] : target;
    if (!claim || !claim.matches(".claim, .uncited")) return;
    if (claim.matches(".uncited")) { selectStatement(claim, { address: saveState }); return; }
    selectClaim(claim, { show: !isNarrow(), address: saveState });
    for (const mark of marksBySentence.get(number) || []) highlight(mark, "on");
    const shown = state.view === "brief" ? claim : marksBySentence.get(number || splitWords(claim.dataset.sentences)[0])[0];
    scrollToElement(shown, "nearest");
  };

  const byline = () => {
    const link = document.querySelector(".byline a");
    const words = queryAll(".byline").map((item) => item.textContent.trim()).join("");
    return link ? `${words.slice(0, words.lastIndexOf(link.textContent.trim()))}${link.getAttribute("href")}` : words;
  };
  const textToCopy = (card) => {
    const text = (selector, within = card) => queryAll(selector, within).map((item) => item.textContent.trim()).join(" ");
    const facets = facetsByCard.get(card);
    const stance = facets.stance !== "none" ? `${facets.stance}: ${facets.heading}` : "";
    const numbers = splitWords(card.dataset.sentences);
    const source = [text("h1", document), byline(), `sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`];
    const names = facets.names.map((name) => [name.textContent.trim(), name.title].filter(Boolean).join(", "));
    const relayed = text(".relayed");
    const who = [...names, ...(relayed ? [relayed] : [])];
    const words = numbers.map((number) => (marksBySentence.get(number) || []).map((mark) => mark.textContent).join("")).join(" ");
    return [text(".statement"), words, `— ${who.join("; ")}`, stance, source.filter(Boolean).join(", ")].filter(Boolean).join("\n");
  };
  let cardToCopy = null;
  const showCopyResult = (card, done) => {
    announce(done ? "Copied." : "Copying failed.");
    const button = card.querySelector(".copy");
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  const copyCard = (card) => {
    cardToCopy = card;
    document.execCommand("copy"); // works without permission for the clipboard
    if (!cardToCopy) showCopyResult(card, true);
    else if (navigator.clipboard) navigator.clipboard.writeText(textToCopy(card)).then(() => showCopyResult(card, true), () => showCopyResult(card, false));
    else showCopyResult(card, false);
    cardToCopy = null;
  };
  document.addEventListener("copy", (event) => {
    if (document.activeElement.closest("form.correct")) return;
    const card = cardToCopy || (getSelection().isCollapsed && selected && facetsByCard.has(selected) ? selected : null);
    if (!card) return;
    event.clipboardData.setData("text/plain", textToCopy(card));
    event.preventDefault();
    cardToCopy = null;
  });

  document.addEventListener("click", (event) => {
    const closest = (selector) => event.target.closest(selector);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (closest(".correct") && !closest("button")) return;
    if (!closest("a, button") && !getSelection().isCollapsed) return; // text is being selected
    const handle = (work) => { event.preventDefault(); work(); };
    const button = closest("button");
    if (button) {
      if (button.matches(".copy")) copyCard(closest(".card"));
      else if (button.matches(".edit")) openEditor(closest(".card"));
      else if (button.matches(".cancel")) closeEditor();
      else if (button.matches(".save button")) saveBrief();
      else if (button.matches(".arrange button")) { arrange(button.dataset.arrange); saveState(); } else if (button.matches(".switch button")) showPane(button.dataset.view);
      return;
    }
    const cell = closest("a.cell");
    const mark = closest("[data-s]");
    const claim = closest(".claim");
    const link = closest("a");
    if (link && !link.getAttribute("href").startsWith("#")) return; // leaves the page
    if (cell) handle(() => filterByCell({ holder: cell.dataset.holder, issue: cell.dataset.issue, stance: cell.dataset.stance }));
    else if (closest(".speaker, .also a")) handle(() => { showPane("brief"); followFragment(link.hash, pushAddress); });
    else if (mark) handle(() => selectSentence(mark.dataset.s));
    else if (claim && link && link.hash.startsWith("#s")) {
      handle(() => {
        selectClaim(claim);
        const mark = byId(link.hash.slice(1));
        scrollToElement(mark, "center");
        if (!event.detail && isNarrow()) mark.previousElementSibling.focus({ preventScroll: true }); // keyboard: move the focus to its number
      });
    } else if (claim && (!link || link.hash === `#${claim.id}`)) handle(() => selectClaim(claim, { show: !link || !isNarrow() }));
    else if (link && /^#[su]\d+$/.test(link.hash)) handle(() => followFragment(link.hash, pushAddress));
    else if (link && link.hash.startsWith("#issue-")) handle(() => { clearFilters(); showPane("brief"); const heading = byId(link.hash.slice(1)); openFold(heading); heading.scrollIntoView(); });
    else if (link && link.hash === "#article") showPane("article");
    else if (link && link.getAttribute("href").startsWith("#")) showPane("brief");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(".correct")) { if (event.key === "Escape") closeEditor(); return; }
    if (event.key === "Escape") { clearHighlights(); clearFilters(); replaceAddress(""); announce("All positions are shown."); return; }
    const card = event.target.closest(".card");
    if (!card) return;
    if (event.key === "Enter" && event.target === card) selectClaim(card);
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const shown = queryAll(".card:not([hidden])").filter((item) => !item.closest(".holder[hidden]"));
    const next = shown[shown.indexOf(card) + step];
    if (!next) return;
    event.preventDefault();
    selectClaim(next, { show: !isNarrow(), address: replaceAddress });
    next.focus({ preventScroll: true });
    scrollToElement(next, "nearest");
  });

  /* Corrections change the stored brief, which the reader saves as a file. */
  const stored = byId("stored") && JSON.parse(byId("stored").textContent);
  const editor = document.querySelector(".correct");
  const corrections = new Map(); // by index of the position
  let unsaved = false;
  const labels = new Map(queryAll(".who .name").map((name) => [name.dataset.holder, name.dataset.label]));
  const holderLabels = stored ? stored.holders.map((holder, index) => labels.get(String(index + 1)) || holder.name || holder.role || `Holder ${index + 1}`) : [];
  const indexOf = (card) => Number(card.dataset.index);
  const original = (index) => {
    const { holders, stance, statement } = stored.positions[index];
    const names = holders.map((id) => holderLabels[stored.holders.findIndex((holder) => holder.id === id)]);
    return { holders: names.join("; "), stance, statement, drop: false };
  };
  const closeEditor = () => {
    const card = editor.closest(".card");
    editor.hidden = true;
    if (card) card.querySelector(".edit").focus();
  };
  const openEditor = (card) => {
    const fields = editor.elements;
    clearFaults();
    const values = corrections.get(indexOf(card)) || original(indexOf(card));
    for (const name of ["holders", "stance", "statement"]) fields[name].value = values[name];
    fields.drop.checked = values.drop;
    fields.stance.disabled = !stored.positions[indexOf(card)].issue;
    card.append(editor);
    editor.hidden = false;
    fields.holders.focus();
    scrollToElement(editor, "nearest");
  };
  const clearFaults = () => { for (const field of [editor.elements.holders, editor.elements.statement]) field.setCustomValidity(""); };
  const toWords = (text) => text.replaceAll("’", "'").toLowerCase().split(/\s+/).join(" ");
  let articleText = "";
  const isInArticle = (name) => {
    if (!articleText) {
      const copy = document.querySelector("article").cloneNode(true);
      for (const part of queryAll(".n, .by", copy)) part.remove();
      articleText = toWords([copy, ...queryAll("h1, .byline")].map((part) => part.textContent).join(" "));
    }
    return articleText.includes(toWords(name));
  };
  /* Return the field that cannot be saved, with the reason in it. */
  const findFault = ({ holders, statement, drop }) => {
    const names = holders.value.split(";").map((name) => name.trim()).filter(Boolean);
    const unknown = names.find((name) => !holderLabels.includes(name) && !isInArticle(name));
    clearFaults();
    if (drop.checked) return null;
    if (!names.length) holders.setCustomValidity("Name at least one holder.");
    else if (unknown) holders.setCustomValidity(`“${unknown}” is not in the article. Write the name as the article has it.`);
    else if (!statement.value.trim()) statement.setCustomValidity("Write a statement.");
    return [holders, statement].find((field) => field.validationMessage) || null;
  };
  const applyCorrection = () => {
    const fault = findFault(editor.elements);
    if (fault) { fault.reportValidity(); return; }
    const card = editor.closest(".card");
    const before = original(indexOf(card));
    const fields = editor.elements;
    const after = { holders: fields.holders.value.split(";").map((name) => name.trim()).filter(Boolean).join("; ") || before.holders, stance: fields.stance.value, statement: fields.statement.value.trim() || before.statement, drop: fields.drop.checked };
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    if (changed.length) corrections.set(indexOf(card), after); else corrections.delete(indexOf(card));
    for (const note of queryAll(".corrected", card)) note.remove();
    card.classList.toggle("dropped", after.drop);
    if (changed.length) editor.before(create("p", { className: "facts corrected", textContent: `Corrected: ${changed.map((name) => (name === "drop" ? "dropped" : after[name])).join("; ")}` }));
    unsaved = corrections.size > 0;
    const count = corrections.size;
    document.querySelector(".save").hidden = !count;
    document.querySelector(".unsaved").textContent = count ? `${count} correction${count > 1 ? "s" : ""}, not saved.` : "";
    closeEditor();
  };
  const correctedBrief = () => {
    const brief = structuredClone(stored);
    const findHolder = (label) => {
      const known = holderLabels.indexOf(label);
      const added = brief.holders.find((holder, index) => index >= holderLabels.length && holder.name === label);
      if (known >= 0 || added) return (added || brief.holders[known]).id;
      let number = 1;
      while (brief.holders.some((holder) => holder.id === `R${number}`)) number += 1;
      brief.holders.push({ id: `R${number}`, name: label, kind: "person" });
      return `R${number}`;
    };
    for (const [index, { holders, stance, statement }] of corrections) {
      const names = holders === original(index).holders ? brief.positions[index].holders : [...new Set(holders.split("; ").map(findHolder))];
      Object.assign(brief.positions[index], { holders: names, stance, statement, corrected: true });
    }
    const dropped = [...corrections.values()].filter((each) => each.drop).length;
    const changed = corrections.size - dropped;
    const done = [...(changed ? [`corrected ${changed} position${changed > 1 ? "s" : ""}`] : []), ...(dropped ? [`dropped ${dropped}`] : [])];
    if (done.length) brief.provenance.notes.push(`A reader ${done.join(" and ")}.`);
    brief.positions = brief.positions.filter((_, index) => !(corrections.get(index) || {}).drop);
    return brief;
  };
  const saveBrief = () => {
    const address = URL.createObjectURL(new Blob([JSON.stringify(correctedBrief(), null, 2)], { type: "application/json" }));
    create("a", { href: address, download: "corrected-brief.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    unsaved = false;
    document.querySelector(".unsaved").textContent = "Saved as corrected-brief.json.";
  };
  if (stored) {
    for (const label of holderLabels) byId("known-holders").append(create("option", { value: label }));
    editor.addEventListener("input", clearFaults);
    editor.addEventListener("submit", (event) => { event.preventDefault(); applyCorrection(); });
    addEventListener("beforeunload", (event) => { if (unsaved || !editor.hidden) event.preventDefault(); });
  }

  for (const name of ["mouseover", "mouseout"]) {
    byId("article").addEventListener(name, (event) => {
      const mark = event.target.closest("mark");
      for (const item of (mark && marksBySentence.get(mark.dataset.s)) || []) item.classList.toggle("hover", name === "mouseover");
    });
  }
  form.addEventListener("change", () => {
    sentence = null;
    applyFilters();
    if (selected && selected.hidden) { clearHighlights(); replaceAddress(""); announce(""); }
  });
  form.addEventListener("reset", (event) => { event.preventDefault(); clearHighlights(); clearFilters(); replaceAddress(""); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", (event) => { if (event.state) restore(event.state); else followFragment(location.hash); });

  root.classList.add("js");
  panes.dataset.view = "brief";
  for (const element of queryAll(cards.length ? ".switch, .filters, .keys, .arrange" : ".switch")) element.hidden = false;
  if (form) fillFilters();
  const savedState = history.state; // set if the page is reloaded
  applyFilters();
  if (savedState) restore(savedState);
  else followFragment(location.hash);
})();
