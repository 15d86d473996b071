// @ts-check
/** Who is at the phone now: the switch for a shared one, with a PIN where somebody set one. */
import { back, badge, h, icon, notice, pageHeader } from "../dom.js";
import { Errors, saveBar, textField, valueOf } from "../forms.js";
import { tryPin } from "../people.js";
import { _ } from "../words.js";

/** @param {import("../main.js").Context} ctx */
export function peopleView(ctx) {
  const node = h("div", {},
    ctx.person && back("#/week", _("Tuần của tôi")),
    pageHeader(_("Ai đang dùng máy?"), "", ctx.everyone.length > 1 ? _("Mỗi người chỉ thấy danh sách của mình; điều đã ghi được gửi dưới tên người ghi.") : ""),
    h("ul", { class: "people" }, ctx.everyone.map((/** @type {any} */ person) => h("li", {},
      h("a", { class: "people__one", href: `#/enter/${person.user_id}`, "aria-current": person.user_id === ctx.person?.user_id ? "true" : null },
        icon("person"), h("span", { class: "people__name" }, person.name, person.user_id === ctx.person?.user_id && h("span", { class: "muted" }, ` ${_("– đang dùng")}`)),
        ctx.waitingOf(person.user_id) > 0 && badge("warning", "clock", _("{count} chờ gửi", { count: ctx.waitingOf(person.user_id) })),
        person.pin && icon("lock", _("có mã PIN")))))),
    notice("info", h("p", {}, _("Thêm người: mở mã QR một lần của họ (trực ban đưa) trên chính máy này."))),
    ctx.person && h("p", {}, h("a", { class: "button button--secondary", href: "#/settings" }, icon("gear"), _("Cài đặt và đăng xuất"))));
  return { title: _("Ai đang dùng máy?"), node, tab: "", live: true };
}

/** @param {import("../main.js").Context} ctx @param {string} id */
export function enterView(ctx, id) {
  const person = ctx.everyone.find((/** @type {any} */ p) => String(p.user_id) === id);
  if (!person) return peopleView(ctx);
  if (!person.pin || ctx.isOpen(person)) {
    ctx.become(person.user_id);
    return { title: person.name, node: h("p", { role: "status" }, _("Đang mở…")), tab: "" };
  }
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    textField("pin", _("Mã PIN của {name}", { name: person.name }), { type: "password", short: true, attributes: { inputmode: "numeric", maxlength: 12, autocomplete: "off" } }),
    saveBar(_("Mở"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const errors = new Errors();
    const { right, waitMs } = await tryPin(ctx.db, person.user_id, valueOf(form, "pin"), ctx.now());
    if (right) {
      ctx.opened(person.user_id);
      await ctx.become(person.user_id);
      return;
    }
    errors.add("pin", waitMs ? _("Sai nhiều lần. Thử lại sau {seconds} giây.", { seconds: Math.ceil(waitMs / 1000) }) : _("Mã PIN không đúng."));
    errors.show(form);
  });
  const node = h("div", {}, back("#/people", _("Người khác")), pageHeader(person.name), form,
    h("details", { class: "more" }, h("summary", {}, _("Quên mã PIN?")),
      h("p", {}, _("Xóa người này khỏi máy rồi mở mã QR mới của họ. Chỉ xóa được khi không còn gì chờ gửi.")),
      h("p", {}, h("button", { class: "button button--danger", type: "button", on: { click: () => ctx.signOut(person) } }, _("Xóa {name} khỏi máy này", { name: person.name })))));
  return { title: person.name, node, tab: "" };
}
