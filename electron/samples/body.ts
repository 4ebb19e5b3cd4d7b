// From a pose to what is drawn: a body as tapered rods in the colours of its clothes.
// Role: figure or bag in, rods in world metres out. Limits: rods only; faces are too small to have features.
import { paint, type Rgb, type Vec3 } from './camera.ts';
import type { Figure } from './figure.ts';
import type { Bag, Build } from './script.ts';

/** A rod with round ends: two points, two radii (metres), a reflectance. */
export interface Rod {
  readonly a: Vec3;
  readonly b: Vec3;
  readonly ra: number;
  readonly rb: number;
  readonly colour: Rgb;
  /** 0 = shaded as round, 1 = shaded as flat: parts of a trunk should look like one piece of cloth. */
  readonly flat?: number;
}

function shift(p: Vec3, v: Vec3, by: number): Vec3 {
  return [p[0] + by * v[0], p[1] + by * v[1], p[2] + by * v[2]];
}

function between(p: Vec3, q: Vec3, part: number): Vec3 {
  return [p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1]), p[2] + part * (q[2] - p[2])];
}

function tone(colour: Rgb, level: number): Rgb {
  return [colour[0] * level, colour[1] * level, colour[2] * level];
}

const BAG = paint('#3a3430');

/** The bag hanging from a hand. */
function carriedBag(hand: Vec3, forward: Vec3, colour: Rgb): Rod[] {
  const low: Vec3 = [hand[0], hand[1], Math.max(0.16, hand[2] - 0.3)];
  return [
    { a: hand, b: low, ra: 0.015, rb: 0.02, colour: tone(colour, 0.7) },
    { a: shift(low, forward, -0.15), b: shift(low, forward, 0.15), ra: 0.115, rb: 0.115, colour },
  ];
}

/** The same bag standing on the ground. */
export function bagRods(bag: Bag): Rod[] {
  const z = 0.14;
  return [
    { a: [bag.x - 0.17, bag.y, z], b: [bag.x + 0.17, bag.y, z], ra: 0.14, rb: 0.14, colour: bag.colour },
    {
      a: [bag.x - 0.12, bag.y, z + 0.16],
      b: [bag.x, bag.y, z + 0.25],
      ra: 0.016,
      rb: 0.016,
      colour: tone(bag.colour, 0.7),
    },
    {
      a: [bag.x, bag.y, z + 0.25],
      b: [bag.x + 0.12, bag.y, z + 0.16],
      ra: 0.016,
      rb: 0.016,
      colour: tone(bag.colour, 0.7),
    },
  ];
}

export const BAG_COLOUR = BAG;

/** Rods of a clothed figure; `carries` puts a bag into the right hand. */
export function bodyRods(figure: Figure, build: Build, carries: boolean): Rod[] {
  const { joints: j, forward, left, upward, height: h } = figure;
  const g = build.girth;
  const s = h / 1.75;
  const rods: Rod[] = [];
  const add = (a: Vec3, b: Vec3, ra: number, rb: number, colour: Rgb, flat = 0) =>
    rods.push({ a, b, ra: ra * s, rb: rb * s, colour, flat });

  for (const side of [0, 1] as const) {
    const [hip, knee, ankle] = [j[11 + side], j[13 + side], j[15 + side]];
    add(shift(hip, upward, -0.02), knee, 0.092 * g, 0.062 * g, build.bottom);
    add(knee, ankle, 0.06 * g, 0.046 * g, build.bottom);
    const sole: Vec3 = [ankle[0], ankle[1], ankle[2] - 0.03 * s];
    add(shift(sole, forward, -0.03), figure.toes[side], 0.044, 0.034, build.shoes);
    const [shoulder, elbow, wrist] = [j[5 + side], j[7 + side], j[9 + side]];
    add(shoulder, elbow, 0.062 * g, 0.048 * g, build.top);
    add(elbow, wrist, 0.047 * g, 0.036 * g, tone(build.top, 0.96));
    add(wrist, figure.hands[side], 0.032, 0.03, build.skin);
    // Each half of the trunk: flatter than it is wide.
    const armpit = shift(shift(shoulder, upward, -0.085 * s), left, (side === 0 ? -0.055 : 0.055) * s);
    add(shift(hip, upward, 0.0), armpit, 0.098 * g, 0.1 * g, build.top, 0.65);
    if (build.coat) {
      const hem = between(hip, knee, 0.52);
      add(
        shift(hip, upward, 0.04),
        shift(hem, left, side === 0 ? 0.01 : -0.01),
        0.104 * g,
        0.112 * g,
        tone(build.top, 0.96),
        0.4,
      );
    }
  }
  const pelvis = between(j[11], j[12], 0.5);
  const chest = between(j[5], j[6], 0.5);
  add(pelvis, between(pelvis, chest, 0.9), 0.1 * g, 0.105 * g, build.top, 0.65);
  const inset = (p: Vec3) => shift(between(p, chest, 0.12), upward, -0.012 * s);
  add(inset(j[5]), shift(chest, upward, 0.02 * s), 0.058 * g, 0.07 * g, build.top, 0.5);
  add(inset(j[6]), shift(chest, upward, 0.02 * s), 0.058 * g, 0.07 * g, build.top, 0.5);
  if (build.backpack) {
    const back = shift(chest, forward, -0.17 * s);
    add(
      shift(back, upward, -0.06),
      shift(shift(back, upward, -0.36 * s), forward, -0.02),
      0.12,
      0.14,
      build.backpack,
    );
  }
  add(shift(chest, upward, 0.02), figure.head, 0.05, 0.054, tone(build.skin, 0.85));
  const { head } = figure;
  const brow = between(j[3], j[4], 0.5);
  const nose: Vec3 = [j[0][0] - brow[0], j[0][1] - brow[1], j[0][2] - brow[2]];
  const face: Vec3 = [nose[0] / (0.068 * h), nose[1] / (0.068 * h), 0];
  add(
    shift(shift(head, upward, -0.04 * s), face, 0.024 * s),
    shift(shift(head, upward, 0.012 * s), face, 0.016 * s),
    0.066,
    0.078,
    build.skin,
    0.3,
  );
  add(
    shift(shift(head, upward, 0.052 * s), face, 0.004 * s),
    shift(shift(head, upward, 0.0), face, -0.042 * s),
    0.084,
    0.08,
    build.hair,
    0.3,
  );
  if (carries) rods.push(...carriedBag(figure.hands[1], forward, BAG));
  return rods;
}
