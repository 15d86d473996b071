// @ts-check
/** The last resort: everything unsent in one file that only a passphrase opens, to be read in on another phone of the same person. */
import { STRICT } from "./store.js";

const ROUNDS = 310_000;
const FORMAT = "namro-unsent";
export const SHORTEST_PASSPHRASE = 10;

/** @param {any} db @param {number} user @param {string} passphrase @returns {Promise<Blob>} */
export async function sealed(db, user, passphrase) {
  const events = await db.getAllFromIndex("outbox", "user", user);
  const photos = (await db.getAllFromIndex("photos", "user", user)).filter((/** @type {any} */ p) => p.state !== "sent");
  const plain = JSON.stringify({ user, events, photos: photos.map((/** @type {any} */ p) => ({ ...p, bytes: base64(new Uint8Array(p.bytes)) })) });
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const secret = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(passphrase, salt, ROUNDS), new TextEncoder().encode(plain));
  const file = { format: FORMAT, version: 1, rounds: ROUNDS, salt: base64(salt), iv: base64(iv), data: base64(new Uint8Array(secret)) };
  return new Blob([JSON.stringify(file)], { type: "application/json" });
}

/**
 * Read such a file in: its events keep their ids, so that the server keeps each once wherever it comes from.
 * @param {any} db @param {string} text @param {string} passphrase @returns {Promise<{events: number, photos: number}>}
 */
export async function readIn(db, text, passphrase) {
  const file = JSON.parse(text);
  if (file.format !== FORMAT || file.version !== 1) throw new Error("not a file of this app");
  const key = await keyOf(passphrase, bytesOf(file.salt), file.rounds);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: /** @type {BufferSource} */ (bytesOf(file.iv)) }, key, /** @type {BufferSource} */ (bytesOf(file.data)));
  const { user, events, photos } = JSON.parse(new TextDecoder().decode(plain));
  const tx = db.transaction(["outbox", "receipts", "photos", "people"], "readwrite", STRICT);
  const person = await tx.objectStore("people").get(user);
  if (!person || person.seat !== "ok") {
    await tx.done;
    throw new WrongPerson();
  }
  const arrived = { events: 0, photos: 0 };
  for (const row of events) {
    if (await tx.objectStore("receipts").get(row.event_id)) continue;
    tx.objectStore("outbox").put({ ...row, attempts: Math.max(1, row.attempts), problem: null });
    arrived.events += 1;
  }
  for (const photo of photos) {
    if ((await tx.objectStore("photos").get(photo.uuid))?.state === "sent") continue;
    tx.objectStore("photos").put({ ...photo, bytes: bytesOf(photo.bytes).buffer, state: "waiting" });
    arrived.photos += 1;
  }
  const counter = Math.max(person.counter, ...events.map((/** @type {any} */ row) => row.counter));
  tx.objectStore("people").put({ ...person, counter });
  await tx.done;
  return arrived;
}

/** The file is of somebody who has no seat on this phone. */
export class WrongPerson extends Error {}

/** @param {string} passphrase @param {Uint8Array} salt @param {number} rounds */
async function keyOf(passphrase, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: /** @type {BufferSource} */ (salt), iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** @param {string} text @returns {Uint8Array} */
function bytesOf(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
