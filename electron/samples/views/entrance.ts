// A corridor behind a glazed entrance, seen from under the ceiling: tiles that mirror the daylight, doors, a side passage.
import { aim, normalise, paint } from '../camera.ts';
import { ceiling, dado, foliage, glazing, plaster, tiles } from '../textures.ts';
import { box, cluster, cylinder, ellipsoid, flat, type Lamp, material, type Solid } from '../trace.ts';
import type { View } from './view.ts';

const LEFT = -2.3;
const RIGHT = 2.5;
const END = 21;
const TOP = 3.05;

const wall = material(dado(paint('#c9c4b6'), paint('#8b9391'), 201));
const endWall = material(dado(paint('#c4bfb2'), paint('#8b9391'), 202));
const door = material(plaster(paint('#866a50'), 204));
const frame = flat(paint('#5c6062'));
const metal = flat(paint('#787d80'));
const board = flat(paint('#7d6a50'));
const paper = flat(paint('#cfccc2'));
const red = flat(paint('#8e3029'));
const leaves = material(foliage(paint('#4d6b3c'), 203), { gaps: 0.25 });

function leftDoor(y: number): Solid[] {
  return [
    box(LEFT + 0.02, y, 0, 0.08, 1.12, 2.16, frame),
    box(LEFT + 0.05, y, 0.02, 0.06, 0.96, 2.06, door),
    box(LEFT + 0.1, y - 0.38, 1.0, 0.08, 0.12, 0.03, metal),
  ];
}

function rightDoor(y: number): Solid[] {
  return [
    box(RIGHT - 0.02, y, 0, 0.08, 1.12, 2.16, frame),
    box(RIGHT - 0.05, y, 0.02, 0.06, 0.96, 2.06, door),
    box(RIGHT - 0.1, y - 0.38, 1.0, 0.08, 0.12, 0.03, metal),
  ];
}

const panelGlow = flat([1, 0.98, 0.93], { emit: 3 });
const rows = [2.4, 6.6, 10.8, 15, 19.2];
const lamps: Lamp[] = rows.map((y) => ({ at: [0.1, y, TOP - 0.03], half: 0.55, power: [6.9, 6.7, 6.3] }));

export const entrance: View = {
  name: 'entrance-north',
  title: 'ENTRANCE NORTH',
  parked: [],
  stage: {
    camera: aim([1.55, -0.6, 2.82], -5.5, 17.5, 430),
    light: {
      direction: normalise([0.02, -0.1, 1]),
      sun: [0, 0, 0],
      sky: [0.44, 0.44, 0.43],
      spread: 0.5,
      strength: 0.6,
    },
    lamps,
    horizon: [0.5, 0.55, 0.6],
    ground: material(tiles(paint('#a7a59d'), paint('#75797a'), 0.6, LEFT, RIGHT), { gloss: 0.09 }),
    clusters: [
      cluster([
        // Left wall with a passage between y = 11.2 and 13.6; right wall with one between y = 15.4 and 17.6.
        box(LEFT - 0.15, 5.1, 0, 0.3, 12.2, TOP, wall),
        box(LEFT - 0.15, 17.3, 0, 0.3, 7.4, TOP, wall),
        box(LEFT - 0.15, 12.4, 2.4, 0.3, 2.4, TOP - 2.4, wall),
        box(LEFT - 2.6, 12.4, 0, 0.2, 6, TOP, endWall),
        box(RIGHT + 0.15, 7.2, 0, 0.3, 16.4, TOP, wall),
        box(RIGHT + 0.15, 19.3, 0, 0.3, 3.4, TOP, wall),
        box(RIGHT + 0.15, 16.5, 2.4, 0.3, 2.2, TOP - 2.4, wall),
        box(RIGHT + 2.6, 16.5, 0, 0.2, 6, TOP, endWall),
        box(0, 10, TOP, 12, 26, 0.2, material(ceiling(paint('#c8c6bf')))),
        ...rows.map((y) => box(0.1, y, TOP - 0.03, 1.2, 1.2, 0.05, panelGlow)),
        box(0.1, END + 0.1, 0, 4.8, 0.2, 2.75, material(glazing(LEFT, 1.2), { emit: 1.55 })),
        box(0.1, END, 2.75, 4.8, 0.3, 0.4, endWall),
        box(LEFT - 1.5, 13.75, 0, 2.4, 0.3, TOP, wall),
        box(LEFT - 1.5, 11.05, 0, 2.4, 0.3, TOP, wall),
        box(RIGHT + 1.5, 17.75, 0, 2.4, 0.3, TOP, wall),
      ]),
      cluster([
        ...leftDoor(4.6),
        ...leftDoor(8.6),
        ...leftDoor(16.2),
        cylinder(LEFT + 0.2, 6.7, 0.5, 0.09, 0.55, red),
      ]),
      cluster([
        cylinder(RIGHT - 0.45, 14.4, 0, 0.24, 0.46, metal),
        ellipsoid(RIGHT - 0.45, 14.4, 0.85, 0.4, 0.4, 0.5, leaves),
        ellipsoid(RIGHT - 0.5, 14.3, 1.25, 0.3, 0.3, 0.34, leaves),
      ]),
      cluster([
        box(RIGHT - 0.3, 7.0, 0.4, 0.46, 1.7, 0.06, door),
        box(RIGHT - 0.3, 6.3, 0, 0.4, 0.06, 0.4, metal),
        box(RIGHT - 0.3, 7.7, 0, 0.4, 0.06, 0.4, metal),
      ]),
      cluster([
        ...rightDoor(9.2),
        box(RIGHT - 0.03, 12.4, 1.15, 0.05, 1.7, 1.1, board),
        box(RIGHT - 0.07, 12.0, 1.35, 0.03, 0.42, 0.6, paper),
        box(RIGHT - 0.07, 12.75, 1.5, 0.03, 0.5, 0.36, paper),
        box(0.1, 19.6, 0, 3.4, 1.6, 0.012, flat(paint('#3f4244'))),
      ]),
    ],
  },
};
