// @ts-check
/** What was recorded and is not yet acknowledged, and the receipts of what is. A row is never changed under another's name, never dropped without a verdict. */
import { STRICT, uuid4 } from "./store.js";
import { deviceTime } from "./words.js";

const DAY_MS = 86_400_000;
export const RECEIPT_DAYS = 14;
const UNCONFIRMED_DAYS = 60; // so long a receipt waits to be said again after a backup was restored: its person may not be back sooner
export const BATCH = 50;
export const SETTLED = ["accepted", "duplicate", "off_assignment", "quarantined"];
// Free text and names of people: what a receipt need not say again to be known by its hash.
const FREE_TEXT = ["note", "reason", "name", "head_name", "address", "phone"];

/**
 * Keep an event; when the promise is fulfilled it is on the disk, and only then may the screen say so.
 * @param {any} db @param {number} user @param {string} kind @param {any} body @param {{now: number, plan_version?: number|null, occurred_ms?: number}} when
 * @returns {Promise<import("./store.js").Row>}
 */
export async function record(db, user, kind, body, { now, plan_version = null, occurred_ms = now }) {
  const tx = db.transaction(["people", "outbox"], "readwrite", STRICT);
  const people = tx.objectStore("people");
  const person = await people.get(user);
  if (!person || person.seat === "out") {
    tx.abort();
    await tx.done.catch(() => {});
    throw new Error("nobody by this number on this phone");
  }
  const counter = person.counter + 1;
  const row = {
    event_id: uuid4(), user, counter, kind, occurred_at: deviceTime(occurred_ms), plan_version, body,
    made_ms: now, attempts: 0, problem: null, renamed_from: null,
  };
  people.put({ ...person, counter });
  tx.objectStore("outbox").add(row);
  await tx.done;
  return row;
}

/**
 * Take an event back, while it has not been sent even once; a new household with the people noted of it, who came later and so were not sent either.
 * @param {any} db @param {string} event_id @returns {Promise<number>} how many events were taken back
 */
export async function undo(db, event_id) {
  const tx = db.transaction("outbox", "readwrite", STRICT);
  const row = await tx.store.get(event_id);
  const gone = [];
  if (row?.attempts === 0) {
    const its = (/** @type {any} */ other) => row.kind === "found_household" && other.kind === "found_resident" && other.body.household_uid === row.body.household_uid;
    gone.push(row, ...(await tx.store.index("user").getAll(row.user)).filter((/** @type {any} */ other) => its(other) && other.attempts === 0));
  }
  for (const each of gone) tx.store.delete(each.event_id);
  await tx.done;
  return gone.length;
}

/** @param {any} db @param {number} [user] everyone's where not given @returns {Promise<import("./store.js").Row[]>} in the order of their making */
export async function waiting(db, user) {
  const rows = user === undefined ? await db.getAll("outbox") : await db.getAllFromIndex("outbox", "user", user);
  return rows.sort((/** @type {any} */ a, /** @type {any} */ b) => a.user - b.user || a.counter - b.counter);
}

/** @param {any} db @param {number} user @returns {Promise<import("./store.js").Receipt[]>} */
export async function receipts(db, user) {
  const found = await db.getAllFromIndex("receipts", "user", user);
  return found.sort((/** @type {any} */ a, /** @type {any} */ b) => a.counter - b.counter);
}

/**
 * Take the next batch to send for one person, and note that it has been tried: from now on it can be corrected, not undone.
 * @param {any} db @param {number} user @param {{limit?: number, madeBefore?: number, only?: string[]|null}} [which]
 * @returns {Promise<import("./store.js").Row[]>}
 */
export async function take(db, user, { limit = BATCH, madeBefore = Infinity, only = null } = {}) {
  const tx = db.transaction("outbox", "readwrite", STRICT);
  const rows = await tx.store.index("user").getAll(user);
  const chosen = rows
    .filter((/** @type {any} */ row) => !row.problem && row.made_ms <= madeBefore && (!only || only.includes(row.event_id)))
    .sort((/** @type {any} */ a, /** @type {any} */ b) => a.counter - b.counter)
    .slice(0, limit);
  for (const row of chosen) tx.store.put({ ...row, attempts: row.attempts + 1 });
  await tx.done;
  return chosen;
}

/** Take the one that was tried least of those at which the server failed, to be sent alone. @param {any} db @param {number} user @returns {Promise<import("./store.js").Row|undefined>} */
export async function takeFailed(db, user) {
  const tx = db.transaction("outbox", "readwrite", STRICT);
  const rows = (await tx.store.index("user").getAll(user)).filter((/** @type {any} */ row) => row.problem?.later);
  const [row] = rows.sort((/** @type {any} */ a, /** @type {any} */ b) => a.attempts - b.attempts || a.counter - b.counter);
  if (row) tx.store.put({ ...row, attempts: row.attempts + 1 });
  await tx.done;
  return row;
}

/** The event as the server takes it. @param {import("./store.js").Row | import("./store.js").Receipt} row */
export function asEvent(row) {
  const { event_id, counter, kind, occurred_at, plan_version, body } = row;
  return { event_id, counter, kind, occurred_at, plan_version, body };
}

