// The scores of a whole video as a handful of letters, for lists of thousands of videos.
// Role: maxima over equal parts as text, and back. Limits: 57 levels, enough for a line a few pixels high.

/** Parts of a longer video. */
const PARTS = 64;
/** Levels 0 to 56 are the characters `#` to `[`: one byte each in JSON, none of them escaped. */
const FIRST = 35;
const LEVELS = 56;

/** Maxima over up to 64 equal parts of `scores` `[T]`, clamped to [0, 1], one character each; '' for T = 0. */
export function encodeSpark(scores: Float32Array): string {
  const parts = Math.min(PARTS, scores.length);
  const levels = new Uint8Array(parts);
  for (let part = 0; part < parts; part++) {
    const end = Math.ceil(((part + 1) * scores.length) / parts);
    let max = 0;
    for (let i = Math.ceil((part * scores.length) / parts); i < end; i++)
      if (scores[i] > max) max = scores[i];
    levels[part] = FIRST + Math.round(LEVELS * Math.min(1, max));
  }
  return String.fromCharCode(...levels);
}

/** The values of {@link encodeSpark}, in [0, 1], to 1/56. */
export const decodeSpark = (text: string): number[] =>
  Array.from(text, (letter) => Math.min(1, Math.max(0, (letter.charCodeAt(0) - FIRST) / LEVELS)));
