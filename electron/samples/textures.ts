// Surfaces of the sample views as functions of the position: no picture files.
// Role: reflectance of paving, asphalt, walls, foliage. Limits: tuned for a picture of 640 x 360 seen from metres away.
import { paint, type Rgb } from './camera.ts';
import { cloud, hash, noise } from './noise.ts';
import type { Albedo } from './trace.ts';

function put(out: Float64Array, colour: Rgb, level: number): void {
  out[0] = colour[0] * level;
  out[1] = colour[1] * level;
  out[2] = colour[2] * level;
}

/** Distance to the nearest multiple of `step`. */
function toLine(v: number, step: number): number {
  const f = v / step - Math.floor(v / step);
  return Math.min(f, 1 - f) * step;
}

/** Stone slabs in staggered rows, crossed by bands of darker stone. */
export function paving(light: Rgb, dark: Rgb, slab: number, band: number): Albedo {
  return (x, y, _z, _nx, _ny, _nz, out) => {
    const row = Math.floor(y / slab);
    const shift = (row % 2) * 0.5 * slab;
    const column = Math.floor((x + shift) / (1.5 * slab));
    const inBand = toLine(x, band) < 0.3 || toLine(y + 1.2, band) < 0.3;
    const tone = 0.86 + 0.24 * hash(column, row, 0, 21);
    const wear = 0.8 + 0.36 * cloud(x * 0.35, y * 0.35, 22);
    const speck = 0.93 + 0.14 * noise(x * 14, y * 14, 23);
    const joint = toLine(y, slab) < 0.018 || toLine(x + shift, 1.5 * slab) < 0.018 ? 0.62 : 1;
    put(out, inBand ? dark : light, tone * wear * speck * joint);
  };
}

/** Square floor tiles with a darker border along both walls at `left` and `right`. */
export function tiles(light: Rgb, dark: Rgb, size: number, left: number, right: number): Albedo {
  return (x, y, _z, _nx, _ny, _nz, out) => {
    const border = x < left + 0.45 || x > right - 0.45;
    const tone = 0.93 + 0.12 * hash(Math.floor(x / size), Math.floor(y / size), 0, 41);
    const joint = toLine(x, size) < 0.008 || toLine(y, size) < 0.008 ? 0.72 : 1;
    const scuff = 0.9 + 0.2 * cloud(x * 0.8, y * 0.5, 42);
    put(out, border ? dark : light, tone * joint * scuff);
  };
}

const MARKING = paint('#d9d6cc');

/** Worn asphalt with parking bays from `near` to `far`, a kerb line and a paved walkway in front of `kerb`. */
export function carPark(kerb: number, near: number, far: number, bay: number): Albedo {
  const asphalt = paint('#6d6d6c');
  const walk = paving(paint('#a39d93'), paint('#96908a'), 0.5, 40);
  return (x, y, z, nx, ny, nz, out) => {
    if (y < kerb) {
      walk(x, y, z, nx, ny, nz, out);
      return;
    }
    const patch = 0.72 + 0.5 * cloud(x * 0.22, y * 0.5, 51);
    const stone = 0.82 + 0.36 * hash(Math.floor(x * 28), Math.floor(y * 28), 0, 52);
    const track = 1 - 0.1 * Math.exp(-((toLine(y - kerb - 1.4, 1.9) / 0.25) ** 2));
    const oil = y > near && toLine(x - bay / 2, bay) < 0.5 ? 1 - 0.35 * noise(x * 2.3, y * 2.3, 53) : 1;
    put(out, asphalt, patch * stone * track * oil);
    const line = y > near && y < far && toLine(x, bay) < 0.06;
    const edge = Math.abs(y - kerb - 0.35) < 0.05;
    const worn = cloud(x * 3, y * 3, 54);
    if ((line || edge) && worn > 0.33) {
      for (let c = 0; c < 3; c++) out[c] += (MARKING[c] * 0.8 - out[c]) * Math.min(1, (worn - 0.33) * 4);
    }
  };
}

/** Plaster with streaks below its top edge. */
export function plaster(colour: Rgb, seed: number): Albedo {
  return (x, y, z, _nx, _ny, _nz, out) => {
    const along = x + y;
    const streak = 0.9 + 0.14 * noise(along * 2.2, z * 0.25, seed);
    put(out, colour, streak * (0.9 + 0.2 * cloud(along * 0.6, z * 0.6, seed + 1)));
  };
}

/** Courses of brick. */
export function brick(colour: Rgb): Albedo {
  return (x, y, z, _nx, _ny, _nz, out) => {
    const course = Math.floor(z / 0.085);
    const along = x + y + (course % 2) * 0.125;
    const tone = 0.74 + 0.46 * hash(Math.floor(along / 0.25), course, 0, 61);
    const joint = toLine(z, 0.085) < 0.007 || toLine(along, 0.25) < 0.007 ? 1.35 : 1;
    put(out, colour, tone * joint * (0.86 + 0.28 * cloud((x + y) * 0.5, z * 0.5, 62)));
  };
}

