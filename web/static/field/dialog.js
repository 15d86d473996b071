// @ts-check
/** A question with two answers. */
import { h } from "./dom.js";
import { _ } from "./words.js";

/** @param {string} title @param {string} text @param {string} yes @returns {Promise<boolean>} */
export function ask(title, text, yes) {
  return new Promise((done) => {
    const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" },
      h("h2", { id: "dialog-title" }, title), h("p", {}, text),
      h("form", { method: "dialog", class: "dialog__buttons" },
        h("button", { class: "button button--danger", value: "yes" }, yes),
        h("button", { class: "button button--secondary", value: "no" }, _("Không")))));
    dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