/**
 * Apply the verdicts of a batch, each to the row it names; what got no verdict stays.
 * @param {any} db @param {number} user @param {import("./store.js").Row[]} sent @param {any[]} verdicts @param {string} epoch @param {number} now
 * @returns {Promise<{settled: number, renamed: number}>}
 */
export async function settle(db, user, sent, verdicts, epoch, now) {
  const ours = new Map(sent.map((row) => [row.event_id, row]));
  const tx = db.transaction(["outbox", "receipts"], "readwrite", STRICT);
  const outbox = tx.objectStore("outbox");
  let settled = 0;
  let renamed = 0;
  for (const verdict of verdicts) {
    const row = ours.get(verdict.event_id);
    if (!row || row.user !== user) continue;
    if (SETTLED.includes(verdict.verdict)) {
      tx.objectStore("receipts").put(receiptOf(row, verdict, epoch, now));
      outbox.delete(row.event_id);
      settled += 1;
    } else if (verdict.verdict === "conflict") {
      // The id is taken by another's event, however that came about: ours goes again under a new one, and the desk sees both.
      outbox.delete(row.event_id);
      outbox.put({ ...row, event_id: uuid4(), attempts: 1, renamed_from: row.event_id });
      renamed += 1;
    }
  }
  await tx.done;
  return { settled, renamed };
}

/** @param {any} row @param {any} verdict @param {string} epoch @param {number} now @returns {import("./store.js").Receipt} */
function receiptOf(row, verdict, epoch, now) {
  const { verdict: word, code, message_vi, message_en, flags, hash, received_at } = verdict;
  return {
    ...asEvent(row), body: withoutText(row.body), user: row.user, verdict: word, code, message_vi, message_en, flags: flags ?? [], hash, received_at,
    epoch, erase_ms: now + RECEIPT_DAYS * DAY_MS, renamed_from: row.renamed_from,
  };
}

/** A body without what people wrote; its shape stays, so that the server can still read it. @param {any} value @returns {any} */
export function withoutText(value) {
  if (Array.isArray(value)) return value.map(withoutText);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    if (FREE_TEXT.includes(key) && typeof inner === "string") return [key, ""];
    if (key === "changes") return [key, Object.fromEntries(Object.entries(inner).filter(([fact]) => fact !== "phone"))];
    return [key, withoutText(inner)];
  }));
}

/** Note why an event was not taken; it waits for the person to see it, and blocks nothing; `later`: until it is tried again. @param {any} db @param {string} event_id @param {import("./store.js").Row["problem"]} problem */
export async function setAside(db, event_id, problem) {
  const tx = db.transaction("outbox", "readwrite", STRICT);
  const row = await tx.store.get(event_id);
  if (row) tx.store.put({ ...row, problem });
  await tx.done;
}

/** Receipts the server of this epoch has not answered: to be sent again after a backup was restored. @param {any} db @param {number} user @param {string} epoch */
export async function fromAnotherLife(db, user, epoch) {
  return (await receipts(db, user)).filter((receipt) => receipt.epoch !== epoch);
}

/**
 * The server of this epoch has answered receipts. What it lacked it has only now: the receipt's days begin anew, for a backup made before today lacks it too.
 * @param {any} db @param {number} user @param {any[]} sent @param {any[]} verdicts @param {string} epoch
 */
export async function confirmReceipts(db, user, sent, verdicts, epoch) {
  const ours = new Map(sent.map((receipt) => [receipt.event_id, receipt]));
  const tx = db.transaction("receipts", "readwrite", STRICT);
  for (const verdict of verdicts) {
    const receipt = ours.get(verdict.event_id);
    if (!receipt || receipt.user !== user) continue;
    const { verdict: word, code, message_vi, message_en, flags } = verdict;
    // By when the server says it got it: a first answer that was lost on the way makes "accepted" a "duplicate".
    const erase_ms = Math.max(receipt.erase_ms, Date.parse(verdict.received_at) + RECEIPT_DAYS * DAY_MS);
    tx.store.put({ ...receipt, verdict: word, code, message_vi, message_en, flags: flags ?? [], epoch, erase_ms });
  }
  await tx.done;
}

/** Erase what was acknowledged 14 days ago; receipts only once the present life of the server has confirmed them. @param {any} db @param {number} now @param {string} epoch */
export async function forgetOld(db, now, epoch) {
  const tx = db.transaction(["receipts", "photos"], "readwrite");
  const [kept, pictures] = [tx.objectStore("receipts"), tx.objectStore("photos")];
  for (const receipt of await kept.getAll()) {
    const wait_ms = receipt.epoch === epoch ? 0 : UNCONFIRMED_DAYS * DAY_MS;
    if (receipt.erase_ms + wait_ms < now) kept.delete(receipt.event_id);
  }
  for (const photo of await pictures.getAll()) if (photo.erase_ms && photo.erase_ms < now) pictures.delete(photo.uuid);
  await tx.done;
}
