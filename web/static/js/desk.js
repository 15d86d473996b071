/* Small comforts of the duty officer's pages; nothing here is needed for a page to work. */
(() => {
  "use strict";

  // Reading a long list takes a while: say so, or people press again.
  document.addEventListener("submit", (event) => {
    const note = event.target.querySelector("[data-busy-note]");
    if (note) note.hidden = false;
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-busy-note]").forEach((note) => {
      note.hidden = true;
    });
  });

  // Ticking the head of a column of boxes ticks them all.
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-tick-all]");
    if (!all) return;
    [...all.form.elements].filter((box) => box.name === all.dataset.tickAll).forEach((box) => {
      box.checked = all.checked;
    });
  });

  // The form of a printed row: a letter chooses the outcome. A scanner types too: what begins with NR is a row's code, never letters.
  const rowForm = document.querySelector("form[data-keys]");
  let scanned = "";
  document.addEventListener("keydown", (event) => {
    if (!rowForm || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const key = event.key.toUpperCase();
    if (scanned || key === "N") {
      event.preventDefault();
      if (key === "ENTER") {
        const code = scanned;
        scanned = "";
        if (code.startsWith("NR")) window.location = `${rowForm.dataset.scan}?code=${encodeURIComponent(code)}`;
      } else if (key === "ESCAPE" || (scanned === "N" && key !== "R")) scanned = "";
      else if (key.length === 1) scanned += key;
      return;
    }
    const radio = [...rowForm.querySelectorAll("input[data-key]")].find((each) => each.dataset.key === key);
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    radio.click();
  });
})();
