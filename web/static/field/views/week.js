// @ts-check
/** Tuần của tôi: my shifts, whom to visit in which order, the next one always in reach. */
import { badge, empty, h, icon, pageHeader } from "../dom.js";
import { goneText, outcomeText, STANDINGS, VISIT_STATES } from "../codes.js";
import { declined, saidOf, stateOf, upcoming, visitsOf } from "../model.js";
import { _, addDays, dateOf, dayText, hourText, mondayOf, periodText, phoneText, spanText, weekText } from "../words.js";

/** @param {import("../main.js").Context} ctx */
export function weekView(ctx) {
  const { model } = ctx;
  const now = ctx.now();
  const next = upcoming(model, now);
  const ahead = model.shifts.filter((/** @type {any} */ s) => Date.parse(s.ends_at) > now);
  const over = model.shifts.filter((/** @type {any} */ s) => Date.parse(s.ends_at) <= now).reverse();
  const open = next?.shift.id ?? ahead[0]?.id;
  // On a Sunday evening the shifts ahead are those of the coming week: the head names their week, not the calendar's.
  const monday = mondayOf(ahead[0]?.on_date ?? dateOf(now));
  const node = h("div", {},
    pageHeader(_("Tuần của tôi"), weekText(monday)),
    ctx.banners(),
    ahead.map((/** @type {any} */ s, /** @type {number} */ n) => [
      mondayOf(s.on_date) !== mondayOf(ahead[n - 1]?.on_date ?? monday) && h("h2", { class: "section-title" }, weekText(mondayOf(s.on_date))),
      shiftSection(ctx, s, { open: s.id === open, next: next?.visit.uid, over: false }),
    ]),
    !model.shifts.length && nothing(ctx),
    over.length > 0 && h("h2", { class: "section-title" }, _("Ca đã qua")),
    over.map((/** @type {any} */ s) => shiftSection(ctx, s, { open: false, over: true })));
  return { title: _("Tuần của tôi"), node, tab: "week", live: true, bottom: next && nextVisit(next, now) };
}

/** @param {import("../main.js").Context} ctx */
function nothing(ctx) {
  if (!ctx.person.pulled_ms) {
    return h("div", { class: "empty" }, icon("week"), h("h2", {}, _("Đang tải danh sách lần đầu")),
      h("p", {}, _("Cần có mạng một lần để tải danh sách; sau đó dùng được cả khi không có sóng.")), h("progress", { class: "progress", "aria-label": _("Đang tải") }));
  }
  return empty(_("Tuần này anh/chị chưa có ca nào"), _("Khi trực ban công bố kế hoạch, danh sách hộ sẽ hiện ở đây. Hãy cho biết những buổi anh/chị đi được."), "calendar",
    h("a", { class: "button", href: "#/availability" }, _("Ghi lịch rảnh")));
}

/** @param {import("../main.js").Context} ctx @param {any} shift @param {{open: boolean, next?: string, over: boolean}} how */
function shiftSection(ctx, shift, { open, next, over }) {
  const { model } = ctx;
  const visits = visitsOf(model, shift.id);
  const done = visits.filter((/** @type {any} */ v) => stateOf(model, v) === "done").length;
  const title = `shift-${shift.id}`;
  return h("section", { class: `shift ${over ? "shift--over" : ""}`, "aria-labelledby": title },
    h("div", { class: "shift__head" },
      h("h2", { id: title }, spanText(shift)),
      h("p", {}, _("Tổ {number}", { number: shift.number }), shift.hamlet && ` · ${shift.hamlet}`, " · ",
        h("strong", { class: "numeric" }, _("{done}/{all} hộ đã thăm", { done, all: visits.length }))),
      visits.length > 0 && h("progress", { class: "progress", max: visits.length, value: done, "aria-label": _("{done}/{all} hộ đã thăm", { done, all: visits.length }) }),
      declined(model, shift) && h("p", { class: "shift__declined" }, badge("warning", "state-warning", _("Đã báo không đi được"))),
      crew(ctx, shift),
      h("p", { class: "shift__tools" },
        visits.length > 0 && h("a", { class: "button button--secondary button--small", href: `#/sketch/${shift.id}` }, icon("route"), _("Sơ đồ ngõ")),
        h("a", { class: "button button--secondary button--small", href: `#/photos/${shift.id}` }, icon("camera"), _("Ảnh hoạt động")))),
    goneFrom(ctx, shift),
    visits.length > 0 && fold(listTitle(visits), open, () =>
      h("ol", { class: "stops" }, visits.map((/** @type {any} */ v) => stop(ctx, v, v.uid === next)))),
    !over && h("p", { class: "shift__foot" }, h("a", { class: "button button--quiet", href: `#/decline/${shift.id}` },
      declined(model, shift) ? _("Tôi đi được ca này") : _("Tôi không đi được ca này"))));
}

/** @param {any[]} visits */
function listTitle(visits) {
  const spare = visits.filter((v) => v.reserve).length;
  return _("Danh sách {count} hộ", { count: visits.length }) + (spare ? _(" ({count} dự phòng)", { count: spare }) : "");
}

