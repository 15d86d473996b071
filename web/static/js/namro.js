/* Small comforts on every page; nothing here is needed for a page to work. */
(() => {
  "use strict";

  // A list of errors is read out and seen first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // On a narrow screen the menu scrolls: the page one is on is in sight.
  const here = document.querySelector(".menu [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "center" });

  // One press is enough: a second one would be a replay, harmless on the server but worrying to see.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button && form.method === "post") button.setAttribute("aria-disabled", "true");
  });
  // Coming back by the browser's own button finds the form ready again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  // A filter is applied as soon as it is chosen; without script its button does the same.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  document.documentElement.dataset.ready = "yes";
})();
