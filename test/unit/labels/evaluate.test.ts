import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EvaluatedVideo, evaluate, sliceOf } from '../../../shared/labels/evaluate.ts';
import { eventCounts, matchEvents } from '../../../shared/labels/event-metrics.ts';
import { frameMetrics, rankCurves, rankMetrics } from '../../../shared/labels/metrics.ts';

const video = (
  more: Partial<EvaluatedVideo> & { scores: Float32Array; labels: Uint8Array },
): EvaluatedVideo => ({
  id: 1,
  name: 'a.mp4',
  camera: null,
  folder: '',
  class: null,
  seconds: 3600,
  predicted: Uint8Array.from(more.scores, (s) => Number(s >= 0.5)),
  found: [],
  truth: [],
  ...more,
});
const of = (labels: number[], scores: number[], more: Partial<EvaluatedVideo> = {}) =>
  video({ labels: Uint8Array.from(labels), scores: Float32Array.from(scores), ...more });

describe('event matching', () => {
  const found = (start: number, end: number, max: number) => ({ start, end, max });
  test('one found event takes one true event, the best scores first', () => {
    const truth = [
      { start: 0, end: 100 },
      { start: 200, end: 260 },
    ];
    const events = [found(0, 60, 0.9), found(10, 100, 0.8), found(220, 280, 0.7), found(400, 410, 0.6)];
    expect(matchEvents(events, truth, 0.5)).toBe(2); // .6 of the first, 40/80 of the second
    expect(matchEvents(events, truth, 0.55)).toBe(1);
    // The better event (0.9) was taken by the higher score although the other overlaps more.
    expect(matchEvents([found(0, 60, 0.9), found(0, 100, 0.8)], truth, 0.7)).toBe(1);
    expect(matchEvents([], truth, 0.1)).toBe(0);
  });

  test('counts over videos at every reported overlap', () => {
    const counts = eventCounts([
      { found: [found(0, 50, 1)], truth: [{ start: 0, end: 100 }] },
      { found: [found(0, 10, 1)], truth: [] },
    ]);
    expect(counts).toEqual([
      { iou: 0.1, found: 2, truth: 1, matched: 1 },
      { iou: 0.3, found: 2, truth: 1, matched: 1 },
      { iou: 0.5, found: 2, truth: 1, matched: 1 },
      { iou: 0.7, found: 2, truth: 1, matched: 0 },
    ]);
  });

  test('never more pairs than either side has, and never more at a higher overlap', () => {
    const range = fc
      .tuple(fc.nat(200), fc.integer({ min: 1, max: 60 }), fc.nat(9))
      .map(([start, length, max]) => found(start, start + length, max));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), fc.array(range, { maxLength: 8 }), (a, b) => {
        const pairs = matchEvents(a, b, 0.2);
        expect(pairs).toBeLessThanOrEqual(Math.min(a.length, b.length));
        expect(matchEvents(a, a, 1)).toBeGreaterThan(a.length === 0 ? -1 : 0);
      }),
    );
  });
});

describe('slices', () => {
  const normal = of([0, 0, 0, 0], [0.1, 0.2, 0.6, 0.3], {
    id: 2,
    name: 'n.mp4',
    camera: 'Gate',
    folder: 'train',
    found: [{ start: 2, end: 3, max: 0.6 }],
  });
  const abnormal = of([0, 1, 1, 1], [0.4, 0.9, 0.7, 0.3], {
    name: 'a.mp4',
    camera: 'Yard',
    folder: 'test',
    found: [{ start: 1, end: 3, max: 0.9 }],
    truth: [{ start: 1, end: 4 }],
  });
  const report = evaluate([normal, abnormal]);

  test('all frames together are the frame metrics, and the threshold gives its own', () => {
    const expected = frameMetrics(
      [0, 0, 0, 0, 0, 1, 1, 1],
      [0.1, 0.2, 0.6, 0.3, 0.4, 0.9, 0.7, 0.3].map(Math.fround),
      [0, 4, 8],
    );
    expect(report.all).toMatchObject({
      videos: 2,
      frames: 8,
      anomalousFrames: 3,
      microAuc: expected.microAuc,
      macroAuc: expected.macroAuc,
      stepAp: expected.stepAp,
      trapezoidPrAuc: expected.trapezoidPrAuc,
      precision: 2 / 3,
      recall: 2 / 3,
      falseAlarmRate: 1 / 5,
      falseAlarmsPerHour: 0.5, // one event without a true one in two hours
      wrongFrames: 2,
    });
  });

  test('abnormal videos alone, cameras, folders, and videos with the most wrong frames first', () => {
    expect(report.abnormalOnly).toMatchObject({ videos: 1, frames: 4, microAuc: 2 / 3 });
    expect(report.cameras.map((s) => [s.name, s.frames])).toEqual([
      ['Gate', 4],
      ['Yard', 4],
    ]);
    expect(report.folders.map((s) => s.name)).toEqual(['test', 'train']);
    expect(report.classes).toEqual([]);
    expect(report.perVideo.map((s) => [s.videoId, s.wrongFrames, s.microAuc])).toEqual([
      [1, 1, 2 / 3],
      [2, 1, null],
    ]);
  });

  test('without anomalies, without labels, without lengths: nothing is made up', () => {
    const slice = sliceOf('x', [of([0, 0], [0.1, 0.2], { seconds: 0 })]);
    expect(slice).toMatchObject({
      microAuc: null,
      stepAp: null,
      precision: null,
      recall: null,
      falseAlarmRate: 0,
      falseAlarmsPerHour: null,
    });
    const quiet = evaluate([of([0, 0], [0.1, 0.2])]);
    expect(quiet.abnormalOnly).toBeNull();
    expect(quiet.curves).toBeNull();
    expect(quiet.histogram.anomalous.every((share) => share === 0)).toBe(true);
  });

  test('histogram and reliability are shares of frames', () => {
    expect(report.histogram.normal.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(report.histogram.anomalous[35]).toBeCloseTo(1 / 3, 12); // .9 as float32 lies a hair below it
    expect(report.reliability.bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(8);
  });
});

describe('curves', () => {
  const frames = fc
    .array(fc.record({ label: fc.nat(1), score: fc.integer({ min: 0, max: 12 }) }), {
      minLength: 2,
      maxLength: 60,
    })
    .filter((f) => f.some((x) => x.label === 1) && f.some((x) => x.label === 0));

  test('the areas under them are the metrics', () => {
    fc.assert(
      fc.property(frames, (all) => {
        const [labels, scores] = [all.map((f) => f.label), all.map((f) => f.score)];
        const { roc, pr } = rankCurves(labels, scores)!;
        const area = (points: [number, number][]) =>
          points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i][0]) * (y + points[i][1])) / 2, 0);
        const metrics = rankMetrics(labels, scores)!;
        expect(area(roc)).toBeCloseTo(metrics.auc, 12);
        expect(area(pr)).toBeCloseTo(metrics.trapezoidPrAuc, 12);
      }),
    );
  });

  test('many frames give few points, and the ends stay', () => {
    const scores = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 20_011);
    const labels = scores.map((s, i) => Number((s + i) % 3 === 0));
    const { roc, pr } = rankCurves(labels, scores)!;
    expect(roc.length).toBeLessThan(900);
    expect(roc[0]).toEqual([0, 0]);
    expect(roc.at(-1)).toEqual([1, 1]);
    expect(pr.at(-1)![0]).toBe(1);
    expect(rankCurves([1, 1], [0.3, 0.4])).toBeNull();
  });
});
