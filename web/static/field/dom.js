// @ts-check
/** Elements made by functions: text goes in as text, never as markup, so that a resident's name that is really a script stays a name. */

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../img/icons.svg", import.meta.url).pathname;

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * Make an element. `on`: listeners by event; a value of true sets an attribute, false and null leave it out.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(tag), attributes, children));
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {SVGElement} */
export function svg(tag, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (fill(document.createElementNS(SVG, tag), attributes, children));
}

/** @param {Element} element @param {Record<string, any>} attributes @param {any[]} children */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} element @param {any[]} children */
function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

/** @param {string} name @param {string} [label] the picture's meaning, where no text beside it says it */
export function icon(name, label = "") {
  const attributes = label ? { class: "icon", role: "img", "aria-label": label } : { class: "icon", "aria-hidden": "true" };
  return svg("svg", attributes, svg("use", { href: `${SPRITE}#${name}` }));
}

/** Text with its line ends kept. @param {string} text */
export function lines(text) {
  return text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
}

/** @param {"info"|"success"|"warning"|"error"} kind @param {...any} children */
export function notice(kind, ...children) {
  const picture = { success: "state-done", warning: "warning", error: "state-missed", info: "info" }[kind];
  return h("div", { class: `notice notice--${kind}` }, icon(picture), h("div", {}, ...children));
}

/** @param {string} kind done, due, missed, warning, withdrawn, planned @param {string} picture @param {string} text */
export function badge(kind, picture, text) {
  return h("span", { class: `state state--${kind}` }, icon(picture), text);
}

/** @param {string} title @param {string} [eyebrow] @param {string} [lead] */
export function pageHeader(title, eyebrow = "", lead = "") {
  return h("header", { class: "page-header" }, h("div", {},
    eyebrow && h("p", { class: "page-header__eyebrow" }, eyebrow),
    h("h1", { tabindex: "-1" }, title),
    lead && h("p", { class: "page-header__lead" }, lead)));
}

/** @param {string} href @param {string} text */
export function back(href, text) {
  return h("a", { class: "back", href }, icon("arrow-left"), text);
}

/** @param {string} title @param {string} text @param {string} picture @param {...any} more */
export function empty(title, text, picture, ...more) {
  return h("div", { class: "empty" }, icon(picture), h("h2", {}, title), h("p", {}, text), ...more);
}

/** Show and read out a short message for a while, with one thing to press. @param {string} text @param {{label: string, act: () => void}} [action] @param {number} [ms] */
export function toast(text, action, ms = 6000) {
  document.querySelector(".toast")?.remove();
  const box = h("div", { class: "toast", role: "status" }, icon("state-done"), h("span", { class: "toast__text" }, text));
  if (action) box.append(h("button", { type: "button", class: "toast__button", on: { click: () => { box.remove(); action.act(); } } }, action.label));
  document.body.append(box);
  setTimeout(() => box.remove(), ms);
}
