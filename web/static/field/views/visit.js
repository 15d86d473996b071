// @ts-check
/** The card of one visit: who lives there, what is to be done, what to mind, and the buttons for what happened at the door. */
import { back, badge, h, icon, lines, notice } from "../dom.js";
import { COMMON, goneText, needState, outcomeText, RARE, serviceText, STANDINGS, VISIT_STATES } from "../codes.js";
import { hasPlace } from "../sketch.js";
import { saidOf, stateOf } from "../model.js";
import { _, currentLanguage, dayText, hourText, momentText, said } from "../words.js";
import { callLink, promiseText } from "./week.js";
import { gone } from "./states.js";

const FIVE_ICONS = ["people", "task", "clock", "target", "shield", "shield"];

/** @param {import("../main.js").Context} ctx @param {string} uid */
export function visitView(ctx, uid) {
  const visit = ctx.model.visit.get(uid);
  if (!visit) {
    const stone = ctx.model.gone.find((/** @type {any} */ g) => g.uid === uid);
    return gone(stone && goneText(stone.reason));
  }
  const recorded = saidOf(ctx.model, visit);
  const state = stateOf(ctx.model, visit);
  const node = h("div", {},
    back("#/week", _("Tuần của tôi")),
    h("header", { class: "visit-head" },
      h("p", { class: "page-header__eyebrow" }, placeInList(visit, ctx.now())),
      h("h1", { tabindex: "-1" }, visit.head_name),
      h("p", { class: "visit-head__place" }, icon("place"), " ", visit.address, visit.hamlet && !visit.address.toLowerCase().includes(visit.hamlet.toLowerCase()) && `, ${visit.hamlet}`),
      h("p", { class: "visit-head__tools" }, badge(...words(VISIT_STATES[state])), directions(visit)),
      visit.reserve && !recorded && h("p", {}, _("Hộ dự phòng: quá {hour} thì bỏ qua, không tính bỏ lỡ", { hour: hourText(visit.starts_at) }))),
    recorded && recordedNotice(ctx, visit, recorded),
    visit.state === "withdrawn" && !recorded && notice("warning", h("p", {}, withdrawnText(visit)), h("p", {}, _("Nếu đã đến đó rồi, cứ ghi: công của anh/chị vẫn được tính."))),
    hints(visit, ctx.now()),
    h("section", { class: "panel", "aria-labelledby": "people" },
      h("h2", { id: "people" }, _("Làm gì, cho ai")),
      visit.residents.map((/** @type {any} */ r) => person(ctx, visit, r)),
      h("p", { class: "panel__foot" }, h("a", { class: "button button--secondary", href: `#/found/${visit.uid}` }, icon("plus"), _("Thêm người, thêm hộ gặp được")))),
    fiveClear(visit),
    !recorded && h("section", { "aria-labelledby": "other-outcomes" },
      h("h2", { id: "other-outcomes" }, _("Trường hợp khác")),
      h("div", { class: "door door--more" }, RARE.map((code) => doorButton(ctx, visit, code)))));
  return { title: visit.head_name, node, live: true, tab: "week", bottom: !recorded && doorBar(ctx, visit) };
}

/** @param {[string, string, string]} state @returns {[string, string, string]} */
function words([kind, picture, text]) {
  return [kind, picture, _(text)];
}

/** The hour of a reserve door is until when to go there, not when the crew is there. @param {any} visit @param {number} now */
function placeInList(visit, now) {
  const facts = { position: visit.position, when: momentText(visit.starts_at, now) };
  return visit.reserve ? _("Hộ thứ {position}, dự phòng, trước {when}", facts) : _("Hộ thứ {position}, khoảng {when}", facts);
}

/** @param {any} visit */
function withdrawnText(visit) {
  return goneText(visit.withdrawn_reason);
}

