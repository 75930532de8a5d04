/* The address, the panes, the filters and the selection. */
let sentence = null; // the sentence that the positions are filtered by
let highlighted = []; // pairs of element and class
let selected = null;

const highlight = (element, name) => {
  element.classList.add(name);
  highlighted.push([element, name]);
};
const clearHighlights = () => {
  for (const [element, name] of highlighted) element.classList.remove(name);
  if (selected) selected.removeAttribute("aria-current");
  highlighted = [];
  selected = null;
};
const announce = (text) => {
  byId("announcement").textContent = text;
};
/* The address holds the selection, and the history the filters, so that Back restores both. */
const setOptions = (name, first, entries) => {
  const select = form.elements[name];
  const chosen = select.value;
  select.replaceChildren(
    ...[["", first], ...entries].map(
      ([value, label]) =>
        new Option(label.length > 80 ? `${label.slice(0, 79)}…` : label, value, false, value === chosen),
    ),
  );
};
const fillFilters = () => {
  const all = keptCards().map(facetsOf);
  const holders = [...new Set(all.flatMap((facets) => facets.holders))].map((key) => [key, people.get(key).label]);
  const issues = new Map(all.map((facets) => [facets.issue, titleOf(facets)]));
  const stances = Object.entries(STANCES).filter(([stance]) => all.some((facets) => facets.stance === stance));
  setOptions(
    "holder",
    "All holders",
    holders.sort((one, other) => one[1].localeCompare(other[1])),
  );
  setOptions(
    "issue",
    "All issues",
    [...issues].sort((one, other) => (one[0] === "0") - (other[0] === "0") || one[0] - other[0]),
  );
  setOptions(
    "stance",
    "All stances",
    stances.map(([stance, sign]) => [stance, `${sign} ${inWords(stance)}`]),
  );
};
const readFilters = () => Object.fromEntries(new FormData(form));
const saveAddress = (how, fragment) => {
  const state = { view: panes.dataset.view, filters: readFilters(), sentence, arrangement };
  try {
    history[how](state, "", fragment || location.pathname + location.search);
  } catch {
    /* not allowed in some frames */
  }
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
  for (const button of queryAll(".switch button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  window.scrollTo(0, scrollPositions[name]);
  saveState();
};

const scrollToElement = (element, block) => {
  const box = element.getBoundingClientRect();
  const above = isNarrow() || root.clientWidth < 992 ? 0 : 70;
  if (block === "nearest" && box.top >= above && box.bottom <= root.clientHeight) return;
  element.scrollIntoView({ block: box.height > root.clientHeight * 0.7 ? "start" : "center" });
};

const openFold = (element) => {
  const fold = element.closest(".more");
  if (fold) fold.open = true;
};
const selectClaim = (claim, { show = true, address = pushAddress } = {}) => {
  clearHighlights();
  address(`#${claim.id}`);
  openFold(claim);
  selected = claim;
  highlight(claim, "on");
  claim.setAttribute("aria-current", "true");
  const numbers = splitWords(claim.dataset.sentences);
  for (const mark of numbers.flatMap((number) => marksBySentence.get(number) || [])) highlight(mark, "on");
  for (const span of phrasesByClaim.get(claim.id) || []) highlight(span, "exact");
  const first = (marksBySentence.get(numbers[0]) || [])[0];
  if (show && first) {
    showPane("article");
    scrollToElement(first, "nearest");
  }
  const [noun, verb] = numbers.length > 1 ? ["Sentences", "are"] : ["Sentence", "is"];
  announce(numbers.length ? `${noun} ${numbers.join(", ")} of the article ${verb} highlighted.` : "");
};

const applyFilters = () => {
  const { holder, issue, stance } = readFilters();
  let shown = 0;
  const all = keptCards();
  for (const card of all) {
    const facets = facetsOf(card);
    const isShown =
      (!holder || facets.holders.includes(holder)) &&
      (!issue || facets.issue === issue) &&
      (!stance || facets.stance === stance) &&
      (!sentence || facets.sentences.has(sentence));
    card.hidden = !isShown;
    shown += isShown;
  }
  for (const container of queryAll(".holder, .side, .group")) {
    container.hidden = !container.querySelector(".card:not([hidden])");
  }
  for (const others of queryAll(".also")) {
    const isShown = queryAll("a", others).some((link) => !byId(link.hash.slice(1)).hidden);
    if (isShown) others.parentElement.hidden = false;
  }
  for (const fold of folds) {
    fold.hidden = fold.matches(".list") && !fold.querySelector(".card:not([hidden])");
    if (shown < all.length && fold.querySelector(".group .card:not([hidden])")) fold.open = true;
  }
  byId("no-match").hidden = shown > 0 || !cards.length;
  byId("no-match").textContent = all.length ? "No position matches these filters." : "All positions are dropped.";
  const suffix = sentence ? ` on sentence ${sentence}` : "";
  form.querySelector(".count").textContent =
    shown === all.length ? plural(shown, "position") : `${shown} of ${all.length}${suffix}`;
  form.querySelector("button").hidden = shown === all.length && !holder && !issue && !stance && !sentence;
  for (const cell of queryAll(".cell.on")) cell.classList.remove("on");
  const chosen = holder && issue ? queryAll(`.cell[data-holder="${holder}"][data-issue="${issue}"]`) : [];
  for (const cell of chosen) {
    const isChosen = !stance || !cell.dataset.stance || stance === cell.dataset.stance;
    cell.classList.toggle("on", isChosen);
  }
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
  const claimsHere = findCiting(number);
  if (!claimsHere.length) return false;
  address(`#s${number}`);
  setFilters({}, claimsHere.some((claim) => facetsByCard.has(claim)) ? number : null);
  selectClaim(claimsHere[0], { show: false, address: saveState });
  for (const mark of marksBySentence.get(number)) highlight(mark, "on");
  showPane("brief");
  claimsHere[0].focus({ preventScroll: true });
  scrollToElement(claimsHere[0], "center");
  announce(`Sentence ${number} is cited by ${plural(claimsHere.length, "item")} of the brief.`);
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
  arrange(state.arrangement || "issue");
  setFilters(state.filters, state.sentence);
  showPane(state.view);
  const target = byId(location.hash.slice(1));
  const number = target && target.matches("mark") ? target.dataset.s : "";
  const claim = number ? findCiting(number)[0] : target;
  if (!claim || !claim.matches(".claim, .uncited")) return;
  if (claim.matches(".uncited")) {
    selectStatement(claim, { address: saveState });
    return;
  }
  selectClaim(claim, { show: !isNarrow(), address: saveState });
  for (const mark of marksBySentence.get(number) || []) highlight(mark, "on");
  const shown =
    state.view === "brief" ? claim : marksBySentence.get(number || splitWords(claim.dataset.sentences)[0])[0];
  scrollToElement(shown, "nearest");
};
