// @ts-check
/** Met: per resident and need what came of it, on whose phone, and whether they can do it themselves now. */
import { h } from "../dom.js";
import { resultText, serviceText } from "../codes.js";
import { choice, radios, textField, valueOf } from "../forms.js";
import { _ } from "../words.js";

const WITH_REASON = ["rejected", "not_done"];
const DONE_HERE = ["done", "submitted"];

/** @param {import("../main.js").Context} ctx @param {any} visit @param {any} before the event being corrected */
export function residentForms(ctx, visit, before) {
  const said = new Map((before?.body.results ?? []).map((/** @type {any} */ line) => [line.need_id, line]));
  return visit.residents.filter((/** @type {any} */ r) => r.needs.length).map((/** @type {any} */ resident) => {
    const lines = resident.needs.map((/** @type {any} */ need) => said.get(need.id)).filter(Boolean);
    const own = lines.find((/** @type {any} */ line) => typeof line.own_device === "boolean")?.own_device;
    return h("fieldset", { class: "resident-form" },
      h("legend", {}, resident.name),
      resident.needs.map((/** @type {any} */ need) => needForm(ctx, need, said.get(need.id))),
      h("div", { class: "own-device" },
        radios(`device-${resident.id}`, _("Làm trên điện thoại của ai?"), [["own", _("Của chính họ")], ["other", _("Của người khác")]], { value: own === undefined ? null : own ? "own" : "other", row: true }),
        h("div", { class: "field" }, choice("checkbox", `taught-${resident.id}`, "1", _("Đã nhờ họ tự làm lại, và họ làm được"), lines.some((/** @type {any} */ line) => line.teach_back)))));
  });
}

/** @param {import("../main.js").Context} ctx @param {any} need @param {any} said */
function needForm(ctx, need, said) {
  const name = `result-${need.id}`;
  return h("fieldset", { class: "need-form asks-reason", "data-field": name },
    h("legend", {}, serviceText(ctx.model.campaign, need.service_id)),
    h("div", { class: "choices" }, need.results.map((/** @type {string} */ code) => choice("radio", name, code, resultText(ctx.model.campaign, code), said?.result === code))),
    h("div", { class: "reason space-above" }, textField(`reason-${need.id}`, _("Lý do"), { value: said?.reason ?? "", attributes: { maxlength: 200 } })));
}

/** @param {any} visit @param {HTMLFormElement} form @param {import("../forms.js").Errors} errors */
export function readResults(visit, form, errors) {
  const lines = [];
  for (const resident of visit.residents) {
    for (const need of resident.needs) {
      const result = valueOf(form, `result-${need.id}`);
      if (!result) continue;
      const reason = WITH_REASON.includes(result) ? valueOf(form, `reason-${need.id}`) : "";
      if (result === "rejected" && !reason) errors.add(`reason-${need.id}`, _("Bị trả lại vì sao? Ghi ngắn gọn, ví dụ: sai số giấy phép, còn CMND cũ."));
      const here = DONE_HERE.includes(result);
      const device = here ? valueOf(form, `device-${resident.id}`) : "";
      lines.push({
        need_id: need.id, result, reason, own_device: device ? device === "own" : null, teach_back: here ? valueOf(form, `taught-${resident.id}`) === "1" : null,
      });
    }
  }
  return lines;
}
