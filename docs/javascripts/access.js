/* The theme gives landmarks no names of their own, and code that scrolls no place in the order of the keyboard. */
const nameLandmarks = () => {
  const names = new Set();
  for (const landmark of document.querySelectorAll("nav")) {
    const label = document.getElementById(landmark.getAttribute("aria-labelledby"));
    const isCode = landmark.matches(".md-code__nav");
    const words = landmark.dataset.words ?? (isCode ? "Code" : landmark.ariaLabel || label?.textContent.trim() || "Pages");
    landmark.dataset.words = words;
    let name = words;
    for (let number = 2; names.has(name); number += 1) name = `${words} ${number}`;
    names.add(name);
    if (landmark.ariaLabel === name) continue;
    landmark.removeAttribute("aria-labelledby");
    landmark.ariaLabel = name;
  }
  for (const code of document.querySelectorAll("pre > code:not([tabindex])")) {
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  }
};
new MutationObserver(nameLandmarks).observe(document.body, { childList: true, subtree: true });
nameLandmarks();
