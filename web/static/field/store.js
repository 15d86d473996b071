// @ts-check
/**
 * What the phone keeps, in IndexedDB. Everything a person recorded is in `outbox` (not yet acknowledged) or in `receipts`
 * (acknowledged, without free text, 14 days); what the server lent us for this and the next week is in `docs`.
 */
import { openDB } from "../vendor/idb/index.js";

/** @typedef {{user: number, key: string, kind: string, rev: string, body: any}} Doc */
/**
 * @typedef {{event_id: string, user: number, counter: number, kind: string, occurred_at: string, plan_version: number|null, body: any,
 *   made_ms: number, attempts: number, problem: {code: string, text: string, later?: boolean}|null, renamed_from: string|null}} Row
 */
/**
 * @typedef {{event_id: string, user: number, counter: number, kind: string, occurred_at: string, plan_version: number|null, body: any, hash: string,
 *   verdict: string, code: string, message_vi: string, message_en: string, flags: string[], received_at: string, epoch: string, erase_ms: number, renamed_from: string|null}} Receipt
 */
/** @typedef {{uuid: string, user: number, shift_id: number, taken_at: string, sha256: string, bytes: ArrayBuffer|null, size: number, made_ms: number,
 *   state: "waiting"|"sent"|"refused", problem: string, erase_ms: number, failed?: number}} Photo */
/** @typedef {{user_id: number, name: string, role: string, language: string, volunteer_id: number|null, counter: number, seat: "ok"|"ended"|"revoked"|"out",
 *   pin: any, expires_ms: number, pulled_ms: number, reviewed: string[], unread?: number}} Person */

export const NAME = "namro-field";
const VERSION = 1;
// The default lets the browser say "done" before the disk has it; what was recorded at a door must survive a flat battery.
export const STRICT = /** @type {any} */ ({ durability: "strict" });

/**
 * Open the phone's database.
 * @param {{onOutdated?: () => void}} [listen] `onOutdated`: another tab brings a newer version; this one must be loaded anew
 * @returns {Promise<any>}
 */
export async function openStore({ onOutdated = () => {} } = {}) {
  const db = await openDB(NAME, VERSION, {
    upgrade(/** @type {any} */ database) {
      database.createObjectStore("docs", { keyPath: ["user", "key"] }).createIndex("user", "user");
      database.createObjectStore("outbox", { keyPath: "event_id" }).createIndex("user", "user");
      database.createObjectStore("receipts", { keyPath: "event_id" }).createIndex("user", "user");
      database.createObjectStore("photos", { keyPath: "uuid" }).createIndex("user", "user");
      database.createObjectStore("people", { keyPath: "user_id" });
      database.createObjectStore("meta");
    },
    blocking() {
      db.close();
      onOutdated();
    },
  });
  return db;
}

/** @param {any} db @param {string} name @param {any} [otherwise] */
export async function recall(db, name, otherwise = null) {
  return (await db.get("meta", name)) ?? otherwise;
}

/** @param {any} db @param {string} name @param {any} value */
export async function remember(db, name, value) {
  await db.put("meta", value, name);
}

/** A version 4 UUID, where the browser offers `randomUUID` only over https too. */
export function uuid4() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Is there no room left on the phone? @param {any} error */
export function isFull(error) {
  return error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
}

/** Take over what a pull brought: what differs, and what is gone. @param {any} db @param {number} user @param {any} answer */
export async function takeOver(db, user, answer) {
  const tx = db.transaction(["docs", "people"], "readwrite");
  const docs = tx.objectStore("docs");
  for (const doc of answer.put) docs.put({ ...doc, user });
  for (const gone of answer.gone) {
    const doc = await docs.get([user, gone.key]);
    docs.delete([user, gone.key]);
    // Nothing vanishes without a word; but whose door it was is nobody's business any more.
    if (doc?.kind === "visit" && gone.reason !== "week_over") docs.put(tombstone(user, doc.body, gone.reason));
  }
  for (const doc of answer.put) if (doc.kind === "visit") docs.delete([user, `gone:${doc.body.uid}`]);
  const people = tx.objectStore("people");
  const person = await people.get(user);
  if (person) {
    const expires_ms = Date.parse(answer.expires_at);
    people.put({ ...person, ...known(answer.person), unread: answer.unread ?? 0, expires_ms, pulled_ms: Date.parse(answer.now), seat: "ok" });
  }
  await tx.done;
}

/** @param {number} user @param {any} visit @param {string} reason @returns {Doc} */
function tombstone(user, visit, reason) {
  const { uid, shift_id, position } = visit;
  return { user, key: `gone:${uid}`, kind: "gone", rev: "", body: { uid, shift_id, position, reason } };
}

/** The parts of a person that the server tells. @param {any} told */
export function known(told) {
  const { user_id, name, role, language, volunteer_id } = told;
  return { user_id, name, role, language, volunteer_id };
}

/** What we have, for the server to compare: key → revision. @param {any} db @param {number} user */
export async function revisions(db, user) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const doc of await db.getAllFromIndex("docs", "user", user)) if (doc.kind !== "gone") found[doc.key] = doc.rev;
  return found;
}

/** Erase a person's lists from this phone; never what they recorded. @param {any} db @param {number} user */
export async function eraseDocs(db, user) {
  const tx = db.transaction("docs", "readwrite");
  for (const key of await tx.store.index("user").getAllKeys(user)) tx.store.delete(key);
  await tx.done;
}
