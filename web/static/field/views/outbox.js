// @ts-check
/** What waits to be sent, and what the server said of each thing sent: a person sees every verdict. */
import { badge, h, icon, notice, pageHeader } from "../dom.js";
import { KINDS, outcomeText, STANDINGS } from "../codes.js";
import { _, currentLanguage, momentText, sizeText } from "../words.js";
import { setAside } from "../outbox.js";
import { dropPhoto, retryPhoto } from "../photo_queue.js";
import { syncText } from "./states.js";

const UNUSUAL = ["quarantined", "off_assignment", "conflict"];

/** @param {import("../main.js").Context} ctx */
export function outboxView(ctx) {
  const { model, status } = ctx;
  const photos = model.photos.filter((/** @type {any} */ p) => p.state !== "sent");
  const sentPhotos = model.photos.length - photos.length;
  const receipts = [...model.receipts].reverse();
  const unusual = receipts.filter(isUnusual);
  const usual = receipts.filter((r) => !isUnusual(r));
  const busy = status.phase !== "idle";
  const node = h("div", {},
    pageHeader(_("Gửi và nhận")),
    ctx.banners(),
    h("section", { class: "panel", "aria-labelledby": "line" },
      h("h2", { id: "line" }, syncText(ctx)),
      busy && status.total > 0 && h("progress", { class: "progress", max: status.total, value: status.sent, "aria-label": _("Đang gửi") }),
      status.trouble?.text && h("p", {}, status.trouble.text),
      status.done_ms > 0 && h("p", { class: "muted" }, _("Lần gửi nhận gần nhất: {when}", { when: momentText(status.done_ms, ctx.now()) })),
      h("p", {}, h("button", { class: "button button--wide", type: "button", on: { click: () => ctx.sendNow() } }, icon("send"), _("Gửi ngay")))),
    h("h2", { class: "section-title" }, _("Chờ gửi ({count})", { count: model.rows.length + photos.length })),
    model.rows.length + photos.length === 0
      ? notice("success", h("p", {}, _("Mọi thứ anh/chị ghi, máy chủ đã nhận.")))
      : h("ul", { class: "rows panel" }, model.rows.map((/** @type {any} */ row) => waitingRow(ctx, row)), photos.map((/** @type {any} */ p) => photoRow(ctx, p))),
    ctx.others.length > 0 && notice("info", ctx.others.map((/** @type {any} */ other) => h("p", {}, _("{name}: còn {count} lượt ghi trên máy này, được gửi dưới tên của họ.", other)))),
    unusual.length > 0 && [h("h2", { class: "section-title" }, _("Máy chủ có lời nhắn ({count})", { count: unusual.length })), h("ul", { class: "rows panel" }, unusual.map((r) => receiptRow(ctx, r)))],
    h("h2", { class: "section-title" }, _("Đã nhận trong 14 ngày ({count})", { count: usual.length + sentPhotos })),
    usual.length > 0 && h("details", { class: "more" }, h("summary", {}, _("Xem từng lượt")), h("ul", { class: "rows" }, usual.map((r) => receiptRow(ctx, r)))),
    sentPhotos > 0 && h("p", { class: "muted" }, _("{count} ảnh đã gửi.", { count: sentPhotos })));
  return { title: _("Gửi và nhận"), node, tab: "outbox", live: true };
}

/** @param {any} receipt */
function isUnusual(receipt) {
  return UNUSUAL.includes(receipt.verdict) || Boolean(receipt.renamed_from);
}

/** @param {import("../main.js").Context} ctx @param {any} event */
function titleOf(ctx, event) {
  const { model } = ctx;
  if (event.kind === "visit") {
    const visit = model.visit.get(event.body.assignment_uid) ?? model.visits.find((/** @type {any} */ v) => v.household_id === event.body.household_id);
    const name = visit?.head_name ?? _("Hộ không còn trong danh sách");
    return `${outcomeText(model.campaign, event.body.outcome)} – ${name}${event.body.corrects_event_id ? ` (${_("sửa lại")})` : ""}`;
  }
  const about = event.body.name || event.body.head_name;
  return _(KINDS[event.kind] ?? event.kind) + (about ? ` – ${about}` : "");
}

