// A square in the sun, seen from a first-floor bracket: slabs, trees in planters, benches, a shop front.
import { aim, normalise, paint } from '../camera.ts';
import { hash } from '../noise.ts';
import { foliage, paving, planks, plaster, shopFront } from '../textures.ts';
import { box, type Cluster, cluster, cylinder, ellipsoid, flat, material, type Solid } from '../trace.ts';
import type { View } from './view.ts';

const steel = flat(paint('#565b5d'));
const concrete = material(plaster(paint('#9c988f'), 101));
const wood = material(planks(paint('#7a5f45')));
const bark = material(plaster(paint('#5d5045'), 102));
const leaves = material(foliage(paint('#5c7442'), 103), { gaps: 0.34 });
const soil = flat(paint('#4a4136'));

/** A crown of leaf clumps around a point; the clumps of one tree depend on its seed. */
function crown(x: number, y: number, z: number, radius: number, seed: number): Solid[] {
  return Array.from({ length: 26 }, (_, i) => {
    const a = 2 * Math.PI * hash(i, 0, 0, seed);
    const h = 2 * hash(i, 1, 0, seed) - 1;
    const d = radius * 0.72 * Math.cbrt(hash(i, 2, 0, seed));
    const r = radius * (0.3 + 0.2 * hash(i, 3, 0, seed));
    const w = Math.sqrt(1 - h * h);
    return ellipsoid(
      x + d * w * Math.cos(a),
      y + d * w * Math.sin(a),
      z + 0.8 * d * h,
      r,
      r,
      0.75 * r,
      leaves,
    );
  });
}

function tree(x: number, y: number, seed: number): Cluster[] {
  const foot = [
    box(x, y, 0, 1.7, 1.7, 0.46, concrete),
    box(x, y, 0.46, 1.45, 1.45, 0.02, soil),
    ellipsoid(x - 0.35, y - 0.3, 0.5, 0.45, 0.4, 0.25, leaves),
    ellipsoid(x + 0.3, y + 0.2, 0.5, 0.5, 0.45, 0.28, leaves),
    cylinder(x, y, 0.4, 0.11, 2.6, bark),
  ];
  return [cluster(foot), cluster(crown(x, y, 3.6, 1.55, seed))];
}

function bench(x: number, y: number, turn: number): Solid[] {
  const a = (turn * Math.PI) / 180;
  const at = (u: number, v: number): [number, number] => [
    x + u * Math.cos(a) - v * Math.sin(a),
    y + u * Math.sin(a) + v * Math.cos(a),
  ];
  return [
    box(...at(0, 0), 0.42, 1.9, 0.48, 0.06, wood, turn),
    box(...at(0, 0.24), 0.55, 1.9, 0.05, 0.36, wood, turn),
    box(...at(-0.75, 0), 0, 0.07, 0.44, 0.42, steel, turn),
    box(...at(0.75, 0), 0, 0.07, 0.44, 0.42, steel, turn),
  ];
}

function lamp(x: number, y: number): Solid[] {
  return [
    cylinder(x, y, 0, 0.13, 0.7, steel),
    cylinder(x, y, 0.7, 0.06, 4.4, steel),
    ellipsoid(x, y, 5.0, 0.3, 0.3, 0.14, steel),
  ];
}

const bollards = Array.from({ length: 9 }, (_, i) => cylinder(-14 + 3.4 * i, 20.6, 0, 0.1, 0.85, steel));

export const plaza: View = {
  name: 'plaza-east',
  title: 'PLAZA EAST',
  parked: [],
  stage: {
    camera: aim([0, 0, 6.4], -4, 25.5, 520),
    light: {
      direction: normalise([-0.62, -0.3, 0.66]),
      sun: [2.5, 2.3, 1.95],
      sky: [0.5, 0.56, 0.66],
      spread: 0.03,
      strength: 0.92,
    },
    lamps: [],
    horizon: [1.1, 1.2, 1.3],
    ground: material(paving(paint('#a89f92'), paint('#7d766d'), 0.55, 5.2)),
    clusters: [
      cluster([
        box(0, 26, 0, 60, 2, 9, material(shopFront(paint('#a3937c'), 3.6))),
        box(0, 24.6, 3.75, 60, 1.2, 0.12, steel),
        box(0, 24.2, 0, 60, 1.8, 0.14, concrete),
      ]),
      ...tree(-8.2, 17.2, 111),
      ...tree(-1.2, 18.4, 112),
      ...tree(6.4, 17.6, 113),
      ...tree(-6.1, 9.6, 114),
      cluster(bench(-4.9, 15.4, 8)),
      cluster(bench(2.7, 17.9, -4)),
      cluster(bench(5.6, 11.6, -62)),
      cluster(lamp(-3.3, 20.2)),
      cluster(lamp(8.6, 14.4)),
      cluster([cylinder(3.9, 20, 0, 0.26, 0.95, steel), ...bollards]),
    ],
  },
};
