import { describe, expect, it } from 'vitest';
import { drawUnits, mixed, PROBE_FRAMES, probeUnits } from '../../../electron/api/review/draws.ts';
import { buildQueue, diffOf, interleave, type QueueInput } from '../../../electron/api/review/queue.ts';
import type { Sample } from '../../../electron/store/draws.ts';
import {
  type HumanEvent,
  type Input,
  type QueueItem,
  queueSettings,
} from '../../../shared/contract/index.ts';

const FRAMES = 64 * 16;
const rule = { on: 0.5, off: 0.5, minFrames: 0, gapFrames: 0 };
const ruleOf = () => rule;

/** Scores with one event: `length` segments of `height` from segment `at` on. */
function video(videoId: number, at: number, length: number, height: number, base = 0.1) {
  const scores = new Float32Array(64).fill(base);
  scores.fill(height, at, at + length);
  return { videoId, frames: FRAMES, scores, camera: videoId % 2 === 0 ? 'north' : null };
}

let drawn: { purpose: string; population: number; count: number }[] = [];
function input(settings: Input<'review.queue'>['settings'] = {}, more: Partial<QueueInput> = {}): QueueInput {
  drawn = [];
  const scores = [video(1, 10, 2, 0.9), video(2, 20, 8, 0.55), video(3, 5, 4, 0.7)];
  return {
    runId: 1,
    settings: queueSettings.parse({ probeShare: 0, ...settings }),
    videos: new Map(
      Array.from({ length: 200 }, (_, i) => [
        i + 1,
        {
          id: i + 1,
          relPath: `day/clip${i + 1}.mp4`,
          camera: i % 2 === 0 ? null : 'north',
          tags: i % 3 === 0 ? ['rain'] : [],
          frameSeconds: 0.04,
        },
      ]),
    ),
    runs: [{ id: 1, ruleOf, scores }],
    human: new Map(),
    ruleEvents: new Map(),
    novelty: null,
    uncertainty: null,
    keep: (purpose, population, units): Sample[] => {
      drawn.push({ purpose, population, count: units.length });
      const inStratum = Map.groupBy(units, (u) => u.stratum);
      return units.map((u) => ({
        ...u,
        drawId: 1,
        probability: (inStratum.get(u.stratum)?.length ?? 0) / u.stratumUnits,
      }));
    },
    people: false,
    limit: 1000,
    ...more,
  };
}
const said = (videoId: number, start: number, end: number, verdict: HumanEvent['verdict']): HumanEvent => ({
  id: videoId * 1000 + start + 1,
  kind: 'event',
  pass: 1,
  videoId,
  runId: 1,
  parentId: null,
  start,
  end,
  origin: { start, end },
  verdict,
  class: null,
  note: '',
  reviewer: 'ada',
  createdAt: 0,
  changedAt: 0,
});
const clips = (items: readonly QueueItem[]) => items.map((item) => item.videoId);

