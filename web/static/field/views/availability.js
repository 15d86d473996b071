// @ts-check
/** Tôi rảnh: one tap a slot. And: tôi không đi được. */
import { back, badge, empty, h, icon, pageHeader } from "../dom.js";
import { saveBar, textField, valueOf } from "../forms.js";
import { declined, freePeriods, visitsOf } from "../model.js";
import { undo } from "../outbox.js";
import { _, dateOf, dayText, periodText, spanText, weekText } from "../words.js";
import { gone } from "./states.js";

/** @param {import("../main.js").Context} ctx @param {string} monday */
export function availabilityView(ctx, monday) {
  const weeks = ctx.model.availability;
  const today = dateOf(ctx.now());
  const week = weeks.find((/** @type {any} */ w) => w.monday === monday) ?? weeks.find((/** @type {any} */ w) => !w.closed) ?? weeks[0];
  if (!week) {
    const text = ctx.person.volunteer_id === null ? _("Anh/chị không có tên trong danh sách tình nguyện viên của đợt này. Hãy hỏi trực ban.") : _("Lịch rảnh chưa tải về máy. Mở khi có mạng.");
    return { title: _("Tôi rảnh"), node: h("div", {}, pageHeader(_("Tôi rảnh")), empty(_("Chưa có lịch"), text, "calendar")), tab: "availability", live: true };
  }
  const free = freePeriods(ctx.model, week);
  const days = [...new Set(week.cells.map((/** @type {any} */ c) => c.on_date))];
  const sent = !ctx.model.rows.some((/** @type {any} */ r) => r.kind === "availability" && r.body.monday === week.monday);
  const node = h("div", {},
    pageHeader(_("Tôi rảnh"), weekText(week.monday), week.closed ? "" : _("Chạm vào những buổi anh/chị đi được. Kế hoạch tuần chỉ xếp vào những buổi này.")),
    ctx.banners(),
    h("nav", { class: "week-tabs", "aria-label": _("Chọn tuần") }, weeks.map((/** @type {any} */ w) =>
      h("a", { href: `#/availability/${w.monday}`, "aria-current": w === week ? "true" : null }, weekTab(w.monday)))),
    week.closed && h("div", { class: "notice" }, icon("info"), h("div", {}, h("p", {}, closedText(week)))),
    h("div", { class: "slots" }, days.map((day) => h("fieldset", { class: "slots__day" },
      h("legend", {}, h("span", { class: "slots__date" }, dayText(/** @type {string} */ (day)))),
      week.cells.filter((/** @type {any} */ c) => c.on_date === day).map((/** @type {any} */ cell) => slot(ctx, week, cell, free, today))))),
    h("p", { class: "muted", role: "status" }, sent ? _("Máy chủ đã có lịch này.") : _("Đã lưu trên máy, chờ gửi.")));
  return { title: _("Tôi rảnh"), node, tab: "availability", live: true };
}

/** @param {string} monday */
function weekTab(monday) {
  return `${monday.slice(8, 10)}/${monday.slice(5, 7)}`;
}

/** @param {any} week */
function closedText(week) {
  if (week.closed_reason === "past") return _("Tuần đã qua");
  if (week.closed_reason === "closed") return _("Đã hết hạn báo lịch rảnh của tuần này. Cần sửa thì gọi trực ban.");
  return _("Lịch tuần này đã khép vì kế hoạch đã lập. Có ca không đi được thì mở ca đó và báo trực ban.");
}

/** @param {import("../main.js").Context} ctx @param {any} week @param {any} cell @param {Set<string>} free @param {string} today */
function slot(ctx, week, cell, free, today) {
  const key = `${cell.on_date}_${cell.period}`;
  const past = cell.on_date < today;
  const { person } = ctx; // whose slots are on the screen
  const box = h("input", {
    type: "checkbox", checked: free.has(key), disabled: week.closed || past,
    on: { change: (/** @type {Event} */ e) => tick(ctx, person, week, key, /** @type {HTMLInputElement} */ (e.target).checked) },
  });
  return h("label", { class: "choice", "data-key": key }, box, h("span", { class: "slots__on" }, periodText(cell.period), h("span", { class: "visually-hidden" }, ` ${dayText(cell.on_date)}`), cell.shift_id && h("span", { class: "slots__shift" }, _("có ca"))));
}

/** One tap, one event; taps that follow before it is sent become one. @param {import("../main.js").Context} ctx @param {any} person @param {any} week @param {string} key @param {boolean} on */
async function tick(ctx, person, week, key, on) {
  await ctx.inOrder(async () => {
    await ctx.refresh({ quiet: true, whose: person });
    const free = freePeriods(ctx.model, week);
    if (on) free.add(key);
    else free.delete(key);
    const earlier = ctx.model.rows.filter((/** @type {any} */ r) => r.kind === "availability" && r.body.monday === week.monday && r.attempts === 0);
    const saved = await ctx.save("availability", { monday: week.monday, free: [...free].sort() }, { said: _("Đã lưu lịch rảnh"), quiet: true });
    if (saved) for (const row of earlier) await undo(ctx.db, row.event_id);
    await ctx.refresh();
  });
}

/** @param {import("../main.js").Context} ctx @param {string} id */
export function declineView(ctx, id) {
  const shift = ctx.model.shift.get(Number(id));
  if (!shift) return gone();
  const out = declined(ctx.model, shift);
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    !out && textField("reason", _("Lý do (nếu muốn nói)"), { hint: _("Chỉ trực ban đọc được."), attributes: { maxlength: 200 } }),
    saveBar(out ? _("Báo trực ban: tôi đi được") : _("Báo trực ban: tôi không đi được"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (out) await ctx.save("undecline", { shift_id: shift.id }, { said: _("Đã lưu: anh/chị đi được ca này"), then: "#/week" });
    else await ctx.save("decline", { shift_id: shift.id, reason: valueOf(form, "reason") }, { said: _("Đã lưu; trực ban sẽ biết khi máy có mạng"), then: "#/week" });
  });
  const count = visitsOf(ctx.model, shift.id).length;
  const node = h("div", {}, back("#/week", _("Tuần của tôi")),
    pageHeader(out ? _("Đi được ca này?") : _("Không đi được ca này?"), spanText(shift),
      out ? _("Trực ban đã được báo là anh/chị không đi được. Nếu đổi lại, hãy báo ngay.") : _("Không sao, báo sớm là tốt nhất. {count} hộ của ca này sẽ được phân công cho tổ khác.", { count })),
    out && h("p", {}, badge("warning", "state-warning", _("Đã báo không đi được"))),
    form);
  return { title: _("Tôi không đi được"), node, tab: "week", form };
}
