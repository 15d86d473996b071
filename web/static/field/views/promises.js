// @ts-check
/** Promises made at the door: a day to come back, an hour at the police desk. */
import { h, notice } from "../dom.js";
import { choice, more, radios, textField, valueOf } from "../forms.js";
import { _, addDays, dateOf, dayText, periodText, tinyDay } from "../words.js";

const DAYS = 10;

/** @param {import("../main.js").Context} ctx @param {any} before */
export function callbackFields(ctx, before) {
  const today = dateOf(ctx.now());
  const said = before?.body.callback;
  const days = Array.from({ length: DAYS }, (_x, i) => addDays(today, i));
  const periods = Object.keys(ctx.model.campaign?.periods ?? { S: 1, C: 1, T: 1 });
  return [
    h("fieldset", { class: "field", "data-field": "callback_on" },
      h("legend", {}, _("Hẹn ngày nào?")),
      h("div", { class: "choices choices--row" }, days.map((day, i) =>
        choice("radio", "callback_on", day, i === 0 ? _("Hôm nay") : i === 1 ? _("Ngày mai") : briefly(day), said?.on_date === day)))),
    radios("callback_period", _("Buổi nào?"), periods.map((p) => /** @type {[string, string]} */ ([p, periodText(p)])), { value: said?.period, row: true }),
    more(_("Hẹn đúng giờ?"),
      textField("callback_from", _("Từ"), { type: "time", short: true, value: said?.starts ?? "" }),
      textField("callback_to", _("Đến"), { type: "time", short: true, value: said?.ends ?? "" })),
  ];
}

/** Short to the eye, whole to the ear. @param {string} day */
function briefly(day) {
  return [h("span", { "aria-hidden": "true" }, tinyDay(day)), h("span", { class: "visually-hidden" }, dayText(day))];
}

/** @param {import("../main.js").Context} ctx @param {HTMLFormElement} form @param {import("../forms.js").Errors} errors @param {boolean} needed */
export function readCallback(ctx, form, errors, needed) {
  const [on_date, period, starts, ends] = ["on", "period", "from", "to"].map((part) => valueOf(form, `callback_${part}`));
  if (!needed && !on_date && !starts && !ends) return null;
  if (!on_date) errors.add("callback_on", _("Chọn ngày người dân hẹn."));
  if (starts || ends) {
    if (!starts) errors.add("callback_from", _("Ghi giờ, ví dụ 18:30."));
    if (!ends) errors.add("callback_to", _("Ghi giờ, ví dụ 18:30."));
    if (starts && ends && starts >= ends) errors.add("callback_to", _("Giờ sau phải muộn hơn giờ trước."));
    const quiet = ctx.model.campaign?.quiet;
    if (quiet && starts && ends && (ends > quiet[0] || starts < quiet[1])) errors.add("callback_from", _("Không đến nhà dân từ {from} đến {to}.", { from: quiet[0], to: quiet[1] }));
    return { on_date, starts, ends };
  }
  if (!period) errors.add("callback_period", _("Chọn buổi, hoặc ghi giờ người dân hẹn."));
  return { on_date, period };
}

/** The free places at the police desk, for whom only they can help; the one that was promised stays, taken as it is. @param {import("../main.js").Context} ctx @param {any} visit @param {any} before */
export function policeFields(ctx, visit, before) {
  const people = visit.residents.filter((/** @type {any} */ r) => r.needs.some((/** @type {any} */ n) => n.results.includes("referred")));
  if (!people.length) return null;
  const said = before?.body.police_appointment;
  const promised = said ? `${said.on_date} ${said.starts.slice(0, 5)}` : "";
  const options = (ctx.model.desk.days ?? []).flatMap((/** @type {any} */ d) => d.slots.filter((/** @type {any} */ s) => s.free > 0).map((/** @type {any} */ s) =>
    [`${d.on_date} ${s.starts}`, `${dayText(d.on_date)}, ${s.starts} (${_("còn {free} chỗ", { free: s.free })})`]));
  if (said && !options.some((/** @type {any} */ [at]) => at === promised)) options.unshift([promised, `${dayText(said.on_date)}, ${said.starts.slice(0, 5)}`]);
  return h("fieldset", { class: "resident-form police" },
    h("legend", {}, _("Hẹn ra công an xã")),
    options.length
      ? h("div", { class: "field", "data-field": "police_at" },
        h("label", { class: "field__label", for: "f-police_at" }, _("Giờ còn chỗ")),
        h("select", { class: "input", id: "f-police_at", name: "police_at" }, h("option", { value: "" }, _("Chưa hẹn giờ")),
          options.map((/** @type {any} */ [value, text]) => h("option", { value, selected: value === promised }, text))))
      : notice("info", h("p", {}, _("Hiện không còn chỗ trống trong hai tuần tới, hoặc chưa tải được. Cứ ghi “Hẹn ra công an”; trực ban sẽ xếp giờ."))),
    people.length > 1 && radios("police_who", _("Ai ra công an?"), people.map((/** @type {any} */ r) => [String(r.id), r.name]), { value: said && String(said.resident_id) }));
}

/** @param {any} visit @param {HTMLFormElement} form @param {import("../forms.js").Errors} errors @param {any[]} results */
export function readPolice(visit, form, errors, results) {
  const at = valueOf(form, "police_at");
  const referred = results.filter((line) => line.result === "referred").map((line) => line.need_id);
  if (!at || !referred.length) return null;
  const people = visit.residents.filter((/** @type {any} */ r) => r.needs.some((/** @type {any} */ n) => referred.includes(n.id)));
  const chosen = Number(valueOf(form, "police_who")) || people[0].id;
  if (people.length > 1 && !valueOf(form, "police_who")) errors.add("police_who", _("Chọn người ra công an."));
  const [on_date, starts] = at.split(" ");
  return { on_date, starts, resident_id: chosen };
}