describe('orders', () => {
  it('highest, longest, nearest the threshold, by video and time', () => {
    expect(clips(buildQueue(input({ order: 'score' })).items)).toEqual([1, 3, 2]);
    expect(clips(buildQueue(input({ order: 'length' })).items)).toEqual([2, 3, 1]);
    expect(clips(buildQueue(input({ order: 'uncertain' })).items)).toEqual([2, 3, 1]);
    expect(clips(buildQueue(input({ order: 'time' })).items)).toEqual([1, 2, 3]);
    // Where the method says how unsure it is, the mean over the event counts, not what lies around it.
    const unsure = (around: number, from: number, to: number, value: number) =>
      new Float32Array(64).fill(around).fill(value, from, to);
    const ofClips = [unsure(0, 10, 12, 0.2), unsure(0.9, 20, 28, 0.1), unsure(0, 5, 9, 0.3)];
    const uncertainty = (videoId: number) => ofClips[videoId - 1];
    expect(clips(buildQueue(input({ order: 'uncertain' }, { uncertainty })).items)).toEqual([3, 1, 2]);
  });

  it('where methods disagree most, by rank within each method', () => {
    const runs = [
      { id: 1, ruleOf, scores: [video(1, 10, 2, 0.9), video(2, 20, 2, 0.6)] },
      // The second method lives on another scale; it sees clip 1 as well, and nothing in clip 2.
      { id: 2, ruleOf, scores: [video(1, 10, 2, 0.009, 0.001), video(2, 20, 2, 0.001, 0.001)] },
    ];
    const { items } = buildQueue(input({ order: 'disagree' }, { runs }));
    expect(clips(items)).toEqual([2, 1]);
    expect(items[0].spread).toBeGreaterThan(items[1].spread ?? 1);
    expect(items[1].scores[1]).toBeCloseTo(0.009);
    expect(buildQueue(input({ order: 'disagree' })).needs).toBe('runs');
  });

  it('farthest from what was reviewed, once features were compared', () => {
    expect(buildQueue(input({ order: 'novel' })).needs).toBe('features');
    const novelty = ({ videoId }: { videoId: number }) => [0, 3, 1, 2][videoId];
    expect(clips(buildQueue(input({ order: 'novel' }, { novelty })).items)).toEqual([1, 3, 2]);
  });

  it('are the same for the same seed and another for another, where scores are equal', () => {
    const scores = Array.from({ length: 40 }, (_, i) => video(i + 1, 10, 2, 0.8));
    const of = (seed: number) =>
      clips(buildQueue(input({ order: 'score', seed }, { runs: [{ id: 1, ruleOf, scores }] })).items);
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
    expect(of(2).toSorted((a, b) => a - b)).toEqual(scores.map((v) => v.videoId));
  });
});

describe('what was said', () => {
  const human = new Map([[1, [said(1, 160, 192, 'rejected')]]]);
  const ruleEvents = new Map([
    [
      3,
      [
        {
          id: 9,
          ruleId: 4,
          runId: 1,
          videoId: 3,
          start: 80,
          end: 144,
          verdict: 'accepted' as const,
          class: null,
        },
      ],
    ],
  ]);

  it('stands at each item, people before rules, and is counted apart', () => {
    const queue = buildQueue(input({ order: 'time' }, { human, ruleEvents }));
    expect(queue.items.map((i) => [i.by, i.verdict, i.reviewer])).toEqual([
      ['human', 'rejected', 'ada'],
      [null, null, null],
      ['rule', 'accepted', null],
    ]);
    expect([queue.human, queue.rule, queue.open]).toEqual([1, 1, 1]);
  });

  it('filters', () => {
    const of = (filter: object) =>
      clips(buildQueue(input({ order: 'time', filter }, { human, ruleEvents })).items);
    expect(of({ said: ['open'] })).toEqual([2]);
    expect(of({ said: ['rejected', 'rule'] })).toEqual([1, 3]);
    expect(of({ path: 'CLIP3' })).toEqual([3]);
    expect(of({ path: 'day/clip[12]*' })).toEqual([1, 2]);
    expect(of({ cameras: ['north'] })).toEqual([2]);
    expect(of({ tags: ['rain', 'fog'] })).toEqual([1]);
    expect(of({ tags: ['fog'] })).toEqual([]);
    expect(of({ minScore: 0.6, maxScore: 0.8 })).toEqual([3]);
    expect(of({ minFrames: 64 })).toEqual([2, 3]);
    expect(of({ maxFrames: 64 })).toEqual([1, 3]);
  });
});

