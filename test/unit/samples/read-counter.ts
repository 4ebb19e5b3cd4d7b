// Reads the burnt-in frame counter back from pixels, by comparing with the glyphs dot by dot.
import {
  COUNTER,
  COUNTER_STEP,
  GLYPH_HEIGHT,
  GLYPH_WIDTH,
  GLYPHS,
} from '../../../electron/samples/overlay.ts';

/** The counter of a grey picture of the samples' own size, `[360, 640]`; -1 when any digit is too unlike all glyphs. */
export function readCounter(grey: Uint8Array, width: number): number {
  let value = 0;
  for (let digit = 0; digit < COUNTER.digits; digit++) {
    const seen: boolean[] = [];
    for (let gy = 0; gy < GLYPH_HEIGHT; gy++) {
      for (let gx = 0; gx < GLYPH_WIDTH; gx++) {
        let sum = 0;
        for (let v = 0; v < COUNTER.dot; v++) {
          for (let u = 0; u < COUNTER.dot; u++) {
            const x = COUNTER.x + digit * COUNTER_STEP + gx * COUNTER.dot + u;
            const y = COUNTER.y + gy * COUNTER.dot + v;
            sum += grey[y * width + x];
          }
        }
        seen.push(sum / COUNTER.dot ** 2 > 128);
      }
    }
    const wrong = Array.from(
      { length: 10 },
      (_, k) =>
        seen.filter((dot, i) => dot !== (GLYPHS[k][Math.floor(i / GLYPH_WIDTH)][i % GLYPH_WIDTH] === '#'))
          .length,
    );
    const best = Math.min(...wrong);
    if (best > 2) return -1;
    value = 10 * value + wrong.indexOf(best);
  }
  return value;
}

/** Mean of the three channels. */
export function greyOf(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: rgb.length / 3 },
    (_, i) => (rgb[3 * i] + rgb[3 * i + 1] + rgb[3 * i + 2]) / 3,
  );
}
