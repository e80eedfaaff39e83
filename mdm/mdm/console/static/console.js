// Keyboard shortcuts: an element with data-key is clicked, or focused if it is a field, when its key is pressed.
"use strict";
(() => {
  const isField = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && isField(event.target)) {
      event.target.blur();
      return;
    }
    if (isField(event.target)) return;
    const element = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not([disabled])`);
    if (!element) return;
    event.preventDefault();
    if (isField(element)) element.focus();
    else element.click();
  });

  // After a swap, readers of the screen continue at the new content.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "main") event.target.focus({ preventScroll: true });
  });
})();
