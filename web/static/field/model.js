// @ts-check
/** What the screens show: the server's documents with what this phone recorded since laid over them. */
import { receipts, waiting } from "./outbox.js";
import { photos } from "./photo_queue.js";

/** @typedef {{event_id: string, outcome: string, occurred_at: string, by: string, mine: boolean, can_correct: boolean, standing: string, receipt: any, row: any}} Said */

/**
 * @param {any} db @param {import("./store.js").Person} person
 */
export async function loadModel(db, person) {
  const user = person.user_id;
  const [docs, rows, kept, pictures] = await Promise.all([
    db.getAllFromIndex("docs", "user", user), waiting(db, user), receipts(db, user), photos(db, user),
  ]);
  const of = (/** @type {string} */ kind) => docs.filter((/** @type {any} */ d) => d.kind === kind).map((/** @type {any} */ d) => d.body);
  const shifts = of("shift").sort(by("starts_at"));
  const visits = of("visit").sort(by("position"));
  return {
    person, rows, receipts: kept, photos: pictures, empty: docs.length === 0,
    campaign: of("campaign")[0] ?? null, desk: of("desk")[0] ?? { days: [] }, mine: of("mine")[0] ?? null,
    shifts, visits, availability: of("availability").sort(by("monday")),
    gone: of("gone").sort(by("position")),
    visit: new Map(visits.map((/** @type {any} */ v) => [v.uid, v])),
    shift: new Map(shifts.map((/** @type {any} */ s) => [s.id, s])),
  };
}

/** @typedef {Awaited<ReturnType<typeof loadModel>>} Model */

/** @param {string} key */
function by(key) {
  return (/** @type {any} */ a, /** @type {any} */ b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
}

/** The visits of a shift in walking order. @param {Model} model @param {number} shiftId */
export function visitsOf(model, shiftId) {
  return model.visits.filter((/** @type {any} */ v) => v.shift_id === shiftId);
}

/** What is said of a visit: what waits here, else what the server has, else what it acknowledged. @param {Model} model @param {any} visit @returns {Said|null} */
export function saidOf(model, visit) {
  const about = (/** @type {any} */ e) => e.kind === "visit" && e.body.assignment_uid === visit.uid;
  const row = model.rows.filter(about).at(-1);
  if (row) return said(row, row.problem ? "problem" : "waiting", model, { row });
  const receipt = model.receipts.filter(about).at(-1);
  if (visit.recorded && (!receipt || receipt.event_id === visit.recorded.event_id || receipt.verdict === "quarantined" || superseded(receipt, visit))) {
    const verdict = receipt && receipt.event_id === visit.recorded.event_id ? receipt.verdict : "accepted";
    return { ...visit.recorded, standing: verdict ?? "accepted", receipt: receipt ?? null, row: null };
  }
  return receipt ? said(receipt, receipt.verdict, model, { receipt }) : null;
}

/** @param {any} receipt @param {any} visit */
function superseded(receipt, visit) {
  return Date.parse(visit.recorded.occurred_at) > Date.parse(receipt.occurred_at);
}

/** @param {any} event @param {string} standing @param {Model} model @param {any} more @returns {Said} */
function said(event, standing, model, more) {
  const { event_id, occurred_at, body } = event;
  // A refusal is final: only the desk takes it back.
  return { event_id, outcome: body.outcome, occurred_at, by: model.person.name, mine: true, can_correct: body.outcome !== "refused", standing, receipt: null, row: null, ...more };
}

/** planned, due, done, missed, spared, withdrawn: by the server, or done by what was recorded here. @param {Model} model @param {any} visit */
export function stateOf(model, visit) {
  return saidOf(model, visit) ? "done" : visit.state;
}

/** The next visit to go to: the first one ahead in the first shift that is not over. Past its hour a reserve door is left out. @param {Model} model @param {number} now */
export function upcoming(model, now) {
  for (const shift of model.shifts) {
    if (Date.parse(shift.ends_at) <= now) continue;
    const next = visitsOf(model, shift.id).find((/** @type {any} */ v) => ["planned", "due"].includes(stateOf(model, v)) && !(v.reserve && Date.parse(v.starts_at) < now));
    if (next) return { shift, visit: next };
  }
  return null;
}

/** How much is not yet at the server: what waits, and what it could not take. @param {Model} model */
export function unsent(model) {
  return { events: model.rows.length, photos: model.photos.filter((/** @type {any} */ p) => p.state !== "sent").length };
}

/** The free periods of a week, as last ticked here or as the server has them. @param {Model} model @param {any} week @returns {Set<string>} */
export function freePeriods(model, week) {
  const about = (/** @type {any} */ e) => e.kind === "availability" && e.body.monday === week.monday;
  const local = [...unpulled(model), ...model.rows].filter(about).at(-1);
  if (local) return new Set(local.body.free);
  return new Set(week.cells.filter((/** @type {any} */ c) => c.available).map((/** @type {any} */ c) => `${c.on_date}_${c.period}`));
}

/** A resident's facts as last noted here or as the server has them. @param {Model} model @param {any} resident @returns {any} */
export function factsOf(model, resident) {
  const noted = [...unpulled(model), ...model.rows].filter((e) => e.kind === "facts" && e.body.resident_id === resident.id);
  const changes = noted.flatMap((e) => Object.entries(e.body.changes).map(([name, change]) => [name, change.to]));
  return { ...resident, ...Object.fromEntries(changes) };
}

/** What the server has taken since it last told what it has. @param {Model} model */
function unpulled(model) {
  return model.receipts.filter((r) => ["accepted", "duplicate"].includes(r.verdict) && Date.parse(r.received_at) > model.person.pulled_ms);
}

/** Households found near a visit that the list does not know yet, and how many people were noted of each; acknowledged ones have no name any more.
 * @param {Model} model @param {any} visit @returns {{uid: string, name: string, occurred_at: string, people: number}[]} */
export function housesFound(model, visit) {
  const events = [...model.receipts, ...model.rows];
  const people = (/** @type {string} */ uid) => events.filter((e) => e.kind === "found_resident" && e.body.household_uid === uid).length;
  return events.filter((e) => e.kind === "found_household" && e.body.near_household_id === visit.household_id)
    .map((e) => ({ uid: e.body.household_uid, name: e.body.head_name, occurred_at: e.occurred_at, people: people(e.body.household_uid) }));
}

/** Has this person said that they cannot come? @param {Model} model @param {any} shift */
export function declined(model, shift) {
  const about = (/** @type {any} */ e) => ["decline", "undecline"].includes(e.kind) && e.body.shift_id === shift.id;
  const last = [...model.receipts, ...model.rows].filter(about).at(-1);
  if (last) return last.kind === "decline";
  return shift.crew.some((/** @type {any} */ m) => m.volunteer_id === model.person.volunteer_id && m.absent);
}
