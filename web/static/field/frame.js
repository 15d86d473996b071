// @ts-check
/** What stands around every screen: the name of the person, what waits, the four places to go. */
import { h, icon } from "./dom.js";
import { unsent } from "./model.js";
import { syncText, waitingText } from "./views/states.js";
import { _ } from "./words.js";

const TABS = /** @type {[string, string, string][]} */ ([
  ["week", "week", "Tuần này"], ["availability", "calendar", "Tôi rảnh"], ["mine", "target", "Của tôi"], ["outbox", "sent", "Gửi nhận"],
]);

/** Draw a screen in the frame; without a screen only what the frame itself tells. @param {any} ctx @param {HTMLElement} root @param {any} screen */
export function drawFrame(ctx, root, screen) {
  if (screen) {
    const kept = screen.again ? { y: window.scrollY, focus: placeOf(document.activeElement, root), open: openFolds(root) } : null;
    root.dataset.form = screen.form ? "yes" : "";
    const main = h("main", { id: "main", class: "page page--narrow", tabindex: "-1" }, screen.node);
    const foot = h("div", { class: "foot" }, screen.bottom, tabs(ctx, screen));
    root.replaceChildren(h("header", { class: "top" }, masthead(ctx), strip(ctx)), main, foot);
    root.dataset.tab = screen.tab;
    if (kept) restore(root, kept);
    return;
  }
  say(root.querySelector(".masthead"), masthead(ctx));
  say(root.querySelector(".strip"), strip(ctx));
  say(root.querySelector(".tabs-bar"), tabs(ctx, { tab: root.dataset.tab, form: root.dataset.form }));
}

/** Let a part without listeners say what another one says, touching only what differs: a focus in it stays. @param {any} old @param {any} fresh */
function say(old, fresh) {
  if (!old || old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName) old.replaceWith(fresh);
  else if (old.nodeType === Node.TEXT_NODE) old.data = fresh.data;
  else {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
    const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
    if (before.length === after.length) before.forEach((child, i) => say(child, after[i]));
    else old.replaceChildren(...after);
  }
}

/** @param {any} ctx */
function masthead(ctx) {
  const { person } = ctx;
  return h("div", { class: "masthead" }, h("div", { class: "masthead__bar" },
    h("a", { class: "masthead__brand", href: "#/week" }, icon("logo"), "Năm Rõ"),
    person && h("div", { class: "masthead__who" }, ctx.isOpen(person) && bell(person), h("a", { href: "#/people" }, icon("person"), h("span", { class: "visually-hidden" }, `${_("Đang dùng máy:")} `), h("span", { class: "name" }, person.name)))));
}

/** The number is that of the last time the server was reached; what it counts is read on a page. @param {any} person */
function bell(person) {
  const count = person.unread ?? 0;
  return h("a", { class: "bell", href: "/notices" }, icon("bell"), count > 0 && h("span", { class: "bell__count", "aria-hidden": "true" }, count < 100 ? count : "99+"),
    h("span", { class: "visually-hidden" }, count > 0 ? `${_("Thông báo")}, ${count} ${_("chưa đọc")}` : _("Thông báo")));
}

/** @param {any} ctx */
function strip(ctx) {
  const { status, person } = ctx;
  if (!person) return h("div", { class: "strip", hidden: true });
  const waits = unsent(ctx.model);
  const count = waits.events + waits.photos;
  const offline = status.line === false;
  const kind = status.trouble && !offline ? "trouble" : offline ? "offline" : count ? "waiting" : "sent";
  const picture = { trouble: "warning", offline: "offline", waiting: "clock", sent: "sent" }[kind];
  return h("a", { class: `strip strip--${kind}`, href: "#/outbox", "data-waiting": count, "data-rounds": status.rounds }, icon(picture),
    h("span", { class: "strip__what" }, waitingText(ctx)), h("span", { class: "strip__line" }, syncText(ctx)));
}

/** @param {any} ctx @param {any} screen */
function tabs(ctx, screen) {
  // A form has the foot of the screen to itself: its button is what the thumb looks for.
  if (!ctx.person || screen.form || !ctx.isOpen(ctx.person)) return h("nav", { class: "tabs-bar", hidden: true });
  const waits = unsent(ctx.model);
  const count = waits.events + waits.photos;
  return h("nav", { class: "tabs-bar", "aria-label": _("Các trang chính") }, TABS.map(([tab, picture, text]) =>
    h("a", { href: `#/${tab}`, "aria-current": tab === screen.tab ? "page" : null }, icon(picture), h("span", {}, _(text)),
      tab === "outbox" && count > 0 && h("span", { class: "tabs-bar__count" }, count, h("span", { class: "visually-hidden" }, ` ${_("chờ gửi")}`)))));
}

/**
 * Where the focus is: a way through the tree from the next thing around it that has a key, for things come and go above it.
 * @param {Element|null} element @param {HTMLElement} root
 */
function placeOf(element, root) {
  if (!element || !root.contains(element)) return null;
  const keyed = /** @type {HTMLElement|null} */ (element.closest("[data-key]"));
  const path = [];
  for (let at = element; at !== (keyed ?? root); at = /** @type {Element} */ (at.parentElement)) path.unshift([...(at.parentElement?.children ?? [])].indexOf(at));
  return { key: keyed?.dataset.key, path };
}

/** @param {HTMLElement} root */
function openFolds(root) {
  return [...root.querySelectorAll("details")].map((fold) => fold.open);
}

/** @param {HTMLElement} root @param {{y: number, focus: {key?: string, path: number[]}|null, open: boolean[]}} kept */
function restore(root, { y, focus, open }) {
  const folds = [...root.querySelectorAll("details")];
  if (folds.length === open.length) folds.forEach((fold, i) => { fold.open = open[i]; });
  let at = /** @type {Element|null|undefined} */ (focus?.key ? root.querySelector(`[data-key="${CSS.escape(focus.key)}"]`) : root);
  for (const step of focus?.path ?? []) at = at?.children[step];
  if (focus) /** @type {HTMLElement} */ (at && at !== root ? at : root.querySelector("h1"))?.focus({ preventScroll: true }); // what had it may be gone
  window.scrollTo(0, y);
}
