// @ts-check
/** The parts of a form: each with its label, its hint, and its error beside it. */
import { h, icon } from "./dom.js";
import { _ } from "./words.js";

/** All that is wrong, by field; shown on top and at each field. */
export class Errors {
  constructor() {
    /** @type {Map<string, string>} */
    this.found = new Map();
  }

  /** @param {string} field @param {string} text */
  add(field, text) {
    if (!this.found.has(field)) this.found.set(field, text);
  }

  get any() {
    return this.found.size > 0;
  }

  /** Show them in a form: the list on top gets the focus. @param {HTMLElement} form */
  show(form) {
    form.querySelectorAll(".error-summary, .field__error").forEach((e) => e.remove());
    form.querySelectorAll(".field--wrong").forEach((e) => e.classList.remove("field--wrong"));
    form.querySelectorAll("[aria-invalid]").forEach((e) => { e.removeAttribute("aria-invalid"); e.removeAttribute("aria-describedby"); });
    if (!this.any) return;
    const list = h("ul", {});
    for (const [field, text] of this.found) {
      const place = form.querySelector(`[data-field="${field}"]`);
      const control = /** @type {HTMLElement|null} */ (place?.querySelector("input, select, textarea, button") ?? null);
      const jump = h("a", { href: location.hash, on: { click: (/** @type {Event} */ e) => { e.preventDefault(); open(control); control?.focus(); } } }, text);
      list.append(h("li", {}, jump));
      if (!place || !control) continue;
      place.classList.add("field--wrong");
      const id = `${field}-error`;
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", id);
      const heading = place.querySelector(".field__label, legend");
      const told = h("p", { class: "field__error", id }, icon("warning"), h("span", {}, text));
      if (heading) heading.after(told);
      else place.prepend(told);
      open(control);
    }
    const summary = h("div", { class: "error-summary", role: "alert", tabindex: "-1" }, h("h2", {}, _("Có chỗ chưa đúng, xin sửa lại")), list);
    form.prepend(summary);
    summary.focus();
  }
}

/** @param {HTMLElement|null} control */
function open(control) {
  for (let at = control?.closest("details"); at; at = at.parentElement?.closest("details")) at.open = true;
}

/** @param {string} name @param {string} label @param {{value?: string, type?: string, hint?: string, short?: boolean, attributes?: Record<string, any>}} [options] */
export function textField(name, label, { value = "", type = "text", hint = "", short = false, attributes = {} } = {}) {
  const id = `f-${name}`;
  return h("div", { class: "field", "data-field": name },
    h("label", { class: "field__label", for: id }, label),
    hint && h("p", { class: "field__hint", id: `${id}-hint` }, hint),
    h("input", { class: `input ${short ? "input--short" : ""}`, type, id, name, value, autocomplete: "off", "aria-describedby": hint ? `${id}-hint` : null, ...attributes }));
}

/** @param {string} name @param {string} label @param {{value?: string, hint?: string, most?: number}} [options] */
export function textArea(name, label, { value = "", hint = "", most = 1000 } = {}) {
  const id = `f-${name}`;
  return h("div", { class: "field", "data-field": name },
    h("label", { class: "field__label", for: id }, label),
    hint && h("p", { class: "field__hint", id: `${id}-hint` }, hint),
    h("textarea", { class: "input", id, name, rows: 2, maxlength: most, "aria-describedby": hint ? `${id}-hint` : null }, value));
}

/** @param {string} name @param {string} legend @param {[string, string][]} options @param {{value?: string|null, hint?: string, row?: boolean, level?: "field"|"need-form"}} [how] */
export function radios(name, legend, options, { value = null, hint = "", row = false, level = "field" } = {}) {
  return h("fieldset", { class: level, "data-field": name },
    h("legend", {}, legend),
    hint && h("p", { class: "field__hint" }, hint),
    h("div", { class: `choices ${row ? "choices--row" : ""}` }, options.map(([key, text]) => choice("radio", name, key, text, key === value))));
}

/** @param {"radio"|"checkbox"} type @param {string} name @param {string} value @param {any} text @param {boolean} checked @param {Record<string, any>} [attributes] */
export function choice(type, name, value, text, checked = false, attributes = {}) {
  return h("label", { class: "choice" }, h("input", { type, name, value, checked, ...attributes }), h("span", {}, text));
}

/** @param {string} summary @param {...any} children */
export function more(summary, ...children) {
  return h("details", { class: "more" }, h("summary", {}, summary), ...children);
}

/** @param {string} label @param {...any} others beside the button */
export function saveBar(label, ...others) {
  return h("div", { class: "save-bar" }, h("button", { class: "button", type: "submit" }, label), ...others);
}

/** @param {HTMLFormElement} form @param {string} name */
export function valueOf(form, name) {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}
