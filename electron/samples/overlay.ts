// What a recorder burns into its picture: frame counter, camera, clock. With a dot font of our own.
// Role: text into pixels. Limits: capitals, digits and a little punctuation.
import { HEIGHT, WIDTH } from './camera.ts';

export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

/** Seven rows of five dots, `#` set. */
export const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  '0': ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  '1': ['..#..', '.##..', '..#..', '..#..', '..#..', '..#..', '.###.'],
  '2': ['.###.', '#...#', '....#', '..##.', '.#...', '#....', '#####'],
  '3': ['####.', '....#', '....#', '.###.', '....#', '....#', '####.'],
  '4': ['...#.', '..##.', '.#.#.', '#..#.', '#####', '...#.', '...#.'],
  '5': ['#####', '#....', '####.', '....#', '....#', '#...#', '.###.'],
  '6': ['..##.', '.#...', '#....', '####.', '#...#', '#...#', '.###.'],
  '7': ['#####', '....#', '...#.', '...#.', '..#..', '..#..', '..#..'],
  '8': ['.###.', '#...#', '#...#', '.###.', '#...#', '#...#', '.###.'],
  '9': ['.###.', '#...#', '#...#', '.####', '....#', '...#.', '.##..'],
  A: ['.###.', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  B: ['####.', '#...#', '#...#', '####.', '#...#', '#...#', '####.'],
  C: ['.###.', '#...#', '#....', '#....', '#....', '#...#', '.###.'],
  D: ['####.', '#...#', '#...#', '#...#', '#...#', '#...#', '####.'],
  E: ['#####', '#....', '#....', '####.', '#....', '#....', '#####'],
  F: ['#####', '#....', '#....', '####.', '#....', '#....', '#....'],
  G: ['.###.', '#...#', '#....', '#.###', '#...#', '#...#', '.###.'],
  H: ['#...#', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  I: ['.###.', '..#..', '..#..', '..#..', '..#..', '..#..', '.###.'],
  J: ['..###', '...#.', '...#.', '...#.', '...#.', '#..#.', '.##..'],
  K: ['#...#', '#..#.', '#.#..', '##...', '#.#..', '#..#.', '#...#'],
  L: ['#....', '#....', '#....', '#....', '#....', '#....', '#####'],
  M: ['#...#', '##.##', '#.#.#', '#.#.#', '#...#', '#...#', '#...#'],
  N: ['#...#', '##..#', '##..#', '#.#.#', '#..##', '#..##', '#...#'],
  O: ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  P: ['####.', '#...#', '#...#', '####.', '#....', '#....', '#....'],
  Q: ['.###.', '#...#', '#...#', '#...#', '#.#.#', '#..#.', '.##.#'],
  R: ['####.', '#...#', '#...#', '####.', '#.#..', '#..#.', '#...#'],
  S: ['.####', '#....', '#....', '.###.', '....#', '....#', '####.'],
  T: ['#####', '..#..', '..#..', '..#..', '..#..', '..#..', '..#..'],
  U: ['#...#', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  V: ['#...#', '#...#', '#...#', '#...#', '#...#', '.#.#.', '..#..'],
  W: ['#...#', '#...#', '#...#', '#.#.#', '#.#.#', '##.##', '#...#'],
  X: ['#...#', '#...#', '.#.#.', '..#..', '.#.#.', '#...#', '#...#'],
  Y: ['#...#', '#...#', '.#.#.', '..#..', '..#..', '..#..', '..#..'],
  Z: ['#####', '....#', '...#.', '..#..', '.#...', '#....', '#####'],
  '-': ['.....', '.....', '.....', '.###.', '.....', '.....', '.....'],
  ':': ['.....', '..#..', '..#..', '.....', '..#..', '..#..', '.....'],
  ' ': ['.....', '.....', '.....', '.....', '.....', '.....', '.....'],
};

/** Where the frame counter stands and how large a dot of its digits is, in pixels. */
export const COUNTER = { x: 12, y: 12, dot: 3, digits: 5 } as const;
/** From the left edge of one digit to that of the next. */
export const COUNTER_STEP = (GLYPH_WIDTH + 1) * COUNTER.dot;

const BRIGHT = 236;
const DIM = 30;

/** Darkens a plate under the text, so that it reads on any picture. */
function plate(picture: Uint8Array, x0: number, y0: number, x1: number, y1: number, keep: number): void {
  for (let y = Math.max(0, y0); y < Math.min(HEIGHT, y1); y++) {
    for (let k = 3 * (y * WIDTH + x0); k < 3 * (y * WIDTH + x1); k++)
      picture[k] = DIM * (1 - keep) + keep * picture[k];
  }
}

function text(picture: Uint8Array, x: number, y: number, dot: number, value: string): void {
  [...value].forEach((letter, index) => {
    const rows = GLYPHS[letter];
    for (let gy = 0; gy < GLYPH_HEIGHT; gy++) {
      for (let gx = 0; gx < GLYPH_WIDTH; gx++) {
        if (rows[gy][gx] !== '#') continue;
        const left = x + (index * (GLYPH_WIDTH + 1) + gx) * dot;
        const top = y + gy * dot;
        for (let v = top; v < top + dot; v++)
          picture.fill(BRIGHT, 3 * (v * WIDTH + left), 3 * (v * WIDTH + left + dot));
      }
    }
  });
}

/** Burns in the number of the frame, top left, as five digits. */
export function burnCounter(picture: Uint8Array, frame: number): void {
  const { x, y, dot, digits } = COUNTER;
  plate(
    picture,
    x - 2 * dot,
    y - 2 * dot,
    x + digits * COUNTER_STEP + dot,
    y + (GLYPH_HEIGHT + 2) * dot,
    0.12,
  );
  text(picture, x, y, dot, String(frame).padStart(digits, '0'));
}

/** Burns in camera and clock, bottom left. */
export function burnCaption(picture: Uint8Array, camera: string, clock: string): void {
  const line = `${camera}  ${clock}`;
  const dot = 2;
  const top = HEIGHT - 12 - GLYPH_HEIGHT * dot;
  plate(
    picture,
    6,
    top - 5,
    12 + line.length * (GLYPH_WIDTH + 1) * dot + 4,
    top + GLYPH_HEIGHT * dot + 5,
    0.45,
  );
  text(picture, 12, top, dot, line);
}

/** `YYYY-MM-DD hh:mm:ss` moved on by whole seconds. */
export function clockAt(start: string, ms: number): string {
  const at = new Date(Date.parse(`${start.replace(' ', 'T')}Z`) + Math.floor(ms / 1000) * 1000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