describe('what people said to ignore', () => {
  const ignore = (videoId: number, start: number, end: number): HumanEvent => ({
    ...said(videoId, start, end, null),
    kind: 'ignore',
    origin: null,
  });

  it('leaves the queue where it covers half of an event, and is counted apart', () => {
    // The events are 1: 160-192, 2: 320-448, 3: 80-144.
    const human = new Map([
      [1, [ignore(1, 0, 175)]],
      [2, [ignore(2, 320, 352), ignore(2, 416, 500)]],
      [3, [ignore(3, 90, 200)]],
    ]);
    const queue = buildQueue(input({ order: 'time' }, { human }));
    expect(clips(queue.items)).toEqual([1]);
    expect([queue.open, queue.ignored, queue.total]).toEqual([1, 2, 1]);
  });

  it('keeps its verdict where it has one', () => {
    const human = new Map([[1, [said(1, 160, 192, 'accepted'), ignore(1, 0, 500)]]]);
    const queue = buildQueue(input({ order: 'time' }, { human }));
    expect(queue.items[0]).toMatchObject({ videoId: 1, by: 'human', verdict: 'accepted' });
    expect(queue.ignored).toBe(0);
  });

  it('stays part of a random draw, whose probabilities do not change', () => {
    const human = new Map([[1, [ignore(1, 0, 500)]]]);
    const { items } = buildQueue(input({ order: 'random' }, { human }));
    expect(clips(items).toSorted()).toEqual([2, 3]);
    expect(drawn).toEqual([{ purpose: 'events', population: 3, count: 3 }]);
  });

  it('is no place for probes', () => {
    const all = [1, 2, 3].map((id) => [id, [ignore(id, 0, FRAMES)]] as const);
    const settings = { probeShare: 0.5 };
    expect(buildQueue(input(settings)).items.some((item) => item.kind === 'probe')).toBe(true);
    expect(buildQueue(input(settings, { human: new Map(all.slice(1)) })).items).not.toContainEqual(
      expect.objectContaining({ kind: 'probe', videoId: 3 }),
    );
  });
});

describe('a random sample', () => {
  const many = Array.from({ length: 200 }, (_, i) => video(i + 1, 4, 2, 0.5 + i / 500));
  const runs = [{ id: 1, ruleOf, scores: many }];
  const units = many.map((v) => ({
    videoId: v.videoId,
    start: 64,
    end: 96,
    max: 0.5 + v.videoId / 500,
    mean: 0.5,
  }));

  it('is drawn from strata by score with known probabilities, and grows without changing', () => {
    const small = buildQueue(input({ order: 'random', sample: 20 }, { runs }));
    const large = buildQueue(input({ order: 'random', sample: 50 }, { runs }));
    expect(clips(large.items).slice(0, 20)).toEqual(clips(small.items));
    expect(drawn).toEqual([{ purpose: 'events', population: 200, count: 50 }]);
    expect(small.items.every((item) => item.drawn?.probability === 4 / 40)).toBe(true);
    expect(new Set(small.items.map((item) => Math.floor((item.max - 0.5) / 0.08))).size).toBe(5);
  });

  it('is as small as asked for, also when more was drawn before', () => {
    const given = input({ order: 'random', sample: 20 }, { runs });
    const kept = drawUnits(units, 'events', 1, 50).map((u) => ({ ...u, drawId: 1, probability: 0.25 }));
    const { items } = buildQueue({ ...given, keep: () => kept });
    expect(items.map((item) => item.drawn?.position).every((position) => (position ?? 99) < 20)).toBe(true);
  });

  it('takes every unit equally often', () => {
    const hits = new Float64Array(201);
    const seeds = 2000;
    for (let seed = 0; seed < seeds; seed++)
      for (const unit of drawUnits(units, 'events', seed, 20)) hits[unit.videoId]++;
    const expected = (seeds * 20) / 200;
    const chi2 = hits.slice(1).reduce((sum, h) => sum + (h - expected) ** 2 / expected, 0);
    // 195 free counts (5 strata), each with variance 1 - p: mean 180, standard deviation 18.
    expect(chi2).toBeGreaterThan(110);
    expect(chi2).toBeLessThan(260);
  });

  it('mixes seeds and places into different numbers', () => {
    const seen = new Set(Array.from({ length: 5000 }, (_, i) => mixed(i % 50, Math.floor(i / 50), 16, 32)));
    expect(seen.size).toBeGreaterThan(4990);
  });
});