/** @param {import("../main.js").Context} ctx @param {import("../store.js").Row} row */
function waitingRow(ctx, row) {
  const [kind, picture, text] = STANDINGS[row.problem ? "problem" : "waiting"];
  return h("li", { class: "rows__item", "data-key": row.event_id },
    h("div", {},
      h("strong", {}, titleOf(ctx, row)), h("br"), h("span", { class: "muted" }, momentText(row.made_ms, ctx.now())), " ", badge(kind, picture, _(text)),
      row.renamed_from && h("p", {}, _("Mã của lượt ghi này bị trùng trên máy chủ; máy gửi lại bằng mã mới, trực ban sẽ thấy cả hai.")),
      row.problem && h("p", {}, row.problem.later ? _("Máy chủ gặp lỗi ở lượt ghi này; máy sẽ tự gửi lại.") : _("Máy chủ không đọc được lượt ghi này: {text}", { text: row.problem.text || row.problem.code }), " ", _("Nó vẫn còn trên máy và không cản các lượt khác. Hãy báo trực ban."))),
    row.attempts === 0 && h("button", { class: "button button--secondary button--small", type: "button", on: { click: () => ctx.undo(row.event_id) } }, icon("undo"), _("Hoàn tác"), h("span", { class: "visually-hidden" }, ` ${titleOf(ctx, row)}`)),
    row.problem && again(ctx, () => setAside(ctx.db, row.event_id, null)));
}

/** @param {import("../main.js").Context} ctx @param {() => Promise<void>} release */
function again(ctx, release) {
  return h("button", {
    class: "button button--secondary button--small", type: "button", on: { click: async () => { await release(); await ctx.refresh(); ctx.sendNow(); } },
  }, icon("send"), _("Thử lại"));
}

/** @param {import("../main.js").Context} ctx @param {import("../store.js").Photo} photo */
function photoRow(ctx, photo) {
  const [kind, picture, text] = STANDINGS[photo.state === "refused" ? "problem" : "waiting"];
  return h("li", { class: "rows__item", "data-key": photo.uuid },
    h("div", {}, h("strong", {}, _("Ảnh hoạt động, {size}", { size: sizeText(photo.size) })), h("br"),
      h("span", { class: "muted" }, momentText(photo.made_ms, ctx.now())), " ", badge(kind, picture, _(text)), photo.problem && h("p", {}, photo.problem)),
    photo.state === "refused" && again(ctx, () => retryPhoto(ctx.db, photo.uuid)),
    h("button", {
      class: "button button--secondary button--small", type: "button",
      on: { click: async () => { if (await ctx.ask(_("Bỏ ảnh này?"), _("Ảnh chưa gửi sẽ bị xóa khỏi máy."), _("Bỏ ảnh"))) { await dropPhoto(ctx.db, photo.uuid); await ctx.refresh(); } } },
    }, _("Bỏ ảnh")));
}

/** @param {import("../main.js").Context} ctx @param {import("../store.js").Receipt} receipt */
function receiptRow(ctx, receipt) {
  const [kind, picture, text] = STANDINGS[receipt.verdict] ?? STANDINGS.accepted;
  const told = currentLanguage() === "en" ? receipt.message_en : receipt.message_vi;
  const flags = receipt.flags.map((flag) => FLAGS[flag]).filter(Boolean).map((sentence) => _(sentence));
  return h("li", { class: "rows__item" }, h("div", {},
    h("strong", {}, titleOf(ctx, receipt)), h("br"), h("span", { class: "muted" }, momentText(receipt.occurred_at, ctx.now())), " ", badge(kind, picture, _(text)),
    isUnusual(receipt) && told && h("p", {}, told),
    receipt.renamed_from && h("p", {}, _("Mã cũ bị trùng trên máy chủ; đã gửi bằng mã mới, trực ban thấy cả hai.")),
    flags.length > 0 && h("p", { class: "muted" }, flags.join(" "))));
}

const FLAGS = /** @type {Record<string, string>} */ ({
  late: "Ghi sau khi ca kết thúc.", clock_ahead: "Đồng hồ điện thoại chạy nhanh.", clock_behind: "Đồng hồ điện thoại chạy chậm.", week_closed: "Tuần đã khép.", from_receipt: "Khôi phục từ biên nhận trên máy.",
});

