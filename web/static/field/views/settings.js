// @ts-check
/** Language, PIN, storage, the last resort, log-out. */
import { back, h, icon, notice, pageHeader } from "../dom.js";
import { CLIENT } from "../api.js";
import { readIn, sealed, SHORTEST_PASSPHRASE, WrongPerson } from "../export.js";
import { Errors, more, radios, saveBar, textField, valueOf } from "../forms.js";
import { unsent } from "../model.js";
import { canHavePin, setPin } from "../people.js";
import { _, currentLanguage, dateOf } from "../words.js";

/** @param {import("../main.js").Context} ctx */
export function settingsView(ctx) {
  const waiting = unsent(ctx.model);
  const count = waiting.events + waiting.photos;
  const node = h("div", {}, back("#/people", _("Ai đang dùng máy?")), pageHeader(_("Cài đặt"), ctx.person.name),
    install(ctx),
    languageForm(ctx),
    canHavePin() ? pinForm(ctx) : notice("info", h("p", {}, _("Mã PIN và tệp dự phòng chỉ dùng được khi địa chỉ là https."))),
    h("section", { class: "panel", "aria-labelledby": "kept" }, h("h2", { id: "kept" }, _("Lưu trên máy")),
      h("p", {}, ctx.persisted ? _("Trình duyệt hứa không tự xóa dữ liệu của ứng dụng.") : _("Trình duyệt chưa hứa giữ dữ liệu khi máy đầy. Hãy cài ứng dụng ra màn hình chính và gửi mỗi khi có mạng.")),
      canHavePin() && exportForm(ctx, count), canHavePin() && importForm(ctx)),
    h("section", { class: "panel", "aria-labelledby": "out" }, h("h2", { id: "out" }, _("Đăng xuất khỏi máy này")),
      count > 0
        ? notice("warning", h("p", {}, h("strong", {}, _("Còn {count} mục chưa gửi.", { count })), " ", _("Gửi xong mới đăng xuất được. Không gửi được thì xuất tệp dự phòng ở trên và báo trực ban.")), h("p", {}, h("a", { class: "button button--secondary", href: "#/outbox" }, icon("send"), _("Xem và gửi"))))
        : h("p", {}, _("Danh sách của anh/chị được xóa khỏi máy. Muốn dùng lại phải có mã QR mới.")),
      h("p", {}, h("button", { class: "button button--danger", type: "button", "aria-disabled": count > 0 ? "true" : null, on: { click: () => ctx.signOut(ctx.person) } }, _("Đăng xuất")))),
    h("p", { class: "muted" }, h("a", { href: "/my/week" }, _("Các trang web thường, không cần JavaScript")), " · ", _("Phiên bản {client}, {shell}", { client: CLIENT, shell: ctx.shell })));
  return { title: _("Cài đặt"), node, tab: "" };
}

/** @param {import("../main.js").Context} ctx */
function install(ctx) {
  if (matchMedia("(display-mode: standalone)").matches) return null;
  if (ctx.installable) {
    return notice("info", h("p", {}, _("Cài ra màn hình chính để mở nhanh và để trình duyệt không tự xóa dữ liệu.")),
      h("p", {}, h("button", { class: "button", type: "button", on: { click: () => ctx.install() } }, _("Cài vào máy"))));
  }
  if (/iPhone|iPad/.test(navigator.userAgent)) return notice("warning", h("p", {}, _("Trên iPhone: bấm Chia sẻ, rồi Thêm vào MH chính. Không cài thì Safari tự xóa dữ liệu sau 7 ngày không mở.")));
  return null;
}

/** @param {import("../main.js").Context} ctx */
function languageForm(ctx) {
  const form = /** @type {HTMLFormElement} */ (h("form", { class: "panel" }, radios("language", "Ngôn ngữ / Language", [["vi", "Tiếng Việt"], ["en", "English"]], { value: currentLanguage(), row: true })));
  form.addEventListener("change", () => ctx.speak(valueOf(form, "language")));
  return form;
}

