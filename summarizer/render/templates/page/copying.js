/* Copying a position with its source. */
const readByline = () => {
  const link = document.querySelector(".byline a");
  const parts = queryAll(".byline").map((item) => item.textContent.trim());
  const words = parts.join("");
  if (!link) return words;
  const end = words.lastIndexOf(link.textContent.trim());
  return `${words.slice(0, end)}${link.getAttribute("href")}`;
};
const readTexts = (selector, within) => {
  const texts = queryAll(selector, within).map((item) => item.textContent.trim());
  return texts.join(" ");
};
const readSentence = (number) => {
  const marks = marksBySentence.get(number) || [];
  return marks.map((mark) => mark.textContent).join("");
};
const textToCopy = (card) => {
  const { stance, heading, holders } = facetsOf(card);
  const numbers = splitWords(card.dataset.sentences);
  const names = holders.map((key) => {
    const { name, about } = people.get(key);
    return [name.trim(), about].filter(Boolean).join(", ");
  });
  const speakers = [...names, readTexts(".relayed", card)].filter(Boolean);
  const place = `sentence${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`;
  const source = [readTexts("h1", document), readByline(), place].filter(Boolean);
  const lines = [
    readTexts(".statement", card),
    numbers.map(readSentence).join(" "),
    `— ${speakers.join("; ")}`,
    stance === "none" ? "" : `${stance}: ${heading}`,
    source.join(", "),
  ];
  return lines.filter(Boolean).join("\n");
};
let cardToCopy = null;
const showCopyResult = (card, done) => {
  announce(done ? "Copied." : "Copying failed.");
  const button = card.querySelector(".copy");
  button.textContent = done ? "Copied" : "Not copied";
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
};
const copyCard = (card) => {
  cardToCopy = card;
  document.execCommand("copy"); // works without permission for the clipboard
  if (!cardToCopy) showCopyResult(card, true);
  else if (navigator.clipboard) {
    navigator.clipboard.writeText(textToCopy(card)).then(
      () => showCopyResult(card, true),
      () => showCopyResult(card, false),
    );
  } else showCopyResult(card, false);
  cardToCopy = null;
};
document.addEventListener("copy", (event) => {
  if (document.activeElement.closest("form.correct")) return;
  const isSelected = selected && facetsByCard.has(selected) && getSelection().isCollapsed;
  const card = cardToCopy || (isSelected ? selected : null);
  if (!card) return;
  event.clipboardData.setData("text/plain", textToCopy(card));
  event.preventDefault();
  cardToCopy = null;
});
