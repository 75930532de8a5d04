"use strict";
/* What the page has: claims, marks, holders; and how elements are found and made. */
const root = document.documentElement;
const queryAll = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const splitWords = (text) => (text || "").split(" ").filter(Boolean);
const byId = (id) => document.getElementById(id);
const append = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));

/* The gist comes last: other claims take precedence. */
const claims = [...queryAll(".card.claim"), ...queryAll(".gist.claim")];
const cards = queryAll(".group .card");
const folds = queryAll(".more");
const lists = queryAll(".list");
const form = document.querySelector(".filters");
const panes = document.querySelector(".panes");
const marksBySentence = new Map(); // by sentence number
const phrasesByClaim = new Map(); // by claim id
const claimsBySentence = new Map(); // by sentence number
for (const mark of queryAll("mark")) append(marksBySentence, mark.dataset.s, mark);
for (const span of queryAll("[data-p]")) {
  for (const id of splitWords(span.dataset.p)) append(phrasesByClaim, id, span);
}
for (const claim of claims) {
  for (const number of splitWords(claim.dataset.sentences)) append(claimsBySentence, number, claim);
}
const STANCES = { agrees: "+", disagrees: "−", mixed: "±", neutral: "=", unclear: "?", none: "•" };
const SIDES = { agrees: "For", disagrees: "Against" };
const MAX_MARKS = 6; // of holders beside a sentence
const MANY_CARDS = 200; // sides out of sight are not laid out then
const create = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  Object.assign(element.dataset, properties.data);
  element.append(...children.filter(Boolean));
  return element;
};
const readFacets = (card) => {
  const section = card.closest(".group");
  return {
    section,
    holders: splitWords(card.dataset.holders),
    sentences: new Set(splitWords(card.dataset.sentences)),
    context: new Set(splitWords(card.dataset.context)), // sentences without the holder's words
    stance: card.dataset.stance,
    issue: section.dataset.issue,
    heading: section.querySelector(".heading").textContent,
    list: card.closest(".list"),
    place: card.parentElement, // in the view by issue
    statement: card.querySelector(".statement").lastChild.data, // before corrections
    isDropped: false,
  };
};
const facetsByCard = new Map(cards.map((card) => [card, readFacets(card)]));
const people = new Map(); // by key of the holder
for (const holder of queryAll(".holder")) {
  const marks = queryAll(".tag", holder);
  queryAll(".who .name", holder).forEach((name, index) => {
    const { holder: key, label } = name.dataset;
    const about = name.nextElementSibling;
    if (!people.has(key)) {
      people.set(key, {
        key,
        label,
        name: name.textContent,
        about: name.title,
        short: about && about.matches(".about") ? about.textContent : "",
        mark: marks[index].firstChild.data,
      });
    }
  });
}
const facetsOf = (card) => facetsByCard.get(card);
const isDropped = (claim) => facetsByCard.has(claim) && facetsOf(claim).isDropped;
const keptCards = () => cards.filter((card) => !isDropped(card));
const findCiting = (number) => (claimsBySentence.get(number) || []).filter((claim) => !isDropped(claim));
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const inWords = (stance) => (stance === "none" ? "no stance" : stance);
const isDecided = (card) => !["none", "unclear"].includes(facetsOf(card).stance);
const stancesOf = (held) =>
  Object.keys(STANCES).filter((stance) => held.some((card) => facetsOf(card).stance === stance));
const buildSign = (stance) => create("span", { className: `sign ${stance}`, textContent: STANCES[stance] });
const buildKey = (stance) => create("span", {}, buildSign(stance), ` ${inWords(stance)}`);