/** Lead to the phone's own map. @param {any} visit */
function directions(visit) {
  const where = hasPlace(visit) ? `${visit.lat},${visit.lon}` : `${visit.address}, ${visit.hamlet}`;
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  const android = /Android/.test(navigator.userAgent);
  const point = hasPlace(visit) ? `geo:${where}?q=${where}(${encodeURIComponent(visit.head_name)})` : `geo:0,0?q=${encodeURIComponent(where)}`;
  const href = android ? point : apple ? `https://maps.apple.com/?daddr=${encodeURIComponent(where)}` : `https://www.openstreetmap.org/search?query=${encodeURIComponent(where)}`;
  return h("a", { class: "button button--secondary button--small", href, target: android ? null : "_blank", rel: "noreferrer" }, icon("route"), _("Chỉ đường"));
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {import("../model.js").Said} recorded */
function recordedNotice(ctx, visit, recorded) {
  const [kind, picture, text] = STANDINGS[recorded.standing] ?? STANDINGS.accepted;
  const receipt = recorded.receipt;
  const told = receipt && (currentLanguage() === "en" ? receipt.message_en : receipt.message_vi);
  const canUndo = recorded.row && recorded.row.attempts === 0;
  const canCorrect = !canUndo && recorded.can_correct;
  const tone = ["quarantined", "problem", "conflict"].includes(recorded.standing) ? "warning" : "success";
  return notice(tone,
    h("p", {}, h("strong", {}, _("Đã ghi: {outcome}", { outcome: outcomeText(ctx.model.campaign, recorded.outcome) })), `, ${momentText(recorded.occurred_at, ctx.now())}`, recorded.by && `, ${recorded.by}`),
    h("p", {}, badge(kind, picture, _(text))),
    told && receipt.verdict !== "accepted" && h("p", {}, told),
    recorded.row?.body.note && h("p", {}, lines(recorded.row.body.note)),
    canUndo && h("p", {}, h("button", { class: "button button--secondary", type: "button", on: { click: () => ctx.undo(recorded.event_id) } }, icon("undo"), _("Hoàn tác"))),
    canCorrect && h("p", {}, h("a", { class: "button button--secondary", href: `#/door/${visit.uid}/${recorded.outcome}?corrects=${recorded.event_id}` }, icon("undo"), _("Ghi nhầm? Sửa lại"))),
    !canUndo && recorded.outcome === "refused" && h("p", {}, _("Lời từ chối chỉ trực ban mới sửa được.")));
}

/** Dog, language, promised hour, what happened last time. @param {any} visit @param {number} now */
function hints(visit, now) {
  const told = [
    promiseText(visit) && h("p", {}, h("strong", {}, `${promiseText(visit)}, ${momentText(visit.promise.starts_at, now)}`)),
    visit.note && h("p", {}, lines(visit.note)),
    visit.languages?.length > 0 && h("p", {}, _("Nói tiếng: {languages}", { languages: visit.languages.join(", ") })),
    visit.needs_woman && h("p", {}, _("Cần có nữ trong tổ khi vào nhà.")),
    visit.last && h("p", {}, _("Lần trước ({day}): {outcome}", { day: dayText(visit.last.on_date), outcome: outcomeText(null, visit.last.outcome) }), visit.last.note && [". ", visit.last.note]),
  ].filter(Boolean);
  return told.length > 0 && notice("warning", ...told);
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {any} resident */
function person(ctx, visit, resident) {
  const facts = [resident.relation, resident.birth_year && _("sinh {year}", { year: resident.birth_year })].filter(Boolean).join(", ");
  return h("div", { class: "person" },
    h("h3", {}, resident.name),
    facts && h("p", { class: "muted" }, facts),
    h("p", { class: "person__tools" }, resident.phone && callLink(resident.phone, resident.name),
      h("a", { class: "button button--quiet button--small", href: `#/facts/${visit.uid}/${resident.id}` }, _("Sửa thông tin"), h("span", { class: "visually-hidden" }, ` ${resident.name}`))),
    h("ul", { class: "needs" }, resident.needs.map((/** @type {any} */ need) => {
      const [kind, picture, text] = needState(need.state);
      return h("li", {}, need.state === "open" && icon(picture), h("span", {}, serviceText(ctx.model.campaign, need.service_id)), need.state !== "open" && badge(kind, picture, _(text)));
    })));
}

/** @param {any} visit */
function fiveClear(visit) {
  return h("dl", { class: "five-clear" }, visit.five_clear.map((/** @type {any} */ clear, /** @type {number} */ i) => h("div", {},
    h("dt", {}, h("span", { class: "five-clear__mark" }, icon(FIVE_ICONS[i] ?? "shield")), said(clear, "title")),
    h("dd", {}, lines(said(clear, "text"))))));
}

/** @param {import("../main.js").Context} ctx @param {any} visit */
function doorBar(ctx, visit) {
  return h("nav", { class: "bottom-bar", "aria-label": _("Ghi kết quả tại cửa") },
    h("div", { class: "bottom-bar__inner door" }, COMMON.map((code) => doorButton(ctx, visit, code))));
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {string} code */
function doorButton(ctx, visit, code) {
  return h("a", { class: `door__button door__button--${code}`, href: `#/door/${visit.uid}/${code}` }, icon(`outcome-${code}`), outcomeText(ctx.model.campaign, code));
}