/** A list made when it is opened: a cheap phone draws one shift in the time it would need for a week. @param {string} title @param {boolean} open @param {() => Element} list */
function fold(title, open, list) {
  const details = /** @type {HTMLDetailsElement} */ (h("details", { class: "stops-fold", open }, h("summary", {}, title), open && list()));
  details.addEventListener("toggle", () => { if (details.open && !details.querySelector("ol")) details.append(list()); });
  return details;
}

/** What was taken from this shift since it was last looked at, and why. @param {import("../main.js").Context} ctx @param {any} shift */
function goneFrom(ctx, shift) {
  const found = ctx.model.gone.filter((/** @type {any} */ g) => g.shift_id === shift.id);
  return found.length > 0 && h("ul", { class: "shift__gone" }, found.map((/** @type {any} */ g) =>
    h("li", {}, badge("withdrawn", "state-withdrawn", _("Hộ thứ {position}: {reason}", { position: g.position, reason: goneText(g.reason) })))));
}

/** @param {import("../main.js").Context} ctx @param {any} shift */
function crew(ctx, shift) {
  const me = ctx.person.volunteer_id;
  return h("ul", { class: "crew" }, shift.crew.map((/** @type {any} */ m) => h("li", {},
    h("span", {}, h("span", { class: "name" }, m.name), m.is_lead && h("span", { class: "muted" }, ` ${_("(tổ trưởng)")}`), m.volunteer_id === me && h("span", { class: "muted" }, ` ${_("– chính tôi")}`)),
    m.volunteer_id !== me && m.phone && callLink(m.phone, m.name))));
}

/** @param {string} phone @param {string} name */
export function callLink(phone, name) {
  return h("a", { class: "button button--secondary button--small call", href: `tel:${phone.replace(/[^\d+]/g, "")}` },
    icon("phone"), phoneText(phone), h("span", { class: "visually-hidden" }, ` – ${_("gọi {name}", { name })}`));
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {boolean} next */
function stop(ctx, visit, next) {
  const recorded = saidOf(ctx.model, visit);
  const state = stateOf(ctx.model, visit);
  const people = visit.residents.filter((/** @type {any} */ r) => r.needs.length);
  const needs = people.reduce((/** @type {number} */ sum, /** @type {any} */ r) => sum + r.needs.length, 0);
  return h("li", { class: `stop stop--${state} ${next ? "stop--next" : ""}`, "data-key": visit.uid },
    h("a", { class: "stop__link", href: `#/visit/${visit.uid}` },
      h("span", { class: "stop__number" }, visit.position),
      h("span", { class: "stop__body" },
        h("span", { class: "stop__name" }, visit.head_name),
        h("span", { class: "stop__place" }, visit.address),
        h("span", { class: "stop__what" }, _("{needs} việc cho {people} người", { needs, people: people.length }), visit.note && [" · ", icon("warning"), ` ${_("có lưu ý")}`]),
        visit.reserve && !recorded && h("span", { class: "stop__what" }, _("Hộ dự phòng: quá {hour} thì bỏ qua, không tính bỏ lỡ", { hour: hourText(visit.starts_at) })),
        promiseText(visit) && h("span", { class: "stop__promise" }, icon("clock"), promiseText(visit)),
        recorded ? standing(ctx, recorded) : state !== "planned" && badge(...VISIT_STATES[state])),
      h("span", { class: "stop__time" }, visit.reserve ? h("span", { class: "door-hour" }, _("trước {hour}", { hour: hourText(visit.starts_at) })) : hourText(visit.starts_at))));
}

/** An hour promised at the door. @param {any} visit */
export function promiseText(visit) {
  if (!visit.promise) return "";
  const { starts_at, ends_at } = visit.promise;
  return _("Đã hẹn {from}–{to}", { from: hourText(starts_at), to: hourText(ends_at) });
}

/** What was recorded, and where it is: on this phone or at the server. @param {import("../main.js").Context} ctx @param {import("../model.js").Said} recorded */
export function standing(ctx, recorded) {
  const [kind, picture, text] = STANDINGS[recorded.standing] ?? STANDINGS.accepted;
  return h("span", { class: "standing" }, badge("done", `outcome-${recorded.outcome}`, outcomeText(ctx.model.campaign, recorded.outcome)), badge(kind, picture, _(text)));
}

/** @param {any} next @param {number} now */
function nextVisit({ shift, visit }, now) {
  const today = shift.on_date === dateOf(now);
  const when = today ? hourText(visit.starts_at) : `${hourText(visit.starts_at)} ${shift.on_date === addDays(dateOf(now), 1) ? _("ngày mai") : dayText(shift.on_date)}`;
  return h("nav", { class: "bottom-bar", "aria-label": _("Hộ tiếp theo") }, h("div", { class: "bottom-bar__inner" },
    h("a", { class: "next-visit", href: `#/visit/${visit.uid}` },
      h("span", { class: "stop__number" }, visit.position),
      h("span", { class: "next-visit__text" }, h("span", { class: "next-visit__label" }, visit.reserve ? _("Hộ dự phòng, trước {when}", { when }) : _("Hộ tiếp theo, khoảng {when}", { when })), h("span", { class: "next-visit__name" }, visit.head_name)),
      icon("arrow-right"))));
}

/** "Tối nay", for the titles of other screens. @param {any} shift */
export function shiftTitle(shift) {
  return `${dayText(shift.on_date)}, ${periodText(shift.period).toLowerCase()}`;
}
