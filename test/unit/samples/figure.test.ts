import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COCO_17, figureAt } from '../../../electron/samples/figure.ts';
import { sampleScenes } from '../../../electron/samples/scenes.ts';
import { type Key, type Person, placeOn } from '../../../electron/samples/script.ts';

const people = sampleScenes(3).flatMap((scene) => scene.actors.filter((actor) => actor.kind === 'person'));
const joint = (name: (typeof COCO_17)[number]) => COCO_17.indexOf(name);
const distance = (a: readonly number[], b: readonly number[]) =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const walker: Person = {
  ...people[0],
  runsFrom: null,
  actions: [],
  phase: 0.2,
  track: [
    { t: 0, x: 0, y: 5 },
    { t: 10, x: 13, y: 5 },
  ],
};

describe('motion along a track', () => {
  const track: Key[] = [
    { t: 0, x: 0, y: 0 },
    { t: 4, x: 6, y: 0, face: 2 },
    { t: 6, x: 6, y: 0 },
    { t: 8, x: 6, y: 3 },
    { t: 12, x: 6, y: 3 },
  ];

  test('is exact away from corners', () => {
    expect(placeOn(track, 2)).toMatchObject({ x: 3, y: 0, heading: 0 });
    expect(placeOn(track, 2).speed).toBeCloseTo(1.5, 12);
    expect(placeOn(track, 5).heading).toBeCloseTo(2, 12);
    expect(placeOn(track, 5).speed).toBe(0);
    expect(placeOn(track, 7).heading).toBeCloseTo(Math.PI / 2, 12);
    expect(placeOn(track, 10).heading).toBeCloseTo(Math.PI / 2, 12);
    expect(placeOn(track, 7).distance).toBeCloseTo(7.5, 12);
  });

  test('never jumps: no faster than the fastest leg', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 11.9, noNaN: true }), (t) => {
        const [a, b] = [placeOn(track, t), placeOn(track, t + 0.04)];
        expect(Math.hypot(b.x - a.x, b.y - a.y)).toBeLessThanOrEqual(1.5 * 0.04 + 1e-9);
      }),
    );
  });
});

describe('a figure', () => {
  test('has 17 joints and keeps the length of its bones', () => {
    const bones = [
      ['left_hip', 'left_knee'],
      ['left_knee', 'left_ankle'],
      ['right_hip', 'right_knee'],
      ['right_knee', 'right_ankle'],
    ] as const;
    for (const person of people) {
      for (let t = 0; t < 15; t += 0.7) {
        const { joints, height } = figureAt(person, t);
        expect(joints).toHaveLength(COCO_17.length);
        for (const [a, b] of bones) {
          const expected = (a.endsWith('hip') ? 0.245 : 0.246) * height;
          expect(distance(joints[joint(a)], joints[joint(b)])).toBeCloseTo(expected, 9);
        }
      }
    }
  });

  test('stands on the ground: no foot below it, and one on it unless running', () => {
    for (const person of people) {
      for (let t = 0; t < 12; t += 0.13) {
        const { joints, toes, height } = figureAt(person, t);
        const soles = [
          joints[joint('left_ankle')][2] - 0.04 * height,
          joints[joint('right_ankle')][2] - 0.04 * height,
          toes[0][2] - 0.012 * height,
          toes[1][2] - 0.012 * height,
        ];
        const lowest = Math.min(...soles);
        expect(lowest).toBeGreaterThan(-1e-9);
        expect(lowest).toBeLessThan(person.runsFrom !== null && t >= person.runsFrom ? 0.06 : 1e-9);
      }
    }
  });

  test('walks: the feet alternate, left is on the left, the nose is in front', () => {
    const leads: boolean[] = [];
    for (let t = 2; t < 8; t += 0.02) {
      const { joints } = figureAt(walker, t);
      leads.push(joints[joint('left_ankle')][0] > joints[joint('right_ankle')][0]);
      expect(joints[joint('left_hip')][1]).toBeGreaterThan(joints[joint('right_hip')][1]);
      expect(joints[joint('nose')][0]).toBeGreaterThan(joints[joint('left_ear')][0]);
    }
    const changes = leads.filter((lead, i) => i > 0 && lead !== leads[i - 1]).length;
    // 1.3 m/s for 6 s with a stride (two steps) of 0.76 body heights.
    const steps = (2 * 1.3 * 6) / (0.76 * walker.build.height);
    expect(Math.abs(changes - steps)).toBeLessThanOrEqual(1.5);
  });

  test('in a fight moves its wrists much faster than in a walk', () => {
    const speed = (person: Person) => {
      let sum = 0;
      for (let t = 3; t < 7; t += 0.04) {
        const [a, b] = [figureAt(person, t), figureAt(person, t + 0.04)];
        // Against the trunk, so that walking itself does not count.
        const wrist = (f: typeof a) => f.joints[joint('left_wrist')].map((v, i) => v - f.neck[i]);
        sum += distance(wrist(a), wrist(b)) / 0.04 / 100;
      }
      return sum;
    };
    const fighter: Person = {
      ...walker,
      track: [
        { t: 0, x: 0, y: 5, face: 0 },
        { t: 10, x: 0, y: 5 },
      ],
      actions: [{ what: 'fight', from: 1, to: 9 }],
    };
    expect(speed(fighter)).toBeGreaterThan(3 * speed(walker));
  });
});
