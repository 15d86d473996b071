// @ts-check
/** One request to the server: JSON there, JSON back, an error that says what kind it is. Anything that is not our server's JSON counts as no line. */

export const CLIENT = 1; // the protocol's number of this app; web/field/api/routes.py says the same
const ROOT = "/field/api/v1";
const TIMEOUT_MS = 45_000;
const BYTES_A_MS = 4; // a picture on a slow line

/** @typedef {"offline"|"ended"|"busy"|"old"|"refused"|"server"} Trouble */

export class ApiError extends Error {
  /** @param {Trouble} kind @param {number} status @param {any} error @param {number} retryMs */
  constructor(kind, status = 0, error = {}, retryMs = 0) {
    super(error?.message || kind);
    this.kind = kind;
    this.status = status;
    this.code = error?.code ?? "";
    this.text = error?.message ?? "";
    this.field = error?.field ?? "";
    this.retryMs = retryMs;
  }
}

/**
 * @param {"GET"|"POST"|"PUT"} method @param {string} path
 * @param {{person?: number, json?: any, bytes?: ArrayBuffer, onBytes?: (loaded: number) => void, timeoutMs?: number}} [options]
 * @returns {Promise<any>}
 */
export async function call(method, path, { person, json, bytes, onBytes, timeoutMs = TIMEOUT_MS + (bytes?.byteLength ?? 0) / BYTES_A_MS } = {}) {
  const headers = /** @type {Record<string, string>} */ ({ "X-Namro-Client": String(CLIENT), Accept: "application/json" });
  if (person !== undefined) headers["X-Namro-Person"] = String(person);
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (bytes) headers["Content-Type"] = "image/jpeg";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    const response = await fetch(ROOT + path, {
      method, headers, body: bytes ?? (json === undefined ? undefined : JSON.stringify(json)),
      signal: stop.signal, credentials: "same-origin", cache: "no-store", redirect: "error",
    });
    const answer = parsed(response, await text(response, onBytes));
    if (response.ok) return answer;
    throw new ApiError(kindOf(response.status, answer.error?.code), response.status, answer.error, retryMs(response));
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError("offline");
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response @param {((loaded: number) => void)|undefined} onBytes */
async function text(response, onBytes) {
  if (!onBytes || !response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let whole = "";
  for (let loaded = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return whole + decoder.decode();
    loaded += value.byteLength;
    whole += decoder.decode(value, { stream: true });
    onBytes(loaded);
  }
}

/** A hotel's or a telephone company's page in between answers 200 with HTML. @param {Response} response @param {string} body */
function parsed(response, body) {
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) throw new ApiError(response.status >= 500 ? "busy" : "offline", response.status);
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError("offline", response.status);
  }
}

/** @param {number} status @param {string|undefined} code @returns {Trouble} */
function kindOf(status, code) {
  if (status === 401) return "ended";
  if (status === 429 || status === 503 || status === 502 || status === 504) return "busy";
  if (status === 409 && code === "client_too_old") return "old";
  return status >= 500 ? "server" : "refused";
}

/** @param {Response} response */
function retryMs(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1000 : 0;
}
