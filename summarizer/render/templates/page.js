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
  const lists = queryAll(".list");
  const form = document.querySelector(".filters");
  const panes = document.querySelector(".panes");
  const marksBySentence = new Map(); // by sentence number
  const phrasesByClaim = new Map(); // by claim id
  const claimsBySentence = new Map(); // by sentence number
  for (const mark of queryAll("mark")) append(marksBySentence, mark.dataset.s, mark);
  for (const span of queryAll("[data-p]")) for (const id of splitWords(span.dataset.p)) append(phrasesByClaim, id, span);
  for (const claim of claims) for (const number of splitWords(claim.dataset.sentences)) append(claimsBySentence, number, claim);
  const STANCES = { agrees: "+", disagrees: "−", mixed: "±", neutral: "=", unclear: "?", none: "•" };
  const SIDES = { agrees: "For", disagrees: "Against" };
  const MAX_MARKS = 6; // of holders beside a sentence
  const create = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    Object.assign(element.dataset, properties.data);
    element.append(...children.filter(Boolean));
    return element;
  };
  const facetsByCard = new Map(cards.map((card, order) => [card, {
    order,
    holders: splitWords(card.dataset.holders),
    sentences: new Set(splitWords(card.dataset.sentences)),
    context: new Set(splitWords(card.dataset.context)), // sentences without the holder's words
    stance: card.dataset.stance,
    section: card.closest(".group"),
    issue: card.closest(".group").dataset.issue,
    heading: card.closest(".group").querySelector(".heading").textContent,
    list: card.closest(".list"),
  }]));
  const people = new Map(); // by key of the holder
  for (const holder of queryAll(".holder")) {
    const marks = queryAll(".tag", holder);
    queryAll(".who .name", holder).forEach((name, index) => {
      const { holder: key, label } = name.dataset;
      const about = name.nextElementSibling;
      if (!people.has(key)) people.set(key, { key, label, name: name.textContent, about: name.title, short: about && about.matches(".about") ? about.textContent : "", mark: marks[index].firstChild.data });
    });
  }
  const facetsOf = (card) => facetsByCard.get(card);
  const isDropped = (claim) => facetsByCard.has(claim) && facetsOf(claim).isDropped;
  const kept = () => cards.filter((card) => !isDropped(card));
  const citing = (number) => (claimsBySentence.get(number) || []).filter((claim) => !isDropped(claim));

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
  const setOptions = (name, first, entries) => {
    const select = form.elements[name];
    const chosen = select.value;
    select.replaceChildren(...[["", first], ...entries].map(([value, label]) => new Option(label.length > 80 ? `${label.slice(0, 79)}…` : label, value, false, value === chosen)));
  };
  const fillFilters = () => {
    const all = kept().map(facetsOf);
    const holders = [...new Set(all.flatMap((facets) => facets.holders))].map((key) => [key, people.get(key).label]);
    const issues = new Map(all.map(({ issue, heading }) => [issue, issue === "0" ? heading : `${issue}. ${heading}`]));
    const stances = Object.entries(STANCES).filter(([stance]) => all.some((facets) => facets.stance === stance));
    setOptions("holder", "All holders", holders.sort((one, other) => one[1].localeCompare(other[1])));
    setOptions("issue", "All issues", [...issues].sort((one, other) => (one[0] === "0") - (other[0] === "0") || one[0] - other[0]));
    setOptions("stance", "All stances", stances.map(([stance, sign]) => [stance, `${sign} ${stance === "none" ? "no stance" : stance}`]));
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
    const all = kept();
    for (const card of all) {
      const facets = facetsOf(card);
      const isShown = (!holder || facets.holders.includes(holder)) && (!issue || facets.issue === issue)
        && (!stance || facets.stance === stance) && (!sentence || facets.sentences.has(sentence));
      card.hidden = !isShown;
      shown += isShown;
    }
    for (const container of queryAll(".holder, .side, .group")) {
      const also = queryAll(".also a", container).map((link) => byId(link.hash.slice(1)));
      container.hidden = !container.querySelector(".card:not([hidden])") && also.every((card) => card.hidden);
    }
    for (const fold of folds) {
      fold.hidden = fold.matches(".list") && !fold.querySelector(".card:not([hidden])");
      if (shown < all.length && fold.querySelector(".group .card:not([hidden])")) fold.open = true;
    }
    byId("no-match").hidden = shown > 0 || !all.length;
    const suffix = sentence ? ` on sentence ${sentence}` : "";
    form.querySelector(".count").textContent = shown === all.length ? `${shown} position${shown === 1 ? "" : "s"}` : `${shown} of ${all.length}${suffix}`;
    form.querySelector("button").hidden = shown === all.length && !holder && !issue && !stance && !sentence;
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
    const claimsHere = citing(number);
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

  /* The lists by issue and by holder are built from the facets of the cards, which corrections change. */
  const buildTag = (key, stance = "") => create("span", { className: `tag ${stance || "none"}` }, people.get(key).mark, stance && stance !== "none" ? create("i", { textContent: STANCES[stance] }) : "");
  const groupBy = (items, keyOf) => {
    const groups = new Map();
    for (const item of items) append(groups, keyOf(item), item);
    return [...groups.values()];
  };
  const inOrder = (held) => held.sort((one, other) => Math.min(...facetsOf(one).sentences) - Math.min(...facetsOf(other).sentences) || one.id.slice(1) - other.id.slice(1));
  const buildGroup = (held) => {
    const { holders, stance } = facetsOf(held[0]);
    const names = holders.flatMap((key, index) => {
      const { name, label, about } = people.get(key);
      return [index ? " and " : "", create("b", { className: "name", title: about, data: { holder: key, label } }, create("bdi", { textContent: name }))];
    });
    const beside = !SIDES[stance] && stance !== "none" ? [" ", create("span", { className: `stance ${stance}`, textContent: stance })] : [];
    return create("div", { className: "holder" }, create("span", { className: "tags", ariaHidden: "true" }, ...holders.map((key) => buildTag(key, stance))), create("p", { className: "who" }, ...names, ...beside), create("ol", {}, ...inOrder(held)));
  };
  const fillSection = (section, held) => {
    const hasSides = held.some((card) => SIDES[facetsOf(card).stance]);
    const sides = (hasSides ? [...Object.values(SIDES), "Other"] : [""]).map((name) => [name, held.filter((card) => !hasSides || name === (SIDES[facetsOf(card).stance] || "Other"))]);
    section.replaceChildren(section.firstElementChild, ...sides.filter(([, own]) => own.length).map(([name, own]) => create("div", { className: "side" },
      name && create("h4", { className: `stance ${facetsOf(own[0]).stance in SIDES ? facetsOf(own[0]).stance : "none"}`, textContent: name }),
      ...groupBy(own, (card) => `${facetsOf(card).stance} ${facetsOf(card).holders}`).map(buildGroup))));
    return section;
  };
  const buildHolder = (key, held, isKnown) => {
    const { name, about } = people.get(key);
    const own = held.filter((card) => facetsOf(card).holders[0] === key);
    const also = held.filter((card) => !own.includes(card)).flatMap((card, index) => [index ? ", " : "Also: ", create("a", { href: `#${card.id}`, textContent: card.id }), ` with ${people.get(facetsOf(card).holders[0]).name}`]);
    const sides = groupBy(own, (card) => `${facetsOf(card).issue} ${facetsOf(card).stance} ${facetsOf(card).holders}`).map((each) => {
      const { heading, issue, stance, holders } = facetsOf(each[0]);
      const words = [issue === "0" ? heading : `${issue}. ${heading}`, ...(stance === "none" ? [] : [`${STANCES[stance]} ${stance}`]), ...(holders.length > 1 ? [`with ${holders.slice(1).map((each) => people.get(each).name).join(", ")}`] : [])];
      return create("div", { className: "side" }, create("h4", { className: `stance ${stance}`, textContent: words.join(" · ") }), create("ol", {}, ...inOrder(each)));
    });
    const heading = create("h3", {}, create("span", { className: "number" }, buildTag(key)), create("span", {}, create("bdi", { textContent: name }), create("span", { className: "about", textContent: about && !isKnown ? ` ${about}` : "" })));
    return create("div", { className: "group by-holder", role: "group", ariaLabel: name }, heading, ...sides, also.length && create("p", { className: "also" }, ...also));
  };
  let arrangement = "issue";
  /* Roles stand once, beside the first name. */
  const introduce = () => {
    const known = new Set();
    for (const name of queryAll(".list .who .name")) {
      const { short } = people.get(name.dataset.holder);
      const beside = name.nextElementSibling;
      const isNew = short && !known.has(name.dataset.holder);
      known.add(name.dataset.holder);
      if (beside && beside.matches(".about")) { if (!isNew) beside.remove(); } else if (isNew) name.after(" ", create("span", { className: "about" }, create("bdi", { textContent: short })));
    }
  };
  const fillLists = (changed) => {
    const all = kept();
    const inChanged = all.filter((card) => facetsOf(card).section === changed);
    if (inChanged.length && changed.isConnected) fillSection(changed, inChanged);
    else for (const list of lists) {
      const known = new Set(queryAll(".by-holder", lists[0]).map((each) => each.ariaLabel));
      const held = all.filter((card) => facetsOf(card).list === list);
      const byHolder = new Map();
      for (const card of held) for (const key of facetsOf(card).holders) append(byHolder, key, card);
      const sections = arrangement === "issue"
        ? groupBy(held, (card) => facetsOf(card).section).map((own) => fillSection(facetsOf(own[0]).section, own))
        : [...byHolder].sort((one, other) => other[1].length - one[1].length).map(([key, own]) => buildHolder(key, own, list !== lists[0] && known.has(people.get(key).name)));
      for (const old of queryAll(".group", list)) old.remove();
      list.append(...sections);
    }
    introduce();
  };

  /* Sides, matrix, legend and margin are built anew after a correction. */
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const inWords = (stance) => (stance === "none" ? "no stance" : stance);
  const isDecided = (card) => !["none", "unclear"].includes(facetsOf(card).stance);
  const stancesOf = (held) => Object.keys(STANCES).filter((stance) => held.some((card) => facetsOf(card).stance === stance));
  const buildSign = (stance) => create("span", { className: `sign ${stance}`, textContent: STANCES[stance] });
  const buildKey = (stance) => create("span", {}, buildSign(stance), ` ${inWords(stance)}`);
  const buildCell = (key, stance, href, data) => create("a", { className: "cell", href, title: people.get(key).about, data: { holder: key, ...data } }, buildTag(key, stance), " ", create("bdi", { textContent: people.get(key).label }));
  /* Return who holds what, once; of a holder with a side, not what has none. */
  const findStands = (held) => {
    const found = new Map();
    const heard = new Set();
    for (const card of [...held].sort((one, other) => isDecided(other) - isDecided(one))) {
      const { holders, stance } = facetsOf(card);
      for (const key of holders) {
        if (found.has(`${key} ${stance}`) || (heard.has(key) && !isDecided(card))) continue;
        found.set(`${key} ${stance}`, { key, stance, card });
        heard.add(key);
      }
    }
    return [...found.values()];
  };
  const countHolders = (held, nameOf = (key) => key) => {
    const counts = new Map();
    for (const card of held) for (const key of facetsOf(card).holders) counts.set(nameOf(key), (counts.get(nameOf(key)) || 0) + 1);
    return [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0] || 0).map(([each]) => each);
  };
  const buildSides = (held, holders, stances) => create("dl", {}, ...stances.flatMap((stance) => {
    const found = findStands(held).filter((each) => each.stance === stance).sort((one, other) => holders.indexOf(one.key) - holders.indexOf(other.key));
    const name = SIDES[stance] || inWords(stance);
    return found.length ? [create("dt", { className: `stance ${stance}`, textContent: name[0].toUpperCase() + name.slice(1) }), create("dd", {}, ...found.map(({ key, card }) => buildCell(key, stance, `#${card.id}`, { issue: facetsOf(card).issue, stance })))] : [];
  }));
  const buildTable = (issues, holders) => {
    const rows = issues.map((held) => {
      const { issue, heading } = facetsOf(held[0]);
      const cells = holders.map((key) => {
        const own = held.filter((card) => facetsOf(card).holders.includes(key));
        if (!own.length) return create("td");
        const words = `${people.get(key).label}: ${stancesOf(own).map(inWords).join(", ")}, ${plural(own.length, "position")}`;
        return create("td", {}, create("a", { className: "cell", href: `#${own[0].id}`, ariaLabel: words, title: words, data: { holder: key, issue } }, ...stancesOf(own).map(buildSign)));
      });
      return create("tr", {}, create("th", { scope: "row" }, create("a", { href: `#issue-${issue}`, title: heading }, create("span", { className: "number", textContent: issue }), " ", create("span", { dir: "auto", lang: document.querySelector("article").lang, textContent: heading }))), ...cells);
    });
    const heads = holders.map((key) => create("th", { scope: "col", title: [people.get(key).label, people.get(key).about].filter(Boolean).join(", ") }, create("span", { textContent: people.get(key).label })));
    return create("table", {}, create("thead", {}, create("tr", {}, create("td"), ...heads)), create("tbody", {}, ...rows));
  };
  const fillOverview = () => {
    const held = kept().filter((card) => facetsOf(card).issue !== "0");
    const old = document.querySelector(".stands, .matrix");
    const stances = stancesOf(held);
    const issues = groupBy(held.sort((one, other) => facetsOf(one).issue - facetsOf(other).issue), (card) => facetsOf(card).issue);
    const holders = countHolders(held);
    const title = create("h2", { id: "matrix", textContent: "Who stands where" });
    const legend = create("p", { className: "legend" }, ...stances.map(buildKey));
    const fold = old && old.querySelector("details");
    const isTable = issues.length > 1;
    const section = create("section", { className: isTable ? `matrix${holders.length <= 7 ? " few" : ""}${holders.length > 24 ? " wide" : ""}` : "stands" }, title, isTable
      ? create("details", { open: !fold || fold.open }, create("summary", { textContent: `${plural(holders.length, "holder")}, ${plural(issues.length, "issue")}` }), create("div", { className: "table", tabIndex: 0, role: "group", ariaLabel: "Table, scrolls sideways" }, buildTable(issues, holders)), legend)
      : buildSides(held, holders, stances));
    section.setAttribute("aria-labelledby", "matrix");
    if (old) old.remove();
    if (stances.some((stance) => stance !== "none")) document.querySelector("#brief > header").after(section);
  };
  const fillLegend = () => {
    const all = kept();
    document.querySelector(".key .legend").replaceChildren(...stancesOf(all).filter((stance) => stance !== "none").map(buildKey), ...countHolders(all).map((key) => buildCell(key, "", "#positions")));
  };
  const fillMargin = (number) => {
    const link = byId(`s${number}`).previousElementSibling; // the number
    const before = link.previousElementSibling;
    const items = citing(number);
    const found = findStands(items.filter((claim) => facetsByCard.has(claim) && !facetsOf(claim).context.has(number)));
    const speakers = found.slice(0, MAX_MARKS).map(({ key, stance, card }) => {
      const { label, mark } = people.get(key);
      const sign = stance === "none" ? "" : STANCES[stance];
      return create("a", { className: "speaker", href: `#${card.id}`, ariaLabel: `${mark}${sign}: ${label}, ${inWords(stance)}, position ${card.id}`, title: `${label}: ${inWords(stance)}` }, buildTag(key, stance));
    });
    if (before && before.matches(".by")) before.remove();
    if (found.length) link.before(create("span", { className: "by" }, ...speakers, found.length > MAX_MARKS && create("span", { className: "tag none", textContent: `+${found.length - MAX_MARKS}` })));
    link.ariaLabel = `sentence ${number}, cited by ${plural(items.length, "item")} of the brief`;
    if (items.length) link.href = `#${items[0].id}`; else link.removeAttribute("href");
    for (const part of marksBySentence.get(number)) part.classList.toggle("free", !items.length);
  };
  const describeFold = (held) => {
    const issues = new Set(held.map((card) => facetsOf(card).issue).filter((issue) => issue !== "0")).size;
    const names = countHolders(held, (key) => people.get(key).name);
    const listed = names.length > 2 ? [...names.slice(0, 2), plural(names.length - 2, "other")] : names;
    return `${plural(held.length, "more position")}${issues ? ` on ${plural(issues, "issue")}` : ""}, of ${[listed.slice(0, -1).join(", "), listed.at(-1)].filter(Boolean).join(" and ")}`;
  };
  /* Show what a new page of the corrected brief shows. */
  const followCorrection = ({ section, sentences }) => {
    fillLists(section);
    fillOverview();
    fillLegend();
    for (const number of sentences) fillMargin(number);
    for (const fold of folds.filter((each) => each.matches(".list"))) fold.querySelector("summary").textContent = describeFold(kept().filter((card) => facetsOf(card).list === fold));
    fillFilters();
    applyFilters();
  };
  const arrange = (how) => {
    if (how === arrangement || !cards.length) return;
    arrangement = how;
    for (const button of queryAll(".arrange button")) button.setAttribute("aria-pressed", String(button.dataset.arrange === how));
    fillLists();
    applyFilters();
    if (selected) scrollToElement(selected, "nearest");
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
    const claim = number ? citing(number)[0] : target;
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
    const facets = facetsOf(card);
    const stance = facets.stance !== "none" ? `${facets.stance}: ${facets.heading}` : "";
    const numbers = splitWords(card.dataset.sentences);
    const source = [text("h1", document), byline(), `sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`];
    const names = facets.holders.map((key) => [people.get(key).name.trim(), people.get(key).about].filter(Boolean).join(", "));
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
    else if (link && link.hash.startsWith("#issue-")) handle(() => { arrange("issue"); clearFilters(); showPane("brief"); const heading = byId(link.hash.slice(1)); openFold(heading); heading.scrollIntoView(); });
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
    const shown = queryAll(".card:not([hidden], .dropped *)").filter((item) => !item.closest(".holder[hidden]"));
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
  const holderLabels = stored ? stored.holders.map((holder, index) => (people.get(String(index + 1)) || {}).label || holder.name || holder.role || `Holder ${index + 1}`) : [];
  const indexOf = (card) => Number(card.dataset.index);
  const original = (index) => {
    const { holders, stance, statement } = stored.positions[index];
    const names = holders.map((id) => holderLabels[stored.holders.findIndex((holder) => holder.id === id)]);
    return { holders: names.join("; "), stance, statement, drop: false };
  };
  const dropped = create("details", { className: "more dropped", hidden: true }, create("summary"), create("ol"));
  /* Return the key of a holder by the label in the form; a new holder gets a mark as `holder_marks` gives it. */
  const keyOf = (label) => {
    const known = [...people.values()].find((each) => each.label === label);
    if (known) return known.key;
    const place = holderLabels.indexOf(label);
    const { name, role, affiliation } = stored.holders[place] || {};
    const about = [role, affiliation].filter((part) => part && !label.endsWith(part)).join(", ");
    const key = String(place < 0 ? Math.max(stored.holders.length, ...people.keys()) + 1 : place + 1);
    people.set(key, { key, label, name: name || label, about, short: about, mark: findMark(label) });
    return key;
  };
  const findMark = (name) => {
    const words = name.replace(/^(?:An?|The) /i, "").match(/\p{L}[\p{L}\p{N}_]*/gu) || ["?"];
    const capitals = words.filter((word) => /^\p{Lu}/u.test(word));
    const parts = capitals.length > 1 ? capitals : words;
    const first = parts[0][0].toUpperCase() + parts[0].slice(1);
    const last = parts.at(-1);
    const marks = parts.length > 1 ? [first[0] + last[0], first[0] + last.slice(0, 2), first.slice(0, 2) + last.slice(0, 2)] : [first.slice(0, 3), first.slice(0, 4)];
    const taken = new Set([...people.values()].map((each) => each.mark));
    for (let number = 2; ; number += 1) {
      const free = marks.find((mark) => !taken.has(mark));
      if (free) return free;
      marks.push(`${marks[0]}${number}`);
    }
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
    const index = indexOf(card);
    const before = original(index);
    const fields = editor.elements;
    const after = { holders: fields.holders.value.split(";").map((name) => name.trim()).filter(Boolean).join("; ") || before.holders, stance: fields.stance.value, statement: fields.statement.value.trim() || before.statement, drop: fields.drop.checked };
    const isChanged = Object.keys(after).some((name) => after[name] !== before[name]);
    if (isChanged) corrections.set(index, after); else corrections.delete(index);
    correctCard(card, after, isChanged);
    unsaved = corrections.size > 0;
    document.querySelector(".save").hidden = !unsaved;
    document.querySelector(".unsaved").textContent = unsaved ? `${plural(corrections.size, "correction")}, not saved.` : "";
    editor.hidden = true;
    const isShown = card.checkVisibility();
    (isShown ? card.querySelector(".edit") : after.drop ? dropped.firstChild : byId("positions")).focus({ preventScroll: true });
    if (isShown) scrollToElement(card, "nearest");
  };
  const correctCard = (card, after, isChanged) => {
    const facets = facetsOf(card);
    const { issue, corrected, evidence } = stored.positions[indexOf(card)];
    const words = card.querySelector(".statement").lastChild;
    facets.shown = facets.shown || words.data;
    words.data = isChanged ? after.statement.replace(/\s+/g, " ") : facets.shown;
    facets.holders = [...new Set(after.holders.split("; ").map(keyOf))];
    facets.stance = !issue || (after.stance === "unclear" && stored.provenance.engine !== "model") ? "none" : after.stance;
    facets.isDropped = after.drop;
    const note = card.querySelector(".edited");
    if (isChanged && !note) card.querySelector(".tools").before(create("span", { className: "edited", textContent: "corrected" }));
    if (!isChanged && note && !corrected) note.remove();
    const isSuspicious = evidence.some((item) => item.suspicious);
    queryAll(".check", card).forEach((check, index) => { check.hidden = isChanged && index >= isSuspicious; }); // made for the old words
    dropped.lastChild.replaceChildren(...cards.filter(isDropped));
    dropped.firstChild.textContent = `${plural(dropped.lastChild.children.length, "dropped position")}`;
    dropped.hidden = !dropped.lastChild.children.length;
    followCorrection(facets);
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
    document.querySelector(".save").before(dropped);
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
