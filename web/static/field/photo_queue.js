// @ts-check
/** Pictures of the activity: kept beside the text, sent after all of it, one at a time. */
import { ApiError } from "./api.js";
import { STRICT, uuid4 } from "./store.js";
import { deviceTime } from "./words.js";

const DAY_MS = 86_400_000;

/** @param {any} db @param {number} user @param {number} shiftId @param {{bytes: ArrayBuffer, sha256: string}} picture @param {number} now */
export async function keepPhoto(db, user, shiftId, { bytes, sha256 }, now) {
  const tx = db.transaction("photos", "readwrite", STRICT);
  const photo = {
    uuid: uuid4(), user, shift_id: shiftId, taken_at: deviceTime(now), sha256, bytes, size: bytes.byteLength, made_ms: now, state: "waiting", problem: "", erase_ms: 0,
  };
  tx.store.add(photo);
  await tx.done;
  return photo;
}

/** @param {any} db @param {number} [user] everyone's where not given @returns {Promise<import("./store.js").Photo[]>} */
export async function photos(db, user) {
  const found = user === undefined ? await db.getAll("photos") : await db.getAllFromIndex("photos", "user", user);
  return found.sort((/** @type {any} */ a, /** @type {any} */ b) => a.made_ms - b.made_ms);
}

/** Throw a picture away before it is sent. @param {any} db @param {string} uuid */
export async function dropPhoto(db, uuid) {
  await db.delete("photos", uuid);
}

/** Try again what the server refused. @param {any} db @param {string} uuid */
export async function retryPhoto(db, uuid) {
  await note(db, uuid, { state: "waiting", problem: "" });
}

/**
 * One that fails holds up no other: it is the last to be tried next time. A second failure is the line's, not the picture's.
 * @param {any} db @param {number} user @param {{call: typeof import("./api.js").call, now: () => number, onEach: () => Promise<void>}} parts
 */
export async function sendPhotos(db, user, { call, now, onEach }) {
  const due = (await photos(db, user)).filter((p) => p.state === "waiting").sort((a, b) => (a.failed ?? 0) - (b.failed ?? 0));
  let failed = /** @type {ApiError|null} */ (null);
  for (const photo of due) {
    const query = new URLSearchParams({ shift_id: String(photo.shift_id), taken_at: photo.taken_at, consent: "1", sha256: photo.sha256 });
    const { uuid, bytes } = photo;
    if (!bytes) continue;
    await onEach();
    try {
      await call("PUT", `/evidence/${uuid}?${query}`, { person: user, bytes });
      await note(db, uuid, { bytes: null, state: "sent", erase_ms: now() + 14 * DAY_MS }); // the picture goes, the count stays
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind === "ended" || error.status === 403) throw error;
      if (error.kind !== "refused") {
        await note(db, uuid, { failed: (photo.failed ?? 0) + 1 });
        if (failed && error.kind !== "server") throw error;
        failed = error;
      } else if (error.status === 409) {
        await db.delete("photos", uuid);
        await db.put("photos", { ...photo, uuid: uuid4() });
      } else {
        await note(db, uuid, { state: "refused", problem: error.text || error.code });
      }
    }
  }
  if (due.length) await onEach();
  if (failed) throw failed;
}

/** Change a picture that was not thrown away meanwhile. @param {any} db @param {string} uuid @param {Partial<import("./store.js").Photo>} change */
async function note(db, uuid, change) {
  const tx = db.transaction("photos", "readwrite", STRICT);
  const photo = await tx.store.get(uuid);
  if (photo) tx.store.put({ ...photo, ...change });
  await tx.done;
}
