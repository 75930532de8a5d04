/* What the reader does: clicks, keys, filters and the way back; then the start. */
document.addEventListener("click", (event) => {
  const closest = (selector) => event.target.closest(selector);
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (closest(".correct") && !closest("button")) return;
  if (!closest("a, button") && !getSelection().isCollapsed) return; // text is being selected
  const handle = (work) => {
    event.preventDefault();
    work();
  };
  const button = closest("button");
  if (button) {
    if (button.matches(".copy")) copyCard(closest(".card"));
    else if (button.matches(".edit")) openEditor(closest(".card"));
    else if (button.matches(".cancel")) closeEditor();
    else if (button.matches(".save button")) saveBrief();
    else if (button.matches(".arrange button")) {
      arrange(button.dataset.arrange);
      saveState();
    } else if (button.matches(".switch button")) showPane(button.dataset.view);
    return;
  }
  const cell = closest("a.cell");
  const mark = closest("[data-s]");
  const claim = closest(".claim");
  const link = closest("a");
  if (link && !link.getAttribute("href").startsWith("#")) return; // leaves the page
  if (cell) {
    handle(() => filterByCell({ holder: cell.dataset.holder, issue: cell.dataset.issue, stance: cell.dataset.stance }));
  } else if (closest(".speaker, .also a")) {
    handle(() => {
      showPane("brief");
      followFragment(link.hash, pushAddress);
    });
  } else if (mark) handle(() => selectSentence(mark.dataset.s));
  else if (claim && link && link.hash.startsWith("#s")) {
    handle(() => {
      selectClaim(claim);
      const mark = byId(link.hash.slice(1));
      scrollToElement(mark, "center");
      const isByKeyboard = !event.detail;
      if (isByKeyboard && isNarrow()) mark.previousElementSibling.focus({ preventScroll: true }); // its number
    });
  } else if (claim && (!link || link.hash === `#${claim.id}`)) {
    handle(() => selectClaim(claim, { show: !link || !isNarrow() }));
  } else if (link && /^#[su]\d+$/.test(link.hash)) handle(() => followFragment(link.hash, pushAddress));
  else if (link && link.hash.startsWith("#issue-")) {
    handle(() => {
      arrange("issue");
      clearFilters();
      showPane("brief");
      const heading = byId(link.hash.slice(1));
      openFold(heading);
      heading.scrollIntoView();
    });
  } else if (link && link.hash === "#article") showPane("article");
  else if (link && link.getAttribute("href").startsWith("#")) showPane("brief");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(".correct")) {
    if (event.key === "Escape") closeEditor();
    return;
  }
  if (event.key === "Escape") {
    clearHighlights();
    clearFilters();
    replaceAddress("");
    announce("All positions are shown.");
    return;
  }
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
for (const name of ["mouseover", "mouseout"]) {
  byId("article").addEventListener(name, (event) => {
    const mark = event.target.closest("mark");
    for (const item of (mark && marksBySentence.get(mark.dataset.s)) || []) {
      item.classList.toggle("hover", name === "mouseover");
    }
  });
}
form.addEventListener("change", () => {
  sentence = null;
  applyFilters();
  if (selected && selected.hidden) {
    clearHighlights();
    replaceAddress("");
    announce("");
  }
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  clearHighlights();
  clearFilters();
  replaceAddress("");
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", (event) => {
  if (event.state) restore(event.state);
  else followFragment(location.hash);
});

root.classList.add("js");
root.classList.toggle("long", cards.length > MANY_CARDS);
panes.dataset.view = "brief";
for (const element of queryAll(cards.length ? ".switch, .filters, .keys, .arrange" : ".switch")) element.hidden = false;
if (form) fillFilters();
const savedState = history.state; // set if the page is reloaded
applyFilters();
if (savedState) restore(savedState);
else followFragment(location.hash);
