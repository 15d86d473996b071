// @ts-check
/** Của tôi: what I did, as the server has it; what still waits here stands apart. Nobody is compared with anybody. */
import { empty, h, icon, notice, pageHeader } from "../dom.js";
import { unsent } from "../model.js";
import { _ } from "../words.js";

/** @param {import("../main.js").Context} ctx */
export function mineView(ctx) {
  const { mine, rows } = ctx.model;
  const waiting = unsent(ctx.model);
  const visits = rows.filter((/** @type {any} */ r) => r.kind === "visit" && r.body.outcome !== "not_reached"); // counted as the server does
  const met = visits.filter((/** @type {any} */ r) => r.body.outcome === "met");
  const done = visits.flatMap((/** @type {any} */ r) => r.body.results).filter((/** @type {any} */ line) => line.result === "done");
  const node = h("div", {},
    pageHeader(_("Của tôi"), ctx.person.name),
    ctx.banners(),
    mine ? [period(_("Tuần này"), mine.week), period(_("Cả đợt"), mine.campaign),
      h("p", { class: "muted" }, icon("sent"), " ", _("Máy chủ đang giữ {count} lượt ghi của anh/chị.", { count: mine.stored_events }))]
      : empty(_("Chưa có số liệu"), _("Số liệu đến cùng danh sách, khi máy có mạng."), "target"),
    h("h2", { class: "section-title" }, _("Còn trên máy này, chờ gửi")),
    waiting.events + waiting.photos
      ? [h("dl", { class: "figures" }, figure(_("Lượt thăm"), visits.length, "warning"), figure(_("Gặp được"), met.length, "warning"), figure(_("Việc xong"), done.length, "warning"), figure(_("Ảnh"), waiting.photos, "warning")),
        h("p", {}, h("a", { class: "button button--secondary", href: "#/outbox" }, icon("send"), _("Xem và gửi")))]
      : notice("success", h("p", {}, _("Không còn gì chờ: máy chủ đã có tất cả."))));
  return { title: _("Của tôi"), node, tab: "mine", live: true };
}

/** @param {string} title @param {any} figures */
function period(title, figures) {
  return h("section", {}, h("h2", { class: "section-title" }, title), h("dl", { class: "figures" },
    figure(_("Lượt thăm"), figures.visits, "done"), figure(_("Gặp được"), figures.met, "done"), figure(_("Việc xong"), figures.needs_done, "done")));
}

/** @param {string} label @param {number} value @param {string} kind */
function figure(label, value, kind) {
  return h("div", { class: `figure figure--${kind}` }, h("dt", {}, label), h("dd", {}, value));
}
