// @ts-check
export const ENGLISH = /** @type {Record<string, string>} */ ({});
