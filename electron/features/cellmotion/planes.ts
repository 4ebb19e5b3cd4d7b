// Planes: float32 pictures with a margin on every side. Role: their layout in memory, shared by kernels and callers.
// Limits: no arithmetic. Kernels read up to four pixels beyond the picture, so the margin is filled first.

/** Pixels. `width` is a multiple of 4, because kernels work on four pixels at a time. */
export interface Size {
  width: number;
  height: number;
}

/** Pixels around a picture. */
export const MARGIN = 4;

/** Floats from one row to the next. */
export function strideOf(size: Size): number {
  return size.width + 2 * MARGIN;
}

export function planeBytes(size: Size): number {
  return 4 * strideOf(size) * (size.height + 2 * MARGIN);
}

/** Offset of pixel (x, y) from the start of its plane. Bytes. */
export function pixelOffset(size: Size, x: number, y: number): number {
  return 4 * ((y + MARGIN) * strideOf(size) + x + MARGIN);
}

export function half(size: Size): Size {
  return { width: size.width / 2, height: size.height / 2 };
}