describe('probes', () => {
  it('cover what lies outside of events, in pieces of a few seconds', () => {
    const { scores } = video(1, 10, 2, 0.9);
    const units = probeUnits(1, scores, FRAMES, rule);
    expect(units[0].start).toBe(0);
    expect(units.some((u) => u.start < 192 && u.end > 160)).toBe(false);
    expect(units.reduce((sum, u) => sum + u.end - u.start, 0)).toBe(FRAMES - 32);
    expect(Math.max(...units.map((u) => u.end - u.start))).toBeLessThanOrEqual(1.5 * PROBE_FRAMES);
    expect(probeUnits(1, new Float32Array(0), FRAMES, rule)).toEqual([]);
  });

  it('make up their share of any beginning of the queue', () => {
    const scores = Array.from({ length: 90 }, (_, i) => video(i + 1, 10, 2, 0.8));
    const { items } = buildQueue(input({ probeShare: 0.1 }, { runs: [{ id: 1, ruleOf, scores }] }));
    expect(items).toHaveLength(100);
    for (const n of [10, 50, 100])
      expect(items.slice(0, n).filter((item) => item.kind === 'probe')).toHaveLength(n / 10);
    expect(items.filter((i) => i.kind === 'probe').every((i) => i.drawn !== null && i.max < 0.5)).toBe(true);
    expect(drawn[0]).toMatchObject({ purpose: 'probes', count: 10 });
  });

  it('come from the videos that the filter names, by a pattern too', () => {
    const of = (filter: object) =>
      buildQueue(input({ probeShare: 0.5, filter })).items.filter((item) => item.kind === 'probe');
    const found = of({ path: 'day/clip[12]*' }).map((item) => item.videoId);
    expect(found).toHaveLength(2);
    expect(found.every((id) => id === 1 || id === 2)).toBe(true);
    expect(new Set(of({ tags: ['rain'] }).map((item) => item.videoId))).toEqual(new Set([1]));
  });

  it('stay out where only decided events are asked for', () => {
    expect(buildQueue(input({ probeShare: 0.5, filter: { said: ['accepted'] } })).items).toEqual([]);
  });

  it('lie evenly among the others', () => {
    expect(interleave([1, 2, 3, 4, 5, 6], [0, 0])).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
    expect(interleave([], [0])).toEqual([0]);
    expect(interleave([1], [])).toEqual([1]);
  });
});

describe('what only people said', () => {
  const own = { ...said(2, 100, 120, 'accepted'), id: 50, runId: null, origin: null, class: 'Cart' };
  const human = new Map([
    [
      1,
      [
        said(1, 160, 192, 'accepted'),
        { ...said(1, 400, 410, null), id: 51, kind: 'ignore' as const, origin: null },
      ],
    ],
    [2, [own]],
    // Of a run that saw it, and of a video that this run does not have.
    [9, [{ ...said(9, 16, 32, 'rejected'), id: 52, runId: 7 }]],
  ]);
  const kinds = (settings: object, more: object = {}) =>
    buildQueue(input({ order: 'time', ...settings }, { human, ...more })).items.map((i) => [
      i.kind,
      i.videoId,
      i.start,
    ]);

  it('is in the list where it is asked for, in its place', () => {
    expect(kinds({})).toHaveLength(3);
    const { items, human: decided } = buildQueue(input({ order: 'time' }, { human, people: true }));
    expect(items.map((i) => [i.kind, i.videoId, i.start, i.end])).toEqual([
      ['event', 1, 160, 192],
      ['ignored', 1, 400, 410],
      ['human', 2, 100, 120],
      ['event', 2, 320, 448],
      ['event', 3, 80, 144],
      ['human', 9, 16, 32],
    ]);
    expect(items[2]).toMatchObject({
      verdict: 'accepted',
      by: 'human',
      class: 'Cart',
      runId: null,
      eventId: 50,
    });
    expect(items[2].means[0]).toBeCloseTo(0.1);
    expect(items[5]).toMatchObject({ verdict: 'rejected', runId: 7, means: [null], scores: [null] });
    expect(items[0]).toMatchObject({ runId: 1, verdict: 'accepted' });
    expect(decided).toBe(1); // counts are of the run's events
  });

  it('has what was accepted under a lower threshold', () => {
    const high = { ...rule, on: 0.95, off: 0.95 };
    const scores = [video(1, 10, 2, 0.9), video(2, 20, 8, 0.55), video(3, 5, 4, 0.7)];
    const runs = [{ id: 1, ruleOf: () => high, scores }];
    expect(kinds({}, { people: true, runs })).toContainEqual(['human', 1, 160]);
    expect(kinds({ filter: { class: 'Cart' } }, { people: true })).toEqual([['human', 2, 100]]);
  });
});