/** A front of shop windows: piers, glass with a dim inside, a plinth and a fascia. Runs along x. */
export function shopFront(stone: Rgb, bay: number): Albedo {
  const wall = plaster(stone, 71);
  const inside = paint('#2b3035');
  const frame = paint('#3d4245');
  const fascia = paint('#5a5f5f');
  return (x, y, z, nx, ny, nz, out) => {
    const k = Math.floor(x / bay);
    const u = x - k * bay;
    if (z > 3.1 && z < 3.75) {
      put(out, fascia, 0.9 + 0.2 * hash(k, 0, 0, 72));
      return;
    }
    const opening = u > 0.55 && u < bay - 0.1 && z > 0.35 && z < 3.1;
    if (!opening) {
      wall(x, y, z, nx, ny, nz, out);
      if (z < 0.35) put(out, stone, 0.6);
      return;
    }
    if (toLine(u - 0.55, (bay - 0.65) / 3) < 0.045 || z < 0.43 || Math.abs(z - 2.35) < 0.045) {
      put(out, frame, 1);
      return;
    }
    const shelf = hash(Math.floor(x * 2.4), Math.floor(z * 2.1), 0, 73);
    const blind = hash(k, 1, 0, 74) < 0.35 && z > 1.6 ? 2.6 : 1;
    put(out, inside, blind * (0.55 + 1.5 * shelf * shelf * (z < 1.8 ? 1 : 0.35)) * (0.8 + 0.14 * z));
  };
}

/** Leaves in several greens, browner below. */
export function foliage(colour: Rgb, seed: number): Albedo {
  return (x, y, z, _nx, _ny, nz, out) => {
    const leaf = hash(Math.floor(x * 16), Math.floor(y * 16), Math.floor(z * 16), seed);
    const clump = noise(x * 2.6 + z, y * 2.6 - z, seed + 1);
    put(out, colour, (0.45 + 0.7 * leaf) * (0.55 + 0.7 * clump) * (0.82 + 0.3 * Math.max(0, nz)));
    out[0] *= 0.85 + 0.35 * clump;
  };
}

/** Planks along x. */
export function planks(colour: Rgb): Albedo {
  return (x, y, z, _nx, _ny, _nz, out) => {
    const board = Math.floor((y + z) / 0.11);
    const joint = toLine(y + z, 0.11) < 0.012 ? 0.4 : 1;
    put(
      out,
      colour,
      joint * (0.8 + 0.3 * hash(board, 0, 0, 81)) * (0.85 + 0.3 * noise(x * 3, (y + z) * 40, 82)),
    );
  };
}

/** Ceiling panels in a grid. */
export function ceiling(colour: Rgb): Albedo {
  return (x, y, _z, _nx, _ny, _nz, out) => {
    put(
      out,
      colour,
      toLine(x, 0.6) < 0.012 || toLine(y, 0.6) < 0.012
        ? 0.7
        : 0.96 + 0.05 * hash(Math.floor(x / 0.6), Math.floor(y / 0.6), 0, 91),
    );
  };
}

/** A corridor wall along y: plaster above a darker dado with a rail. */
export function dado(upper: Rgb, lower: Rgb, seed: number): Albedo {
  return (x, y, z, _nx, _ny, _nz, out) => {
    const stain = 0.94 + 0.1 * cloud((x + y) * 0.7, z * 0.7, seed);
    if (z < 0.1) put(out, lower, 0.45);
    else if (z < 1.0) put(out, lower, stain);
    else if (z < 1.06) put(out, lower, 0.6);
    else put(out, upper, stain);
  };
}

/** Frosted daylight behind a grid of glass doors that run along x from `left`. */
export function glazing(left: number, pane: number): Albedo {
  const day = paint('#dfe6e8');
  const frame = paint('#2f3436');
  return (x, _y, z, _nx, _ny, _nz, out) => {
    if (
      toLine(x - left, pane) < 0.05 ||
      z < 0.12 ||
      Math.abs(z - 2.15) < 0.05 ||
      Math.abs(z - 1.02) < 0.025
    ) {
      put(out, frame, 0.1);
      return;
    }
    // What is outside, blurred by the glass: a bright sky above a darker street.
    const street =
      z < 1.3 ? 0.42 + 0.25 * noise(x * 1.6, z * 2.2, 95) : 0.75 + 0.25 * noise(x * 0.9, z * 1.2, 96);
    put(out, day, street);
  };
}