/** @param {import("../main.js").Context} ctx */
function pinForm(ctx) {
  const has = Boolean(ctx.person.pin);
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    textField("pin", has ? _("Mã PIN mới (bỏ trống để thôi dùng)") : _("Mã PIN, 4 chữ số trở lên"), { type: "password", short: true, attributes: { inputmode: "numeric", maxlength: 12, autocomplete: "new-password" }, hint: _("Đừng dùng ngày sinh hay số điện thoại.") }),
    h("p", {}, h("button", { class: "button button--secondary", type: "submit" }, icon("lock"), _("Lưu mã PIN")))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const errors = new Errors();
    const pin = valueOf(form, "pin");
    if (!(has && pin === "") && !/^\d{4,12}$/.test(pin)) errors.add("pin", _("Mã PIN gồm 4 đến 12 chữ số."));
    errors.show(form);
    if (errors.any) return;
    await setPin(ctx.db, ctx.person.user_id, pin);
    ctx.opened(ctx.person.user_id);
    ctx.clean();
    await ctx.refresh({ quiet: true });
    ctx.toast(pin ? _("Đã lưu mã PIN") : _("Đã bỏ mã PIN"));
    ctx.rerender();
  });
  return h("section", { class: "panel", "aria-labelledby": "pin" }, h("h2", { id: "pin" }, _("Mã PIN cho máy dùng chung")),
    h("p", {}, _("Người khác cầm máy sẽ không mở được danh sách của anh/chị. Mã PIN không thay được khóa màn hình của điện thoại.")), form);
}

/** @param {import("../main.js").Context} ctx @param {number} count */
function exportForm(ctx, count) {
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    h("p", {}, _("Chỉ khi không thể gửi: tệp được mã hóa bằng cụm mật khẩu anh/chị đặt, và đọc lại được trên máy khác của chính anh/chị. Mất cụm mật khẩu thì không ai mở được tệp.")),
    textField("seal", _("Đặt cụm mật khẩu cho tệp"), { type: "password", hint: _("Từ {count} ký tự trở lên.", { count: SHORTEST_PASSPHRASE }), attributes: { autocomplete: "new-password", maxlength: 200 } }),
    saveBar(_("Xuất {count} mục chưa gửi", { count }))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const errors = new Errors();
    const passphrase = valueOf(form, "seal");
    if (passphrase.length < SHORTEST_PASSPHRASE) errors.add("seal", _("Từ {count} ký tự trở lên.", { count: SHORTEST_PASSPHRASE }));
    if (!count) errors.add("seal", _("Không còn gì chờ gửi"));
    errors.show(form);
    if (errors.any) return;
    const file = await sealed(ctx.db, ctx.person.user_id, passphrase);
    const address = URL.createObjectURL(file);
    h("a", { href: address, download: `namro-chua-gui-${dateOf(ctx.now())}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    form.reset();
    ctx.clean();
    ctx.toast(_("Đã xuất tệp. Dữ liệu vẫn còn trên máy này."));
  });
  return more(_("Tệp dự phòng (phương án cuối cùng)"), form);
}

/** @param {import("../main.js").Context} ctx */
function importForm(ctx) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: "application/json,.json", id: "f-file", class: "input" }));
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    h("div", { class: "field", "data-field": "file" }, h("label", { class: "field__label", for: "f-file" }, _("Tệp dự phòng đã xuất")), input),
    textField("unseal", _("Cụm mật khẩu của tệp"), { type: "password", attributes: { maxlength: 200 } }),
    saveBar(_("Đọc tệp và gửi"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const errors = new Errors();
    const file = input.files?.[0];
    if (!file) errors.add("file", _("Chọn tệp đã xuất."));
    try {
      if (file) {
        const { events, photos } = await readIn(ctx.db, await file.text(), valueOf(form, "unseal"));
        ctx.clean();
        await ctx.refresh({ quiet: true });
        ctx.toast(_("Đã đọc {events} lượt ghi, {photos} ảnh", { events, photos }));
        ctx.sendNow();
        location.hash = "#/outbox";
        return;
      }
    } catch (error) {
      errors.add("file", error instanceof WrongPerson ? _("Tệp này của người khác. Người đó phải mở mã QR của mình trên máy này trước.") : _("Không mở được tệp: cụm mật khẩu sai, hoặc tệp không nguyên vẹn."));
    }
    errors.show(form);
  });
  return more(_("Đọc lại tệp dự phòng"), form);
}
