// @ts-check
/** A picture made small on the phone: drawn anew, so that place, time and phone in its metadata are gone. */
import { sha256 } from "./sha256.js";

export const MOST_BYTES = 250_000;
const SIDES = [1600, 1280, 1024, 800, 640];
const QUALITIES = [0.82, 0.7, 0.58, 0.45];

/** @param {Blob} file @returns {Promise<{bytes: ArrayBuffer, sha256: string, canvas: HTMLCanvasElement}>} */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    for (const side of SIDES) {
      const canvas = drawn(picture, side);
      for (const quality of QUALITIES) {
        const blob = await encoded(canvas, quality);
        if (blob.size > MOST_BYTES) continue;
        const bytes = await blob.arrayBuffer();
        return { bytes, sha256: await sha256(bytes), canvas };
      }
    }
  } finally {
    picture.close();
  }
  throw new Error("this picture cannot be made small enough");
}

/** @param {ImageBitmap} picture @param {number} side */
function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff"; // a see-through ground would turn black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {number} quality @returns {Promise<Blob>} */
function encoded(canvas, quality) {
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", quality));
}
