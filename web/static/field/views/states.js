// @ts-check
/** What stands in the way, said plainly with its cure: no line, a seat that ended, a wrong clock, an expired list, a full phone … */
import { empty, h, icon, notice } from "../dom.js";
import { unsent } from "../model.js";
import { _, momentText } from "../words.js";

const CLOCK_MS = 300_000;
const LONG_MS = 86_400_000;

/** A thing that is no longer on this phone. @param {string} [why] */
export function gone(why = "") {
  const node = empty(_("Không còn trong danh sách"), (why ? `${why}. ` : "") + _("Lượt thăm này đã được rút hoặc giao cho tổ khác. Những gì anh/chị đã ghi vẫn được giữ và gửi."), "info",
    h("a", { class: "button", href: "#/week" }, _("Về tuần của tôi")));
  node.querySelector("h2")?.replaceWith(h("h1", { tabindex: "-1" }, _("Không còn trong danh sách")));
  return { title: _("Không còn trong danh sách"), node, tab: "week", live: true };
}

/** One line for the strip on top of every screen. @param {import("../main.js").Context} ctx */
export function syncText(ctx) {
  const { status } = ctx;
  if (status.phase === "sending") return status.total ? _("Đang gửi {sent}/{total}…", { sent: status.sent, total: status.total }) : _("Đang gửi…");
  if (status.phase === "photos") return _("Đang gửi ảnh…");
  if (status.phase === "loading") return status.loaded ? _("Đang tải… {kb} KB", { kb: Math.ceil(status.loaded / 1000) }) : _("Đang tải…");
  if (status.phase === "asking") return _("Đang kết nối…");
  if (status.line === false) return _("Không có mạng");
  if (status.trouble?.kind === "busy") return _("Máy chủ bận, sẽ tự gửi lại");
  if (status.trouble) return _("Máy chủ gặp lỗi, sẽ tự gửi lại");
  if (ctx.person?.seat === "ended" || ctx.person?.seat === "revoked") return _("Cần quét lại mã QR");
  return status.done_ms ? _("Đã kết nối") : "";
}

/** How much waits, in words. @param {import("../main.js").Context} ctx */
export function waitingText(ctx) {
  const { events, photos } = unsent(ctx.model);
  if (!events && !photos) return _("Không còn gì chờ gửi");
  return [events && _("{count} lượt chờ gửi", { count: events }), photos && _("{count} ảnh chờ gửi", { count: photos })].filter(Boolean).join(", ");
}

/** @param {import("../main.js").Context} ctx @returns {HTMLElement[]} */
export function banners(ctx) {
  const { status, model, person } = ctx;
  const now = ctx.now();
  const found = [];
  if (ctx.switchedOff) found.push(notice("error", h("p", {}, h("strong", {}, _("Trực ban đã tạm tắt ứng dụng này.")), " ", _("Những gì đã ghi vẫn gửi được. Hãy ghi tiếp trên trang web thường.")), h("p", {}, h("a", { class: "button", href: "/my/week" }, _("Mở trang web thường")))));
  if (person.seat === "revoked") found.push(notice("error", h("p", {}, h("strong", {}, _("Máy này đã bị trực ban thu hồi.")), " ", _("Danh sách đã được xóa khỏi máy. Những gì chưa gửi vẫn còn; quét mã QR mới để gửi."))));
  else if (person.seat === "ended") found.push(notice("warning", h("p", {}, h("strong", {}, _("Phiên của anh/chị đã hết.")), " ", _("Mọi thứ đã ghi vẫn còn trên máy và vẫn ghi tiếp được. Xin trực ban mã QR mới, mở mã bằng chính máy này, là gửi được."))));
  if (person.expires_ms && person.expires_ms < now - status.clock_ms) found.push(notice("warning", h("p", {}, h("strong", {}, _("Danh sách đã hết hạn và đã được xóa khỏi máy.")), " ", _("Mở ứng dụng khi có mạng để tải danh sách mới."))));
  if (status.trouble?.kind === "old") found.push(notice("warning", h("p", {}, h("strong", {}, _("Ứng dụng đã cũ.")), " ", _("Những gì đã ghi vẫn gửi được; đóng mở lại ứng dụng khi có mạng để có bản mới."))));
  if (Math.abs(status.clock_ms) > CLOCK_MS) found.push(notice("warning", h("p", {}, h("strong", {}, _("Đồng hồ điện thoại sai {minutes} phút.", { minutes: Math.round(Math.abs(status.clock_ms) / 60_000) })), " ", _("Hãy bật giờ tự động trong Cài đặt của máy. Lượt đã ghi vẫn được nhận."))));
  const oldest = Math.min(...model.rows.map((/** @type {any} */ r) => r.made_ms), ...model.photos.filter((/** @type {any} */ p) => p.state === "waiting").map((/** @type {any} */ p) => p.made_ms));
  if (now - oldest > LONG_MS) found.push(notice("warning", h("p", {}, h("strong", {}, _("Có lượt ghi chờ hơn một ngày (từ {when}).", { when: momentText(oldest, now) })), " ", _("Hãy tìm nơi có mạng và bấm Gửi ngay.")), h("p", {}, h("a", { class: "button button--secondary", href: "#/outbox" }, icon("send"), _("Xem và gửi")))));
  if (!ctx.worker) found.push(notice("info", h("p", {}, h("strong", {}, _("Chỉ dùng được khi có mạng.")), " ", window.isSecureContext ? _("Trình duyệt này không giữ được ứng dụng trên máy. Hãy mở bằng Chrome, Edge, Cốc Cốc hoặc Safari, không ở chế độ ẩn danh.") : _("Địa chỉ này không phải https nên trình duyệt không cho mở ứng dụng khi mất mạng. Điều đã ghi vẫn được giữ trên máy cho tới khi gửi được."))));
  return found;
}

/** Nobody on this phone yet. @param {import("../main.js").Context} ctx */
export function nobody(ctx) {
  const waiting = ctx.status.phase !== "idle" || !ctx.status.line;
  const offline = ctx.status.line === false;
  const title = offline ? _("Không có mạng") : waiting ? _("Đang mở lần đầu…") : _("Máy này chưa được ghi danh");
  const text = offline ? _("Lần mở đầu tiên cần có mạng. Ứng dụng sẽ tự thử lại.") : waiting ? _("Đang hỏi máy chủ máy này là của ai.") : _("Xin trực ban mã QR của anh/chị, quét bằng chính điện thoại này (mã dùng một lần, trong 24 giờ).");
  const node = empty(title, text, offline ? "offline" : "device",
    waiting && !offline && h("progress", { class: "progress", "aria-label": _("Đang tải") }),
    offline && h("button", { class: "button", type: "button", on: { click: () => ctx.sendNow() } }, _("Thử lại")),
    h("p", {}, h("a", { href: "/my/week" }, _("Dùng các trang web thường"))));
  node.querySelector("h2")?.replaceWith(h("h1", { tabindex: "-1" }, title));
  return { title, node, tab: "", live: true };
}

/** The browser gives us no place to keep anything. */
export function noStore() {
  return h("div", { class: "empty" }, icon("warning"), h("h1", { tabindex: "-1" }, _("Trình duyệt không cho lưu trên máy")),
    h("p", {}, _("Hãy thoát chế độ ẩn danh, hoặc giải phóng bộ nhớ máy, rồi mở lại. Trong lúc đó dùng các trang web thường.")),
    h("p", {}, h("a", { class: "button", href: "/my/week" }, _("Dùng các trang web thường"))));
}
