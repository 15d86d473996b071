// @ts-check
/**
 * What goes to the server and what comes back, one tab at a time: who sits here (hello), what was recorded (events), what differs
 * (pull), pictures after all that. Whatever fails, the rows stay; the server takes an event any number of times and keeps it once.
 */
import { ApiError } from "./api.js";
import { pauseMs } from "./backoff.js";
import { exclusively } from "./locks.js";
import * as outbox from "./outbox.js";
import { changePerson, everyone, takeOverPeople } from "./people.js";
import { recall, remember, revisions, takeOver, eraseDocs } from "./store.js";
import { deviceTime } from "./words.js";
import { sendPhotos } from "./photo_queue.js";

export const UNDO_MS = 6_000; // so long an event waits for second thoughts before it is sent
const MOST_STUMBLES = 3; // over so many events in one round: it is the server, not the events
const EVERY_MS = 120_000;
const PULL_EVERY_MS = 300_000;

/** @typedef {{phase: "idle"|"asking"|"sending"|"photos"|"loading", line: boolean|null, trouble: ApiError|null, retry_ms: number, done_ms: number,
 *   sent: number, total: number, loaded: number, clock_ms: number, oldest: number, rounds: number}} Status */

/**
 * @param {{db: any, call: typeof import("./api.js").call, now?: () => number, onStatus?: (status: Status) => void, onData?: () => void}} parts
 */
