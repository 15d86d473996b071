// @ts-check
/** An alley sketch from coordinates alone: no map to load. Where a household has none, house numbers give the order. */

const METRES_PER_DEGREE = 111_320;
const GAP = 30; // between two marks, in the sketch's own units: a mark is 26 wide

/** @typedef {{lat: number|null, lon: number|null}} Place */
/** @typedef {{x: number, y: number}} Point */

/** @param {Place} place */
export function hasPlace(place) {
  return Number.isFinite(place?.lat) && Number.isFinite(place?.lon) && place.lat !== null && place.lon !== null;
}

/**
 * Fit places into a box, north up, one scale for both directions, marks apart.
 * @param {Place[]} places each with coordinates @param {number} width @param {number} height @param {number} margin
 * @returns {{points: Point[], metresPerUnit: number}}
 */
export function project(places, width, height, margin) {
  const lats = places.map((p) => Number(p.lat));
  const lons = places.map((p) => Number(p.lon));
  const middle = (Math.min(...lats) + Math.max(...lats)) / 2;
  const xs = lons.map((lon) => (lon - lons[0]) * METRES_PER_DEGREE * Math.cos((middle * Math.PI) / 180));
  const ys = lats.map((lat) => (lats[0] - lat) * METRES_PER_DEGREE);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const metresPerUnit = Math.max((right - left) / (width - 2 * margin), (bottom - top) / (height - 2 * margin), 0.05);
  const points = xs.map((x, i) => ({
    x: width / 2 + (x - (left + right) / 2) / metresPerUnit,
    y: height / 2 + (ys[i] - (top + bottom) / 2) / metresPerUnit,
  }));
  return { points: apart(points, width, height, margin / 2), metresPerUnit };
}

/** Push marks that would cover each other apart, a little at a time. @param {Point[]} points @param {number} width @param {number} height @param {number} edge */
function apart(points, width, height, edge) {
  const moved = points.map((p) => ({ ...p }));
  for (let round = 0; round < 60; round += 1) {
    let still = true;
    for (let i = 0; i < moved.length; i += 1) {
      for (let j = i + 1; j < moved.length; j += 1) {
        const dx = moved[j].x - moved[i].x || 0.5 + i * 0.01;
        const dy = moved[j].y - moved[i].y || 0.25;
        const distance = Math.hypot(dx, dy);
        if (distance >= GAP) continue;
        still = false;
        const push = (GAP - distance) / 2 / distance;
        moved[i].x -= dx * push; moved[i].y -= dy * push;
        moved[j].x += dx * push; moved[j].y += dy * push;
      }
    }
    for (const p of moved) {
      p.x = Math.min(width - edge, Math.max(edge, p.x));
      p.y = Math.min(height - edge, Math.max(edge, p.y));
    }
    if (still) break;
  }
  return moved;
}

/** A round length of a scale bar about a quarter of the width. @param {number} metresPerUnit @param {number} width */
export function scaleMetres(metresPerUnit, width) {
  const wanted = (metresPerUnit * width) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [5, 2, 1].map((n) => n * power).find((n) => n <= wanted) ?? power;
}

/** Compare house numbers as people read them: 9 before 10, 12 before 12A, 12 before 12/3. @param {string} one @param {string} other */
export function byHouseNumber(one, other) {
  const parts = (/** @type {string} */ text) => (text || "").toUpperCase().match(/\d+|\p{L}+/gu) ?? [];
  const [a, b] = [parts(one), parts(other)];
  if (!a.length || !b.length) return b.length - a.length;
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    if (a[i] === undefined || b[i] === undefined) return a[i] === undefined ? -1 : 1;
    const difference = Number(a[i]) - Number(b[i]);
    if (difference) return difference;
    if (Number.isNaN(difference) && a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}
