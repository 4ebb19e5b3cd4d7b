// A row of parking bays behind a walkway under an overcast sky; the lane is closed to traffic.
import { aim, normalise, paint } from '../camera.ts';
import { hash } from '../noise.ts';
import { brick, carPark, foliage, plaster } from '../textures.ts';
import { box, type Cluster, cluster, cylinder, ellipsoid, flat, material, type Solid } from '../trace.ts';
import type { View } from './view.ts';

const KERB = 8.8;
const NEAR = 15.6;
const FAR = 20.8;
const BAY = 2.7;

const steel = flat(paint('#6a6f71'));
const stone = material(plaster(paint('#8f8c86'), 301));
const hedge = material(foliage(paint('#4f6440'), 302), { gaps: 0.05 });
const glass = flat(paint('#2c3338'));
const sill = flat(paint('#8d8880'));

const bushes = Array.from({ length: 34 }, (_, i) =>
  ellipsoid(
    -21 + 1.25 * i,
    22.3 + 0.2 * hash(i, 0, 0, 303),
    0.7,
    0.95,
    0.7,
    0.75 + 0.25 * hash(i, 1, 0, 303),
    hedge,
  ),
);
/** Neighbours share a cluster. */
const hedgerow: Cluster[] = [0, 6, 12, 18, 24, 29].map((from, i, starts) =>
  cluster(bushes.slice(from, starts[i + 1] ?? bushes.length)),
);
const windows: Solid[] = Array.from({ length: 9 }, (_, i) => [
  box(-19 + 4.6 * i, 27.48, 1.5, 1.7, 0.1, 1.5, glass),
  box(-19 + 4.6 * i, 27.4, 1.4, 1.9, 0.24, 0.1, sill),
]).flat();

function lamp(x: number, y: number): Solid[] {
  return [cylinder(x, y, 0, 0.14, 0.5, stone), cylinder(x, y, 0.5, 0.065, 5.5, steel)];
}

export const parking: View = {
  name: 'parking-west',
  title: 'PARKING WEST',
  parked: [
    { model: 'hatchback', x: -8.1 - 2.7, y: 18.3, turn: 90, colour: paint('#6f7477') },
    { model: 'hatchback', x: -8.1, y: 18.2, turn: -90, colour: paint('#3d4a5c') },
    { model: 'van', x: -2.7, y: 18.4, turn: 90, colour: paint('#b9b8b2') },
    { model: 'hatchback', x: 0, y: 18.1, turn: -90, colour: paint('#6b3330') },
    { model: 'hatchback', x: 5.4, y: 18.3, turn: 90, colour: paint('#8d9092') },
    { model: 'hatchback', x: 8.1, y: 18.2, turn: -90, colour: paint('#2f3335') },
    { model: 'hatchback', x: 13.5, y: 18.3, turn: 90, colour: paint('#5b6a52') },
  ],
  stage: {
    camera: aim([-1.2, 0, 5.7], 5, 21.5, 530),
    light: {
      direction: normalise([0.38, -0.3, 0.88]),
      sun: [0.95, 0.95, 0.94],
      sky: [0.92, 0.96, 1.02],
      spread: 0.22,
      strength: 0.75,
    },
    lamps: [],
    horizon: [1.5, 1.55, 1.6],
    ground: material(carPark(KERB, NEAR, FAR, BAY)),
    clusters: [
      cluster([
        box(0, KERB + 0.07, 0, 60, 0.16, 0.03, stone),
        box(0, 21.2, 0, 60, 0.2, 0.14, stone),
        box(0, 28.5, 0, 70, 2, 9, material(brick(paint('#806156')))),
      ]),
      ...hedgerow,
      cluster(windows),
      cluster(lamp(-5.4, 9.4)),
      cluster(lamp(9.3, 21.4)),
      cluster(lamp(-14, 21.4)),
      cluster([
        box(4.9, 8.3, 0, 0.5, 0.4, 1.15, flat(paint('#4b5357'))),
        box(4.9, 8.08, 0.78, 0.34, 0.03, 0.24, flat(paint('#9aa39f'))),
      ]),
    ],
  },
};
