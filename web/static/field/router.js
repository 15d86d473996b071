// @ts-check
/** Which screen an address shows. The address is the part after `#`, so that the one kept page answers for all, with or without a line. */

/** @param {string} hash @param {[RegExp, any][]} routes @returns {{view: any, parameters: string[]} | null} */
export function matching(hash, routes) {
  const path = hash.replace(/^#/, "") || "/week";
  for (const [pattern, view] of routes) {
    const found = pattern.exec(path);
    if (found) return { view, parameters: found.slice(1).map((p) => (p === undefined ? "" : decodeURIComponent(p))) };
  }
  return null;
}
