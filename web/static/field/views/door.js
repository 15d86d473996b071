// @ts-check
/** At the door: what an outcome needs to be told; nothing but a second tap for most. */
import { back, h, icon, notice } from "../dom.js";
import { COMMON, outcomeText, RARE } from "../codes.js";
import { Errors, choice, more, saveBar, textArea, textField, valueOf } from "../forms.js";
import { _, dateOf } from "../words.js";
import { callbackFields, policeFields, readCallback, readPolice } from "./promises.js";
import { readResults, residentForms } from "./results.js";
import { gone } from "./states.js";

/** @param {import("../main.js").Context} ctx @param {string} uid @param {string} outcome @param {string} corrects */
export function doorView(ctx, uid, outcome, corrects) {
  const visit = ctx.model.visit.get(uid);
  if (!visit || ![...COMMON, ...RARE].includes(outcome)) return gone();
  const opened = ctx.now();
  const before = corrects ? ctx.model.rows.concat(/** @type {any} */ (ctx.model.receipts)).find((/** @type {any} */ e) => e.event_id === corrects) : null;
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    parts(ctx, visit, outcome, before),
    textArea("note", _("Ghi chú (nếu cần)"), { value: before?.body.note ?? "", hint: _("Không ghi mật khẩu, mã OTP hay số căn cước.") }),
    before?.body.stop_whole_household ? notice("info", h("p", {}, _("Họ đã đề nghị từ nay không đến nữa; chỉ trực ban mới sửa lại được.")))
      : ["met", "absent"].includes(outcome) && h("div", { class: "field" }, choice("checkbox", "stop", "1", _("Họ đề nghị từ nay không đến nữa"))),
    more(_("Lượt thăm vào lúc khác?"),
      h("p", { class: "muted" }, _("Chỉ ghi khi ghi muộn. Để trống: ngay bây giờ.")),
      textField("happened_on", _("Ngày đến"), { type: "date", short: true, attributes: { max: dateOf(opened) } }),
      textField("happened_at", _("Giờ đến"), { type: "time", short: true })),
    saveBar(_("Lưu: {outcome}", { outcome: outcomeText(ctx.model.campaign, outcome) }))));
  const node = h("div", {},
    back(`#/visit/${uid}`, _("Quay lại")),
    h("p", { class: "who" }, icon("house"), h("span", { class: "who__text" }, h("strong", {}, visit.head_name), h("br"), visit.address)),
    h("h1", { tabindex: "-1" }, icon(`outcome-${outcome}`), " ", outcomeText(ctx.model.campaign, outcome)),
    corrects && other(ctx, visit, outcome, corrects),
    form);
  let saving = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (saving) return; // a second tap in a hurry is the same visit
    saving = true;
    const saved = await save(ctx, visit, outcome, before ?? { event_id: corrects }, form, before?.occurred_at ? Date.parse(before.occurred_at) : opened);
    saving = saved;
  });
  return { title: `${outcomeText(ctx.model.campaign, outcome)} – ${visit.head_name}`, node, tab: "week", form };
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {string} outcome @param {any} before */
function parts(ctx, visit, outcome, before) {
  if (outcome === "met") {
    return [residentForms(ctx, visit, before), policeFields(ctx, visit, before), more(_("Còn việc, người dân hẹn quay lại?"), callbackFields(ctx, before))];
  }
  if (outcome === "callback") {
    return [callbackFields(ctx, before), more(_("Có việc đã làm được hôm nay?"), residentForms(ctx, visit, before)), policeFields(ctx, visit, before)];
  }
  if (outcome === "refused") {
    return notice("warning", h("p", {}, _("Từ chối là quyền của người dân, và là câu trả lời cuối cùng. Mọi lượt thăm sau của hộ này được rút ngay; chỉ trực ban mới sửa lại được.")));
  }
  if (outcome === "moved" || outcome === "wrong_address") return notice("info", h("p", {}, _("Các lượt thăm sau của hộ này được rút cho tới khi trực ban cập nhật danh sách.")));
  const lead = /** @type {Record<string, string>} */ ({
    absent: _("Không ai ra mở cửa. Hộ này sẽ được xếp vào một buổi khác."),
    unsafe: _("An toàn là trước hết: đừng vào. Ghi ngắn gọn để tổ sau biết."),
    not_reached: _("Chưa đến được cửa nhà này; không tính là một lượt gõ cửa."),
  });
  return h("p", { class: "page-header__lead" }, lead[outcome]);
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {string} outcome @param {string} corrects */
function other(ctx, visit, outcome, corrects) {
  return more(_("Đang sửa kết quả đã ghi; đổi sang kết quả khác?"), h("div", { class: "door door--more" },
    [...COMMON, ...RARE].filter((code) => code !== outcome).map((code) =>
      h("a", { class: "door__button", href: `#/door/${visit.uid}/${code}?corrects=${corrects}` }, icon(`outcome-${code}`), outcomeText(ctx.model.campaign, code)))));
}

/**
 * Read the form, keep the event, say so. @returns {Promise<boolean>} whether it was saved
 * @param {import("../main.js").Context} ctx @param {any} visit @param {string} outcome @param {any} before what is corrected, as far as this phone knows it
 * @param {HTMLFormElement} form @param {number} opened
 */
async function save(ctx, visit, outcome, before, form, opened) {
  const errors = new Errors();
  const results = ["met", "callback"].includes(outcome) ? readResults(visit, form, errors) : [];
  if (outcome === "met" && !results.length && visit.residents.some((/** @type {any} */ r) => r.needs.length)) {
    const first = visit.residents.find((/** @type {any} */ r) => r.needs.length).needs[0];
    errors.add(`result-${first.id}`, _("Đã gặp được thì ghi kết quả ít nhất một việc."));
  }
  const callback = ["met", "callback"].includes(outcome) ? readCallback(ctx, form, errors, outcome === "callback") : null;
  const police_appointment = readPolice(visit, form, errors, results);
  const occurred_ms = happenedAt(form, errors, opened, ctx.now());
  errors.show(form);
  if (errors.any) return false;
  const body = {
    household_id: visit.household_id, assignment_uid: visit.uid, outcome, results, note: valueOf(form, "note"), callback, police_appointment,
    corrects_event_id: before.event_id || null, stop_whole_household: before.body?.stop_whole_household ? !callback : valueOf(form, "stop") === "1",
  };
  const said = _("Đã lưu: {outcome} – {name}", { outcome: outcomeText(ctx.model.campaign, outcome), name: visit.head_name });
  return ctx.save("visit", body, { said, occurred_ms, plan_version: ctx.model.shift.get(visit.shift_id)?.week_version ?? null, then: "#/week" });
}

/** @param {HTMLFormElement} form @param {Errors} errors @param {number} opened @param {number} now */
function happenedAt(form, errors, opened, now) {
  const [date, time] = [valueOf(form, "happened_on"), valueOf(form, "happened_at")];
  if (!date && !time) return opened;
  if (!date) errors.add("happened_on", _("Chọn một ngày."));
  if (!time) errors.add("happened_at", _("Ghi giờ, ví dụ 18:30."));
  const said = Date.parse(`${date}T${time}:00+07:00`);
  if (said > now) errors.add("happened_on", _("Lúc này chưa tới: ghi ngày giờ đã đến."));
  return Number.isFinite(said) ? said : opened;
}

