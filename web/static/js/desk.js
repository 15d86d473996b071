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
    all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`).forEach((box) => {
      box.checked = all.checked;
    });
  });
})();
