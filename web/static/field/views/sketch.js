// @ts-check
/** The alley sketch of a shift. */
import { back, h, icon, pageHeader, svg } from "../dom.js";
import { stateOf, visitsOf } from "../model.js";
import { byHouseNumber, hasPlace, project, scaleMetres } from "../sketch.js";
import { _, spanText } from "../words.js";
import { gone } from "./states.js";

const [WIDTH, HEIGHT, MARGIN] = [340, 380, 34];

/** @param {import("../main.js").Context} ctx @param {string} id */
export function sketchView(ctx, id) {
  const shift = ctx.model.shift.get(Number(id));
  if (!shift) return gone();
  const visits = visitsOf(ctx.model, shift.id);
  const placed = visits.filter(hasPlace);
  const bare = visits.filter((/** @type {any} */ v) => !hasPlace(v)).sort((/** @type {any} */ a, /** @type {any} */ b) => byHouseNumber(a.house_number, b.house_number));
  const node = h("div", {}, back("#/week", _("Tuần của tôi")),
    pageHeader(_("Sơ đồ ngõ"), spanText(shift), placed.length ? _("Vẽ từ tọa độ của các hộ, phía trên là hướng bắc; không phải bản đồ đường.") : ""),
    placed.length > 0 && h("figure", { class: "sketch" }, drawing(ctx, shift, placed), h("figcaption", { class: "visually-hidden" }, _("Vị trí các hộ theo thứ tự đi; danh sách đầy đủ ở dưới."))),
    placed.length > 0 && h("ol", { class: "rows panel" }, placed.map((/** @type {any} */ v) => row(v))),
    bare.length > 0 && [h("h2", { class: "section-title" }, _("Chưa có tọa độ, xếp theo số nhà")), h("ul", { class: "rows panel" }, bare.map((/** @type {any} */ v) => row(v)))]);
  return { title: _("Sơ đồ ngõ"), node, tab: "week", live: true };
}

/** @param {any} visit */
function row(visit) {
  return h("li", { class: "rows__item" }, h("a", { class: "sketch__row", href: `#/visit/${visit.uid}` },
    h("span", { class: "stop__number" }, visit.position), h("span", {}, h("strong", {}, visit.head_name), h("br"), visit.house_number ? `${_("Số nhà {number}", { number: visit.house_number })} · ` : "", visit.address), icon("arrow-right")));
}

/** @param {import("../main.js").Context} ctx @param {any} shift @param {any[]} placed */
function drawing(ctx, shift, placed) {
  const start = hasPlace(shift.origin) ? [shift.origin] : [];
  const { points, metresPerUnit } = project([...start, ...placed], WIDTH, HEIGHT, MARGIN);
  const metres = scaleMetres(metresPerUnit, WIDTH);
  const bar = metres / metresPerUnit;
  const marks = points.slice(start.length);
  return svg("svg", { class: "sketch__paper", viewBox: `0 0 ${WIDTH} ${HEIGHT + 34}`, role: "group", "aria-label": _("Sơ đồ đường đi qua {count} hộ", { count: placed.length }) },
    svg("polyline", { class: "sketch__way", points: points.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(" ") }),
    start.length && svg("g", {}, svg("rect", { class: "sketch__start", x: points[0].x - 8, y: points[0].y - 8, width: 16, height: 16 })),
    placed.map((visit, i) => svg("a", { href: `#/visit/${visit.uid}`, "aria-label": `${visit.position}. ${visit.head_name}` },
      svg("circle", { class: `sketch__mark sketch__mark--${stateOf(ctx.model, visit)}`, cx: marks[i].x, cy: marks[i].y, r: 13 }),
      svg("text", { class: `sketch__number sketch__number--${stateOf(ctx.model, visit)}`, x: marks[i].x, y: marks[i].y + 5 }, visit.position))),
    svg("path", { class: "sketch__scale", d: `M ${MARGIN} ${HEIGHT + 12} v 6 h ${bar.toFixed(1)} v -6` }),
    svg("text", { class: "sketch__note", x: MARGIN + bar + 8, y: HEIGHT + 21 }, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`),
    svg("path", { class: "sketch__scale", d: `M ${WIDTH - 18} ${HEIGHT + 26} v -18 m -5 6 l 5 -6 l 5 6` }),
    svg("text", { class: "sketch__note", x: WIDTH - 34, y: HEIGHT + 26, "text-anchor": "end" }, _("Bắc")));
}
