// @ts-check
/** When to try again: longer after each failure, never all phones at once. */

const FIRST_MS = 5_000;
const MOST_MS = 300_000;

/** @param {number} failures in a row, from 1 @param {number} askedMs what the server asked for @param {() => number} [random] */
export function pauseMs(failures, askedMs = 0, random = Math.random) {
  const grown = Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(Math.max(askedMs, grown / 2) + (random() * grown) / 2);
}
