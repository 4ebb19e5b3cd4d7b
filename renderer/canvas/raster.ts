// Pixels of a canvas in plain memory. Role: thousands of small rectangles and the steps of a curve, written by loops and
// shown with one `putImageData`: a recorded canvas would paint each of them again for every picture. Limits: device pixels,
// no text, no rotation; text and pictures are drawn on the canvas over it.

/** A colour with opacity as it lies in memory (`RGBA`, little-endian, not premultiplied). */
export type Rgba = number;

export const packRgba = (r: number, g: number, b: number, opacity: number): Rgba =>
  ((Math.round(opacity * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;

export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array<ArrayBuffer>;
  /** The same memory, as a canvas takes it. */
  readonly image: ImageData | null;
  /** Coverage of what is drawn as one line, reused by strips, `[height, width]`. */
  readonly cover: Uint8Array;
}

/** @param makeImage null where there is no canvas (tests) */
export function createRaster(
  width: number,
  height: number,
  makeImage: ((bytes: Uint8ClampedArray<ArrayBuffer>, width: number) => ImageData) | null = (bytes, w) =>
    new ImageData(bytes, w),
): Raster {
  const bytes = new Uint8ClampedArray(4 * width * height);
  return {
    width,
    height,
    pixels: new Uint32Array(bytes.buffer),
    image: makeImage?.(bytes, width) ?? null,
    cover: new Uint8Array(width * height),
  };
}

/** `top` over `below`, both with opacity. */
export function over(top: Rgba, below: Rgba): Rgba {
  const a = top >>> 24;
  const b = below >>> 24;
  if (a === 255 || b === 0) return top;
  if (a === 0) return below;
  const rest = (b * (255 - a)) / 255;
  const all = a + rest;
  const mix = (shift: number) =>
    Math.round((((top >>> shift) & 255) * a + ((below >>> shift) & 255) * rest) / all) << shift;
  return ((Math.round(all) << 24) | mix(16) | mix(8) | mix(0)) >>> 0;
}

/** Puts a colour over a rectangle of whole pixels; what lies outside is left out. */
export function paintRect(
  { width, height, pixels }: Raster,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  colour: Rgba,
): void {
  const [left, right] = [Math.max(0, x0), Math.min(width, x1)];
  const bottom = Math.min(height, y1);
  if (left >= right) return;
  for (let y = Math.max(0, y0); y < bottom; y++) {
    const row = y * width;
    // Strips are mostly of one colour below: what was mixed last is asked for again.
    let [below, mixed] = [0, colour];
    for (let i = row + left; i < row + right; i++) {
      if (pixels[i] !== below) {
        below = pixels[i];
        mixed = over(colour, below);
      }
      pixels[i] = mixed;
    }
  }
}

/** Makes rows of pixels transparent. */
export function clearRows({ width, pixels }: Raster, y0: number, y1: number): void {
  pixels.fill(0, y0 * width, y1 * width);
}

/** Marks how much of each pixel a rectangle covers; edges may lie between pixels. Overlapping parts count once. */
export function coverRect(
  { width, height, cover }: Raster,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  const [left, right] = [Math.max(0, Math.floor(x0)), Math.min(width, Math.ceil(x1))];
  const [top, bottom] = [Math.max(0, Math.floor(y0)), Math.min(height, Math.ceil(y1))];
  for (let y = top; y < bottom; y++) {
    const share = 255 * (Math.min(y + 1, y1) - Math.max(y, y0));
    for (let x = left; x < right; x++) {
      const covered = share * (Math.min(x + 1, x1) - Math.max(x, x0));
      if (covered > cover[y * width + x]) cover[y * width + x] = covered;
    }
  }
}

/** Puts `colour` over what was marked in rows `[y0, y1)`, and forgets the marks. */
export function paintCovered({ width, pixels, cover }: Raster, y0: number, y1: number, colour: Rgba): void {
  const opaque = colour >>> 24;
  for (let i = y0 * width; i < y1 * width; i++) {
    if (cover[i] === 0) continue;
    const a = Math.round((opaque * cover[i]) / 255);
    pixels[i] = over(((colour & 0xffffff) | (a << 24)) >>> 0, pixels[i]);
    cover[i] = 0;
  }
}
