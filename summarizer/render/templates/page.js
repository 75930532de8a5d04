"use strict";
(() => {
  const root = document.documentElement;
  const queryAll = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const splitWords = (text) => (text || "").split(" ").filter(Boolean);
  const byId = (id) => document.getElementById(id);
  const append = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));

  const claims = [...queryAll(".card.claim"), ...queryAll(".gist.claim")]; // the gist comes last: other claims take precedence
  const cards = queryAll(".group .card");
  const containers = queryAll(".holder, .side, .group"); // the inner ones first
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
    const stances = new Map(cards.map((card) => [card.dataset.stance, card.closest(".holder").dataset.sign]));
    const order = ["agrees", "disagrees", "mixed", "neutral", "unclear", "none"].filter((stance) => stances.has(stance));
    addOptions("holder", "All holders", [...holders].sort((one, other) => one[1].localeCompare(other[1])));
    addOptions("issue", "All issues", [...issues].sort((one, other) => (one[0] === "0") - (other[0] === "0") || one[0] - other[0]).map(([key, words]) => [key, key === "0" ? words : `${key}. ${words}`]));
    addOptions("stance", "All stances", order.map((stance) => [stance, `${stances.get(stance)} ${stance === "none" ? "no stance" : stance}`]));
  };
  const readFilters = () => Object.fromEntries(new FormData(form));
  const saveAddress = (how, fragment) => {
    const state = { view: panes.dataset.view, filters: readFilters(), sentence };
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
    for (const container of containers) container.hidden = !container.querySelector(".card:not([hidden])");
    for (const fold of folds) {
      fold.hidden = fold.querySelector(".group") && !fold.querySelector(".card:not([hidden])");
      if (shown < cards.length && fold.querySelector(".group .card:not([hidden])")) fold.open = true;
    }
    const suffix = sentence ? ` on sentence ${sentence}` : "";
    form.querySelector(".count").textContent = shown === cards.length ? `${shown} position${shown === 1 ? "" : "s"}` : `${shown} of ${cards.length}${suffix}`;
    form.querySelector("button").hidden = shown === cards.length && !holder && !issue && !stance && !sentence;
    for (const cell of queryAll("td a.on")) cell.classList.remove("on");
    for (const cell of holder && issue ? queryAll(`td a[data-holder="${holder}"][data-issue="${issue}"]`) : []) cell.classList.add("on");
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

  const textToCopy = (card) => {
    const text = (selector, within = card) => queryAll(selector, within).map((item) => item.textContent.trim()).join(" ");
    const heading = card.closest(".group") && text(".heading", card.closest(".group"));
    const stance = card.dataset.stance && card.dataset.stance !== "none" ? `${card.dataset.stance}: ${heading}` : "";
    const numbers = splitWords(card.dataset.sentences);
    const source = [text("h1", document), text(".byline", document), `sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`];
    const names = queryAll(".name", card.closest(".holder").querySelector(".who")).map((name) => [name.textContent.trim(), name.title].filter(Boolean).join(", "));
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
    const card = cardToCopy || (getSelection().isCollapsed && selected && facetsByCard.has(selected) ? selected : null);
    if (!card) return;
    event.clipboardData.setData("text/plain", textToCopy(card));
    event.preventDefault();
    cardToCopy = null;
  });

  document.addEventListener("click", (event) => {
    const closest = (selector) => event.target.closest(selector);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!closest("a, button") && !getSelection().isCollapsed) return; // text is being selected
    const handle = (work) => { event.preventDefault(); work(); };
    const button = closest("button");
    if (button) {
      if (button.matches(".copy")) copyCard(closest(".card"));
      else if (button.matches(".switch button")) showPane(button.dataset.view);
      return;
    }
    const cell = closest("td a");
    const mark = closest("[data-s]");
    const claim = closest(".claim");
    const link = closest("a");
    if (link && !link.getAttribute("href").startsWith("#")) return; // leaves the page
    if (cell) handle(() => filterByCell({ holder: cell.dataset.holder, issue: cell.dataset.issue }));
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
  for (const element of queryAll(cards.length ? ".switch, .filters, .keys" : ".switch")) element.hidden = false;
  if (form) fillFilters();
  const savedState = history.state; // set if the page is reloaded
  applyFilters();
  if (savedState) restore(savedState);
  else followFragment(location.hash);
})();