export function createSync({ db, call, now = Date.now, onStatus = () => {}, onData = () => {} }) {
  /** @type {Status} */
  const status = { phase: "idle", line: null, trouble: null, retry_ms: 0, done_ms: 0, sent: 0, total: 0, loaded: 0, clock_ms: 0, oldest: 0, rounds: 0 };
  let failures = 0;
  let timer = /** @type {any} */ (0);
  let running = /** @type {Promise<void>|null} */ (null);
  let again = /** @type {{all: boolean, pull: boolean}|null} */ (null);
  let pulledAt = 0;
  let stumbles = /** @type {ApiError[]} */ ([]);

  /** @param {Partial<Status>} change */
  function tell(change) {
    Object.assign(status, change);
    onStatus(status);
  }

  /** What time it is by the server's clock: the phone's may jump by years, and receipts must not go with it. */
  const trueNow = () => now() - status.clock_ms;

  /** Ask for a round; while one runs, one more follows it. @param {{all?: boolean, pull?: boolean}} [want] `all`: fresh events too; `pull`: look for news even if we just did */
  function request({ all = false, pull = false } = {}) {
    if (running) {
      again = { all: all || Boolean(again?.all), pull: pull || Boolean(again?.pull) };
      return running;
    }
    clearTimeout(timer);
    running = exclusively(db, "namro-sync", (still) => round(all, pull, still)).then(succeed, fail).finally(() => {
      running = null;
      if (again) {
        const next = again;
        again = null;
        request(next);
      }
    });
    return running;
  }

  function succeed() {
    failures = 0;
    tell({ phase: "idle", line: true, trouble: null, retry_ms: 0, done_ms: now(), rounds: status.rounds + 1 });
    later(EVERY_MS);
  }

  /** @param {any} error */
  function fail(error) {
    const trouble = error instanceof ApiError ? error : new ApiError("server", 0, { code: error?.name ?? "error", message: "" });
    if (!(error instanceof ApiError)) console.error(error);
    failures += 1;
    const wait = pauseMs(failures, trouble.retryMs);
    tell({ phase: "idle", line: trouble.kind !== "offline", trouble, retry_ms: now() + wait });
    later(wait);
  }

  /** @param {number} ms */
  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => request(), ms);
  }

  /** Something was saved: send it when the time for second thoughts is over. */
  function saved() {
    setTimeout(() => request(), UNDO_MS + 50);
  }

  /** @param {boolean} all @param {boolean} pull @param {() => Promise<void>} still */
  async function round(all, pull, still) {
    tell({ phase: "asking", sent: 0, total: 0 });
    const hello = await call("GET", "/hello");
    await meet(hello);
    const seated = (await everyone(db)).filter((person) => person.seat === "ok");
    let sent = 0;
    const ended = new Set();
    stumbles = [];
    for (const { user_id } of seated) sent += await oneByOne(user_id, ended, () => sendAll(user_id, all, still));
    if (pull || sent || now() - pulledAt > PULL_EVERY_MS || seated.some((person) => !person.pulled_ms)) {
      for (const { user_id } of seated) await oneByOne(user_id, ended, () => load(user_id, still));
      pulledAt = now();
    }
    let failed = stumbles[0]; // one person's event or picture holds up nobody else's
    for (const { user_id } of seated) await oneByOne(user_id, ended, () => pictures(user_id, still)).catch((error) => { failed = error; });
    await outbox.forgetOld(db, trueNow(), await recall(db, "epoch"));
    onData();
    if (failed) throw failed;
  }

  /** @param {any} hello */
  async function meet(hello) {
    tell({ line: true, clock_ms: now() - Date.parse(hello.now), oldest: hello.client.oldest });
    await remember(db, "clock_ms", status.clock_ms);
    await remember(db, "epoch", hello.epoch);
    await takeOverPeople(db, hello);
    onData();
  }

  /** A seat that ended stops its own person only. @param {number} user @param {Set<number>} ended @param {() => Promise<any>} work */
  async function oneByOne(user, ended, work) {
    if (ended.has(user)) return 0;
    try {
      return (await work()) ?? 0;
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== "ended") throw error;
      ended.add(user);
      await changePerson(db, user, { seat: "ended" });
      onData();
      return 0;
    }
  }

  /** Pictures go after all text: while any of it waits for second thoughts, they wait too. @param {number} user @param {() => Promise<void>} still */
  async function pictures(user, still) {
    if ((await outbox.waiting(db, user)).some((row) => !row.problem)) return;
    const onEach = async () => {
      await still();
      tell({ phase: "photos" });
      onData();
    };
    await sendPhotos(db, user, { call, now, onEach });
  }

  /** @param {number} user @param {boolean} all @param {() => Promise<void>} still */
  async function sendAll(user, all, still) {
    // First what this life of the server has yet to hear again: a new event may correct it. Then what it stumbled over.
    const sent = (await sendReceipts(user, still)) + (await sendAgain(user, still));
    const total = (await outbox.waiting(db, user)).filter((row) => !row.problem).length;
    for (let done = 0; ;) {
      await still();
      const batch = await outbox.take(db, user, { madeBefore: all ? Infinity : now() - UNDO_MS });
      if (!batch.length) return sent + done;
      tell({ phase: "sending", sent: done, total: Math.max(total, done + batch.length) });
      done += await sendBatch(user, batch);
      onData();
    }
  }

  /** What the server stumbled over goes again, one event at a time, as long as it takes them. @param {number} user @param {() => Promise<void>} still */
  async function sendAgain(user, still) {
    for (let sent = 0; ; sent += 1) {
      await still();
      const row = await outbox.takeFailed(db, user);
      if (!row || !(await sendBatch(user, [row]))) return sent;
    }
  }

  /**
   * Send some rows; where the server refuses the whole of it, or stumbles over it, halves, down to the one it cannot take, which is set aside.
   * @param {number} user @param {import("./store.js").Row[]} rows @returns {Promise<number>}
   */
  async function sendBatch(user, rows) {
    if (rows.some((row) => row.user !== user)) throw new Error("a row of another person");
    try {
      const answer = await call("POST", "/events", { person: user, json: { events: rows.map(outbox.asEvent), sent_at: deviceTime(now()) } });
      await remember(db, "epoch", answer.epoch);
      const { settled, renamed } = await outbox.settle(db, user, rows, answer.verdicts, answer.epoch, trueNow());
      if (!settled && !renamed) throw new ApiError("server", 0, { code: "no_verdict" });
      return settled;
    } catch (error) {
      if (!isAboutRows(error)) throw error;
      if (rows.length === 1) {
        const later = error.status === 500;
        await outbox.setAside(db, rows[0].event_id, { code: error.code || String(error.status), text: error.text, later });
        if (later && stumbles.push(error) === MOST_STUMBLES) throw error;
        return 0;
      }
      const middle = rows.length >> 1;
      return (await sendBatch(user, rows.slice(0, middle))) + (await sendBatch(user, rows.slice(middle)));
    }
  }

  /** The server lives another life (a backup was restored): say again what it had acknowledged. @param {number} user @param {() => Promise<void>} still */
  async function sendReceipts(user, still) {
    const epoch = await recall(db, "epoch");
    const due = await outbox.fromAnotherLife(db, user, epoch);
    for (let i = 0; i < due.length; i += outbox.BATCH) {
      await still();
      const batch = due.slice(i, i + outbox.BATCH);
      tell({ phase: "sending", sent: i, total: due.length });
      await sayAgain(user, batch);
    }
    return due.length;
  }

  /** Halved like new rows; one that cannot be taken is said in the next round too. @param {number} user @param {import("./store.js").Receipt[]} batch @returns {Promise<void>} */
  async function sayAgain(user, batch) {
    try {
      const events = batch.map((receipt) => ({ ...outbox.asEvent(receipt), receipt: receipt.hash }));
      const answer = await call("POST", "/events", { person: user, json: { events, sent_at: deviceTime(now()) } });
      await outbox.confirmReceipts(db, user, batch, answer.verdicts, answer.epoch);
    } catch (error) {
      if (!isAboutRows(error)) throw error;
      if (batch.length === 1) {
        if (error.status === 500 && stumbles.push(error) === MOST_STUMBLES) throw error;
        return;
      }
      const middle = batch.length >> 1;
      await sayAgain(user, batch.slice(0, middle));
      await sayAgain(user, batch.slice(middle));
    }
  }

  /** @param {number} user @param {() => Promise<void>} still */
  async function load(user, still) {
    await still();
    tell({ phase: "loading", loaded: 0 });
    const known = await revisions(db, user);
    const answer = await call("POST", "/pull", { person: user, json: { known }, onBytes: (loaded) => tell({ loaded }) });
    await remember(db, "epoch", answer.epoch);
    await takeOver(db, user, answer);
    onData();
  }

  /** Erase lists whose time is over, by the server's clock as far as we know it. */
  async function eraseExpired() {
    const true_ms = now() - (await recall(db, "clock_ms", 0)); // before the first contact too
    for (const person of await everyone(db)) {
      if (person.expires_ms && person.expires_ms < true_ms) await eraseDocs(db, person.user_id);
    }
  }

  return { request, saved, status, eraseExpired };
}

/** The server refuses what was sent or stumbles over it: half of it may do. 403 is about this browser. @param {any} error */
function isAboutRows(error) {
  return error instanceof ApiError && error.status !== 403 && (error.kind === "refused" || error.status === 500);
}
