// @ts-check
/** Pictures of the activity: never of papers or screens, never without consent. */
import { back, h, icon, notice, pageHeader } from "../dom.js";
import { Errors, choice } from "../forms.js";
import { keepPhoto } from "../photo_queue.js";
import { shrink } from "../photos.js";
import { isFull } from "../store.js";
import { _, sizeText, spanText } from "../words.js";
import { gone } from "./states.js";

/** @param {import("../main.js").Context} ctx @param {string} id */
export function photosView(ctx, id) {
  const shift = ctx.model.shift.get(Number(id));
  if (!shift) return gone();
  let picture = /** @type {any} */ (null);
  const preview = h("div", { class: "preview", hidden: true });
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: "image/*", id: "f-picture", class: "visually-hidden" }));
  const told = h("p", { role: "status", class: "muted" });
  const button = h("button", { class: "button", type: "submit" }, _("Lưu ảnh"));
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    h("div", { class: "field", "data-field": "picture" }, h("label", { class: "button button--secondary button--wide", for: "f-picture" }, icon("camera"), _("Chụp hoặc chọn ảnh")), input),
    told, preview,
    h("div", { class: "field", "data-field": "consent" }, choice("checkbox", "consent", "1", _("Những người nhận ra được trong ảnh đã đồng ý; trẻ em thì người giám hộ đồng ý"))),
    h("div", { class: "save-bar" }, button)));
  input.addEventListener("change", async () => {
    picture = null;
    preview.hidden = true;
    const file = input.files?.[0];
    if (!file) return;
    told.textContent = _("Đang thu nhỏ ảnh…");
    try {
      picture = await shrink(file);
      picture.canvas.setAttribute("role", "img");
      picture.canvas.setAttribute("aria-label", _("Ảnh vừa chọn"));
      preview.replaceChildren(picture.canvas);
      preview.hidden = false;
      told.textContent = _("Còn {size}; vị trí và thông tin máy trong ảnh đã được bỏ.", { size: sizeText(picture.bytes.byteLength) });
    } catch {
      told.textContent = _("Máy không đọc được ảnh này. Hãy chọn ảnh JPEG hoặc PNG khác.");
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const errors = new Errors();
    if (!picture) errors.add("picture", _("Chụp hoặc chọn một ảnh."));
    if (!new FormData(form).get("consent")) errors.add("consent", _("Chưa được đồng ý thì không lưu ảnh."));
    errors.show(form);
    if (errors.any) return;
    button.setAttribute("aria-disabled", "true");
    const { bytes, sha256 } = picture;
    picture = null; // a second tap in a hurry is the same picture
    try {
      await keepPhoto(ctx.db, ctx.person.user_id, shift.id, { bytes, sha256 }, ctx.now());
      ctx.clean();
      await ctx.refresh({ quiet: true });
      ctx.toast(_("Đã lưu ảnh; ảnh gửi sau khi chữ đã gửi hết"));
      ctx.savedSomething();
      ctx.rerender();
    } catch (error) {
      ctx.storageTrouble(form, isFull(error), error);
      picture = { bytes, sha256 };
      button.removeAttribute("aria-disabled");
    }
  });
  const mine = ctx.model.photos.filter((/** @type {any} */ p) => p.shift_id === shift.id);
  const node = h("div", {}, back("#/week", _("Tuần của tôi")),
    pageHeader(_("Ảnh hoạt động"), spanText(shift)),
    notice("warning", h("p", {}, h("strong", {}, _("Chỉ chụp hoạt động chung."))), h("p", {}, _("Không chụp giấy tờ, căn cước, màn hình điện thoại, mã OTP hay mật khẩu."))),
    mine.length > 0 && h("p", {}, icon("camera"), " ", _("Ca này: {count} ảnh, {sent} đã gửi", { count: mine.length, sent: mine.filter((/** @type {any} */ p) => p.state === "sent").length })),
    form);
  return { title: _("Ảnh hoạt động"), node, tab: "week", form };
}
