/* The lists by issue and by holder are built from the facets of the cards, which corrections change. */
const buildTag = (key, stance = "none") => {
  const sign = stance === "none" ? "" : create("i", { textContent: STANCES[stance] });
  return create("span", { className: `tag ${stance}` }, people.get(key).mark, sign);
};
const groupBy = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) append(groups, keyOf(item), item);
  return [...groups.values()];
};
const firstSentence = (card) => Math.min(...facetsOf(card).sentences);
const compareCards = (one, other) => firstSentence(one) - firstSentence(other) || one.id.slice(1) - other.id.slice(1);
const inOrder = (held) => held.sort(compareCards);
const buildName = (key) => {
  const { name, label, about } = people.get(key);
  const words = create("bdi", { textContent: name });
  return create("b", { className: "name", title: about, data: { holder: key, label } }, words);
};
const buildGroup = (held) => {
  const { holders, stance } = facetsOf(held[0]);
  const tags = holders.map((key) => buildTag(key, stance));
  const names = holders.flatMap((key, index) => [index ? " and " : "", buildName(key)]);
  const hasMark = !SIDES[stance] && stance !== "none";
  const mark = hasMark ? [" ", create("span", { className: `stance ${stance}`, textContent: stance })] : [];
  const list = create("ol", {}, ...inOrder(held));
  for (const card of held) facetsOf(card).place = list;
  return create(
    "div",
    { className: "holder" },
    create("span", { className: "tags", ariaHidden: "true" }, ...tags),
    create("p", { className: "who" }, ...names, ...mark),
    list,
  );
};
const sideOf = (card) => SIDES[facetsOf(card).stance] || "Other";
const buildSide = (name, held) => {
  const { stance } = facetsOf(held[0]);
  const className = `stance ${stance in SIDES ? stance : "none"}`;
  const heading = name && create("h4", { className, textContent: name });
  const groups = groupBy(held, (card) => `${facetsOf(card).stance} ${facetsOf(card).holders}`);
  return create("div", { className: "side" }, heading, ...groups.map(buildGroup));
};
/* Build the sides of an issue anew. */
const fillSection = (section, held) => {
  const hasSides = held.some((card) => SIDES[facetsOf(card).stance]);
  const names = hasSides ? [...Object.values(SIDES), "Other"] : [""];
  const sides = names.map((name) => [name, held.filter((card) => !hasSides || name === sideOf(card))]);
  const filled = sides.filter(([, own]) => own.length);
  section.replaceChildren(section.firstElementChild, ...filled.map(([name, own]) => buildSide(name, own)));
};
const titleOf = (facets) => (facets.issue === "0" ? facets.heading : `${facets.issue}. ${facets.heading}`);
const buildHolderSide = (held) => {
  const facets = facetsOf(held[0]);
  const { stance } = facets;
  const others = facets.holders.slice(1).map((key) => people.get(key).name);
  const words = [titleOf(facets)];
  if (stance !== "none") words.push(`${STANCES[stance]} ${stance}`);
  if (others.length) words.push(`with ${others.join(", ")}`);
  return create(
    "div",
    { className: "side" },
    create("h4", { className: `stance ${stance}`, textContent: words.join(" · ") }),
    create("ol", {}, ...inOrder(held)),
  );
};
/* Return the positions of a holder, and links to those that stand below another holder. */
const buildHolder = (key, held, isKnown) => {
  const { name, about } = people.get(key);
  const own = held.filter((card) => facetsOf(card).holders[0] === key);
  const others = held.filter((card) => facetsOf(card).holders[0] !== key);
  const sides = groupBy(own, (card) => `${facetsOf(card).issue} ${facetsOf(card).stance} ${facetsOf(card).holders}`);
  const links = others.flatMap((card, index) => [
    index ? ", " : "Also: ",
    create("a", { href: `#${card.id}`, textContent: card.id }),
    ` with ${people.get(facetsOf(card).holders[0]).name}`,
  ]);
  const role = create("span", { className: "about", textContent: about && !isKnown ? ` ${about}` : "" });
  const heading = create(
    "h3",
    {},
    create("span", { className: "number" }, buildTag(key)),
    create("span", {}, create("bdi", { textContent: name }), role),
  );
  return create(
    "div",
    { className: "group by-holder", role: "group", ariaLabel: name },
    heading,
    ...sides.map(buildHolderSide),
    links.length && create("p", { className: "also" }, ...links),
  );
};
let arrangement = "issue";
const correctedSections = new Set(); // the cards of the others go back to where they stood
/* Show the role of a holder once, beside the first name. */
const showRoles = () => {
  const known = new Set();
  for (const name of queryAll(".list .who .name")) {
    const { key, short } = people.get(name.dataset.holder);
    const next = name.nextElementSibling;
    const role = next && next.matches(".about") ? next : null;
    const isNew = short && !known.has(key);
    known.add(key);
    if (role && !isNew) role.remove();
    if (!role && isNew) name.after(" ", create("span", { className: "about" }, create("bdi", { textContent: short })));
  }
};
const fillByIssue = (held) => {
  const sections = groupBy(held, (card) => facetsOf(card).section);
  for (const own of sections) {
    const { section } = facetsOf(own[0]);
    if (correctedSections.has(section)) fillSection(section, own);
    else for (const card of own) facetsOf(card).place.append(card);
  }
  return sections.map((own) => facetsOf(own[0]).section);
};
const fillByHolder = (held, list) => {
  const known = new Set(queryAll(".by-holder", lists[0]).map((section) => section.ariaLabel));
  const isKnown = (key) => list !== lists[0] && known.has(people.get(key).name);
  const byHolder = new Map();
  for (const card of held) {
    for (const key of facetsOf(card).holders) append(byHolder, key, card);
  }
  const holders = [...byHolder].sort((one, other) => other[1].length - one[1].length);
  return holders.map(([key, own]) => buildHolder(key, own, isKnown(key)));
};
const fillLists = () => {
  const fill = arrangement === "issue" ? fillByIssue : fillByHolder;
  for (const list of lists) {
    const held = keptCards().filter((card) => facetsOf(card).list === list);
    for (const old of queryAll(".group", list)) old.remove(); // first: cards move faster outside of the document
    list.append(...fill(held, list));
  }
  if (correctedSections.size) showRoles();
};
/* Show the cards of a section after a correction. */
const refillLists = (section) => {
  const held = keptCards().filter((card) => facetsOf(card).section === section);
  correctedSections.add(section);
  if (!held.length || !section.isConnected) {
    fillLists();
    return;
  }
  fillSection(section, held);
  showRoles();
};
const arrange = (how) => {
  if (how === arrangement || !cards.length) return;
  arrangement = how;
  for (const button of queryAll(".arrange button")) {
    button.setAttribute("aria-pressed", String(button.dataset.arrange === how));
  }
  fillLists();
  applyFilters();
  if (selected) scrollToElement(selected, "nearest");
};
