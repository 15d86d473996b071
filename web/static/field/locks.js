// @ts-check
/** One tab at a time: Web Locks where the browser has them (https), else a lease in the database. */
import { uuid4 } from "./store.js";

const LEASE_MS = 150_000; // longer than any one request, so that a slow tab is not taken for a dead one
const LOOK_MS = 500;

/**
 * Run `work` while no other tab runs it. The lease is renewed by `work` calling `still`.
 * @param {any} db @param {string} name @param {(still: () => Promise<void>) => Promise<any>} work
 */
export async function exclusively(db, name, work) {
  if (navigator.locks) return navigator.locks.request(name, () => work(async () => {}));
  const mine = uuid4();
  while (!(await lease(db, name, mine))) await new Promise((done) => setTimeout(done, LOOK_MS));
  try {
    return await work(async () => { await lease(db, name, mine); });
  } finally {
    const tx = db.transaction("meta", "readwrite");
    if ((await tx.store.get(`lease:${name}`))?.owner === mine) tx.store.delete(`lease:${name}`);
    await tx.done;
  }
}

/** @param {any} db @param {string} name @param {string} mine @returns {Promise<boolean>} */
async function lease(db, name, mine) {
  const now = performance.timeOrigin + performance.now(); // the phone's clock may be set back meanwhile; this one is not
  const tx = db.transaction("meta", "readwrite");
  const held = await tx.store.get(`lease:${name}`);
  const free = !held || held.owner === mine || held.until < now || held.until > now + LEASE_MS;
  if (free) tx.store.put({ owner: mine, until: now + LEASE_MS }, `lease:${name}`);
  await tx.done;
  return free;
}
