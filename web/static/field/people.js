// @ts-check
/** Who uses this phone. The server knows each by a seat of their own (a cookie no script can read); here are their names, counters and PINs. */
import { eraseDocs, known, recall, remember } from "./store.js";

const PIN_ROUNDS = 210_000;
const FREE_TRIES = 4;
const FIRST_WAIT_MS = 30_000;
const MOST_WAIT_MS = 3_600_000;

/** @param {any} db @returns {Promise<import("./store.js").Person[]>} */
export async function everyone(db) {
  return (await db.getAll("people")).filter((/** @type {any} */ person) => person.seat !== "out");
}

/** Take over what the server says of this browser's seats. @param {any} db @param {any} hello @returns {Promise<number[]>} people who are new here */
export async function takeOverPeople(db, hello) {
  const arrived = [];
  const tx = db.transaction("people", "readwrite");
  for (const told of hello.people) {
    const person = await tx.store.get(told.user_id);
    if (!person || person.seat === "out") arrived.push(told.user_id);
    const before = person ?? { counter: 0, pin: null, expires_ms: 0, pulled_ms: 0, reviewed: [] };
    tx.store.put({ ...before, ...known(told), seat: "ok" });
  }
  const here = new Set(hello.people.map((/** @type {any} */ told) => told.user_id));
  for (const person of await tx.store.getAll()) {
    if (here.has(person.user_id) || person.seat === "out") continue;
    tx.store.put({ ...person, seat: hello.revoked.includes(person.user_id) ? "revoked" : person.seat === "revoked" ? "revoked" : "ended" });
  }
  await tx.done;
  for (const user of hello.revoked) if (!here.has(user)) await eraseDocs(db, user);
  return arrived;
}

/** @param {any} db @param {number} user @param {Partial<import("./store.js").Person>} change */
export async function changePerson(db, user, change) {
  const tx = db.transaction("people", "readwrite");
  const person = await tx.store.get(user);
  if (person) tx.store.put({ ...person, ...change });
  await tx.done;
}

/** @param {any} db @returns {Promise<import("./store.js").Person|null>} */
export async function current(db) {
  const people = await everyone(db);
  const chosen = await recall(db, "person");
  return people.find((person) => person.user_id === chosen) ?? null;
}

/** @param {any} db @param {number|null} user */
export async function choose(db, user) {
  await remember(db, "person", user);
}

/** After log-out: nothing of theirs is left but their counter, which must not begin anew. @param {any} db @param {number} user */
export async function leave(db, user) {
  await eraseDocs(db, user);
  await changePerson(db, user, { seat: "out", pin: null, name: "", pulled_ms: 0, expires_ms: 0, reviewed: [] });
  if ((await recall(db, "person")) === user) await choose(db, null);
}

/** Can this browser keep a PIN? Only over https. */
export function canHavePin() {
  return Boolean(globalThis.crypto?.subtle);
}

/** @param {any} db @param {number} user @param {string} pin empty: none any more */
export async function setPin(db, user, pin) {
  if (!pin) return changePerson(db, user, { pin: null });
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return changePerson(db, user, { pin: { salt, rounds: PIN_ROUNDS, hash: await derive(pin, salt, PIN_ROUNDS), wrong: 0, wait_until: 0 } });
}

/**
 * Try a PIN. Wrong ones are counted on the disk, so that loading the page anew gives no more of them.
 * @param {any} db @param {number} user @param {string} pin @param {number} now @returns {Promise<{right: boolean, waitMs: number}>}
 */
export async function tryPin(db, user, pin, now) {
  const kept = (await db.get("people", user))?.pin;
  if (!kept) return { right: true, waitMs: 0 };
  if (kept.wait_until > now) return { right: false, waitMs: kept.wait_until - now };
  const hash = await derive(pin, kept.salt, kept.rounds);
  const right = hash.length === kept.hash.length && hash.every((byte, i) => byte === kept.hash[i]);
  const wrong = right ? 0 : kept.wrong + 1;
  const waitMs = wrong > FREE_TRIES ? Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES - 1)) : 0;
  await changePerson(db, user, { pin: { ...kept, wrong, wait_until: right ? 0 : now + waitMs } });
  return { right, waitMs };
}

/** @param {string} secret @param {Uint8Array} salt @param {number} rounds @returns {Promise<Uint8Array>} */
async function derive(secret, salt, rounds) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: /** @type {BufferSource} */ (salt), iterations: rounds }, key, 256);
  return new Uint8Array(bits);
}