describe('a budget', () => {
  const scores = Array.from({ length: 60 }, (_, i) => video(i + 1, 10, 10, 0.5 + i / 200));
  const runs = [{ id: 1, ruleOf, scores }];
  // 160 frames at .04 s and 2 s to decide: 8.4 s an event.
  it('cuts the queue to what fits, at the speed of the person', () => {
    expect(buildQueue(input({ budgetMinutes: 1 }, { runs })).items).toHaveLength(7);
    expect(buildQueue(input({ budgetMinutes: 1, reviewSpeed: 4 }, { runs })).items).toHaveLength(16);
    expect(buildQueue(input({ budgetMinutes: 1 }, { runs })).seconds).toBeLessThanOrEqual(60);
  });

  it('says what to expect from 20 verdicts on, and that more reviewing helps', () => {
    const human = new Map(
      scores
        .slice(0, 30)
        .map((v) => [v.videoId, [said(v.videoId, 160, 320, v.videoId % 3 === 0 ? 'accepted' : 'rejected')]]),
    );
    expect(buildQueue(input({}, { runs })).outlook).toEqual({ verdicts: 0, before: null, after: null });
    const { outlook } = buildQueue(input({ order: 'gain', budgetMinutes: 2 }, { runs, human }));
    expect(outlook.verdicts).toBe(30);
    const [before, after] = [outlook.before, outlook.after];
    if (!before || !after) throw new Error('nothing is expected');
    expect(before.low).toBeLessThan(before.value);
    expect(after.value).toBeGreaterThan(before.value);
    const everything = buildQueue(input({ order: 'gain' }, { runs, human })).outlook.after;
    expect(everything).toMatchObject({ value: 1, low: 1, high: 1 });
  });
});

describe('against an earlier run', () => {
  const before = { id: 2, ruleOf, scores: [video(1, 10, 2, 0.9), video(2, 40, 4, 0.9), video(3, 5, 4, 0.7)] };
  const now = { id: 1, ruleOf, scores: [video(1, 10, 3, 0.9), video(2, 20, 8, 0.6), video(3, 5, 4, 0.7)] };
  const human = new Map([
    [3, [said(3, 80, 144, 'rejected')]],
    [2, [said(2, 640, 704, 'accepted')]],
  ]);

  it('counts new, moved, gone and what contradicts verdicts', () => {
    expect(diffOf(now, before, human)).toEqual({ new: 1, moved: 1, gone: 1, same: 1, contradictions: 2 });
  });

  it('queues just these', () => {
    const { items } = buildQueue(
      input({ order: 'time', filter: { against: 2 } }, { runs: [now, before], human }),
    );
    expect(items.map((i) => [i.videoId, i.start, i.why])).toEqual([
      [1, 160, 'moved'],
      [2, 320, 'new'],
      [2, 640, 'contradiction'],
      [3, 80, 'contradiction'],
    ]);
  });
});
