/* The overview, the legend and the margin of the article, which are built anew after a correction. */
const buildCell = (key, stance, href, data) => {
  const { about, label } = people.get(key);
  const properties = { className: "cell", href, title: about, data: { holder: key, ...data } };
  return create("a", properties, buildTag(key, stance), " ", create("bdi", { textContent: label }));
};
/* Return who holds what, once; of a holder with a side, not what has none. */
const findSpeakers = (held) => {
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
  for (const card of held) {
    for (const key of facetsOf(card).holders) counts.set(nameOf(key), (counts.get(nameOf(key)) || 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0] || 0).map(([each]) => each);
};
const capitalise = (words) => words[0].toUpperCase() + words.slice(1);
/* Return who stands where on the only issue. */
const buildSides = (held, holders, stances) => {
  const sides = create("dl");
  const speakers = findSpeakers(held).sort((one, other) => holders.indexOf(one.key) - holders.indexOf(other.key));
  for (const stance of stances) {
    const found = speakers.filter((each) => each.stance === stance);
    if (!found.length) continue;
    const name = SIDES[stance] || inWords(stance);
    const cells = found.map(({ key, card }) =>
      buildCell(key, stance, `#${card.id}`, { issue: facetsOf(card).issue, stance }),
    );
    sides.append(create("dt", { className: `stance ${stance}`, textContent: capitalise(name) }));
    sides.append(create("dd", {}, ...cells));
  }
  return sides;
};
const buildTableCell = (key, issue, held) => {
  const stances = stancesOf(held);
  const words = `${people.get(key).label}: ${stances.map(inWords).join(", ")}, ${plural(held.length, "position")}`;
  const properties = { className: "cell", href: `#${held[0].id}`, ariaLabel: words, title: words };
  return create("a", { ...properties, data: { holder: key, issue } }, ...stances.map(buildSign));
};
const buildRow = (held, holders) => {
  const { issue, heading } = facetsOf(held[0]);
  const language = document.querySelector("article").lang;
  const number = create("span", { className: "number", textContent: issue });
  const words = create("span", { dir: "auto", lang: language, textContent: heading });
  const link = create("a", { href: `#issue-${issue}`, title: heading }, number, " ", words);
  const cells = holders.map((key) => {
    const own = held.filter((card) => facetsOf(card).holders.includes(key));
    return create("td", {}, own.length && buildTableCell(key, issue, own));
  });
  return create("tr", {}, create("th", { scope: "row" }, link), ...cells);
};
const buildTable = (issues, holders) => {
  const heads = holders.map((key) => {
    const { label, about } = people.get(key);
    const title = [label, about].filter(Boolean).join(", ");
    return create("th", { scope: "col", title }, create("span", { textContent: label }));
  });
  const rows = issues.map((held) => buildRow(held, holders));
  const head = create("thead", {}, create("tr", {}, create("td"), ...heads));
  return create("table", {}, head, create("tbody", {}, ...rows));
};
const buildMatrix = (issues, holders, stances, isOpen) => {
  const extent = `${plural(holders.length, "holder")}, ${plural(issues.length, "issue")}`;
  const frame = { className: "table", tabIndex: 0, role: "group", ariaLabel: "Table, scrolls sideways" };
  return create(
    "details",
    { open: isOpen },
    create("summary", { textContent: extent }),
    create("div", frame, buildTable(issues, holders)),
    create("p", { className: "legend" }, ...stances.map(buildKey)),
  );
};
const fillOverview = () => {
  const held = keptCards().filter((card) => facetsOf(card).issue !== "0");
  held.sort((one, other) => facetsOf(one).issue - facetsOf(other).issue);
  const old = document.querySelector(".stands, .matrix");
  const fold = old && old.querySelector("details");
  const stances = stancesOf(held);
  const issues = groupBy(held, (card) => facetsOf(card).issue);
  const holders = countHolders(held);
  if (old) old.remove();
  if (stances.every((stance) => stance === "none")) return;
  const section = create("section", {}, create("h2", { id: "matrix", textContent: "Who stands where" }));
  section.setAttribute("aria-labelledby", "matrix");
  if (issues.length > 1) {
    section.className = "matrix";
    section.classList.toggle("few", holders.length <= 7);
    section.classList.toggle("wide", holders.length > 24);
    section.append(buildMatrix(issues, holders, stances, !fold || fold.open));
  } else {
    section.className = "stands";
    section.append(buildSides(held, holders, stances));
  }
  document.querySelector("#brief > header").after(section);
};
const fillLegend = () => {
  const all = keptCards();
  const stances = stancesOf(all).filter((stance) => stance !== "none");
  const holders = countHolders(all).map((key) => buildCell(key, "none", "#positions"));
  document.querySelector(".key").hidden = !all.length;
  document.querySelector(".key .legend").replaceChildren(...stances.map(buildKey), ...holders);
};
const buildSpeaker = ({ key, stance, card }) => {
  const { label, mark } = people.get(key);
  const sign = stance === "none" ? "" : STANCES[stance];
  const ariaLabel = `${mark}${sign}: ${label}, ${inWords(stance)}, position ${card.id}`;
  const title = `${label}: ${inWords(stance)}`;
  return create("a", { className: "speaker", href: `#${card.id}`, ariaLabel, title }, buildTag(key, stance));
};
/* Show who speaks in a sentence, and what cites it. */
const fillMargin = (number) => {
  const link = byId(`s${number}`).previousElementSibling; // the number
  const before = link.previousElementSibling;
  const items = findCiting(number);
  const positions = items.filter((claim) => facetsByCard.has(claim) && !facetsOf(claim).context.has(number));
  const found = findSpeakers(positions);
  const margin = create("span", { className: "by" }, ...found.slice(0, MAX_MARKS).map(buildSpeaker));
  const rest = found.length - MAX_MARKS;
  if (rest > 0) margin.append(create("span", { className: "tag none", textContent: `+${rest}` }));
  if (before && before.matches(".by")) before.remove();
  if (found.length) link.before(margin);
  if (items.length) {
    link.href = `#${items[0].id}`;
    link.ariaLabel = `sentence ${number}, cited by ${plural(items.length, "item")} of the brief`;
  } else {
    link.removeAttribute("href");
    link.removeAttribute("aria-label");
  }
  for (const part of marksBySentence.get(number)) part.classList.toggle("free", !items.length);
};
const describeFold = (held) => {
  const issues = new Set(held.map((card) => facetsOf(card).issue).filter((issue) => issue !== "0"));
  const names = countHolders(held, (key) => people.get(key).name);
  const listed = names.length > 2 ? [...names.slice(0, 2), plural(names.length - 2, "other")] : names;
  const holders = [listed.slice(0, -1).join(", "), listed.at(-1)].filter(Boolean).join(" and ");
  const onIssues = issues.size ? ` on ${plural(issues.size, "issue")}` : "";
  return `${plural(held.length, "more position")}${onIssues}, of ${holders}`;
};
