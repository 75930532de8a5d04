/* Corrections change the stored brief, which the reader saves as a file. */
const stored = byId("stored") && JSON.parse(byId("stored").textContent);
const editor = document.querySelector(".correct");
const corrections = new Map(); // by index of the position
let unsaved = false;
const labelOf = (holder, index) => {
  const known = people.get(String(index + 1));
  return (known && known.label) || holder.name || holder.role || `Holder ${index + 1}`;
};
const holderLabels = stored ? stored.holders.map(labelOf) : [];
/* Return the names in a field; those of known holders as the page writes them. */
const splitNames = (text) => {
  const names = text.split(";").map((name) => name.trim());
  const findLabel = (name) => holderLabels.find((label) => label.toLowerCase() === name.toLowerCase());
  return names.filter(Boolean).map((name) => findLabel(name) || name);
};
const indexOf = (card) => Number(card.dataset.index);
const originalOf = (index) => {
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
  const ofTwo = [first[0] + last[0], first[0] + last.slice(0, 2), first.slice(0, 2) + last.slice(0, 2)];
  const marks = parts.length > 1 ? ofTwo : [first.slice(0, 3), first.slice(0, 4)];
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
  const values = corrections.get(indexOf(card)) || originalOf(indexOf(card));
  for (const name of ["holders", "stance", "statement"]) fields[name].value = values[name];
  fields.drop.checked = values.drop;
  fields.stance.disabled = !stored.positions[indexOf(card)].issue;
  card.append(editor);
  editor.hidden = false;
  fields.holders.focus();
  scrollToElement(editor, "nearest");
};
const clearFaults = () => {
  for (const field of [editor.elements.holders, editor.elements.statement]) field.setCustomValidity("");
};
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
  const names = splitNames(holders.value);
  const unknown = names.find((name) => !holderLabels.includes(name) && !isInArticle(name));
  clearFaults();
  if (drop.checked) return null;
  if (!names.length) holders.setCustomValidity("Name at least one holder.");
  else if (unknown) {
    holders.setCustomValidity(`“${unknown}” is not in the article. Write the name as the article has it.`);
  } else if (!statement.value.trim()) statement.setCustomValidity("Write a statement.");
  return [holders, statement].find((field) => field.validationMessage) || null;
};
const applyCorrection = () => {
  const fault = findFault(editor.elements);
  if (fault) {
    fault.reportValidity();
    return;
  }
  const card = editor.closest(".card");
  const index = indexOf(card);
  const before = originalOf(index);
  const fields = editor.elements;
  const after = {
    holders: splitNames(fields.holders.value).join("; ") || before.holders,
    stance: fields.stance.value,
    statement: fields.statement.value.trim() || before.statement,
    drop: fields.drop.checked,
  };
  const isChanged = Object.keys(after).some((name) => after[name] !== before[name]);
  if (isChanged) corrections.set(index, after);
  else corrections.delete(index);
  correctCard(card, after, isChanged);
  unsaved = corrections.size > 0;
  document.querySelector(".save").hidden = !unsaved;
  document.querySelector(".before-corrections").hidden = !unsaved;
  const count = plural(corrections.size, "correction");
  document.querySelector(".unsaved").textContent = unsaved ? `${count}, not saved.` : "";
  editor.hidden = true;
  const isShown = card.checkVisibility();
  const substitute = after.drop ? dropped.firstChild : byId("positions");
  const next = isShown ? card.querySelector(".edit") : substitute;
  next.focus({ preventScroll: true });
  if (isShown) scrollToElement(card, "nearest");
};
const correctCard = (card, after, isChanged) => {
  const facets = facetsOf(card);
  const { issue, corrected, evidence } = stored.positions[indexOf(card)];
  const words = card.querySelector(".statement").lastChild;
  words.data = isChanged ? after.statement.replace(/\s+/g, " ") : facets.statement;
  facets.holders = [...new Set(after.holders.split("; ").map(keyOf))];
  const isUnread = after.stance === "unclear" && stored.provenance.engine !== "model";
  facets.stance = !issue || isUnread ? "none" : after.stance;
  facets.isDropped = after.drop;
  const note = card.querySelector(".edited");
  if (isChanged && !note) {
    card.querySelector(".tools").before(create("span", { className: "edited", textContent: "corrected" }));
  }
  if (!isChanged && note && !corrected) note.remove();
  const isSuspicious = evidence.some((item) => item.suspicious);
  queryAll(".check", card).forEach((check, index) => {
    check.hidden = isChanged && index >= isSuspicious; // the check was made for the old words
  });
  dropped.lastChild.replaceChildren(...cards.filter(isDropped));
  dropped.firstChild.textContent = plural(dropped.lastChild.children.length, "dropped position");
  dropped.hidden = !dropped.lastChild.children.length;
  followCorrection(facets);
};
/* Return the id of a holder by the label in the form, after adding a new one to the brief. */
const findHolder = (brief, label) => {
  const known = holderLabels.indexOf(label);
  if (known >= 0) return brief.holders[known].id;
  const added = brief.holders.slice(holderLabels.length).find((holder) => holder.name === label);
  if (added) return added.id;
  let number = 1;
  while (brief.holders.some((holder) => holder.id === `R${number}`)) number += 1;
  brief.holders.push({ id: `R${number}`, name: label, kind: "person" });
  return `R${number}`;
};
const correctedBrief = () => {
  const brief = structuredClone(stored);
  const kept = [...corrections].filter(([, correction]) => !correction.drop);
  for (const [index, { holders, stance, statement }] of kept) {
    const position = brief.positions[index];
    if (holders !== originalOf(index).holders) {
      const ids = holders.split("; ").map((label) => findHolder(brief, label));
      position.holders = [...new Set(ids)];
    }
    Object.assign(position, { stance, statement, corrected: true });
  }
  const numberDropped = corrections.size - kept.length;
  const done = [];
  if (kept.length) done.push(`corrected ${plural(kept.length, "position")}`);
  if (numberDropped) done.push(`dropped ${numberDropped}`);
  if (done.length) brief.provenance.notes.push(`A reader ${done.join(" and ")}.`);
  const isKept = (_, index) => !corrections.has(index) || !corrections.get(index).drop;
  brief.positions = brief.positions.filter(isKept);
  return brief;
};
const saveBrief = () => {
  const text = JSON.stringify(correctedBrief(), null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  create("a", { href: address, download: "corrected-brief.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  unsaved = false;
  document.querySelector(".unsaved").textContent = "Saved as corrected-brief.json.";
};
if (stored) {
  document.querySelector(".save").before(dropped);
  for (const label of holderLabels) byId("known-holders").append(create("option", { value: label }));
  editor.addEventListener("input", clearFaults);
  editor.addEventListener("submit", (event) => {
    event.preventDefault();
    applyCorrection();
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved || !editor.hidden) event.preventDefault();
  });
}
/* Show what a new page of the corrected brief shows. */
const followCorrection = ({ section, sentences }) => {
  refillLists(section);
  fillOverview();
  fillLegend();
  for (const number of sentences) fillMargin(number);
  for (const fold of folds.filter((each) => each.matches(".list"))) {
    const held = keptCards().filter((card) => facetsOf(card).list === fold);
    fold.querySelector("summary").textContent = describeFold(held);
  }
  fillFilters();
  applyFilters();
};
