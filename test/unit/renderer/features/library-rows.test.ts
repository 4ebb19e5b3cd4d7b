import { describe, expect, it } from 'vitest';
import {
  arrange as arrangeKnowing,
  folderCounts,
  folderOf,
  type Known,
  linesOf,
  missingFeatures,
  nameCounts,
  namesOf,
  nextExtractor,
  reviewCounts,
  shownNumber,
  stateCounts,
  type View,
} from '../../../../renderer/features/library/rows.ts';
import type { VideoRow } from '../../../../shared/contract/index.ts';

let nextId = 1;
const video = (relPath: string, part: Partial<VideoRow> = {}): VideoRow => ({
  id: nextId++,
  relPath,
  path: `/v/${relPath}`,
  state: 'ready',
  problem: null,
  container: 'mp4',
  codec: 'h264',
  width: 640,
  height: 360,
  frames: 100,
  fpsNum: 25,
  fpsDen: 1,
  vfr: false,
  durationSeconds: 4,
  bytes: 1,
  playable: 'direct',
  thumbnails: 4,
  importedAt: 0,
  camera: null,
  features: [],
  tags: [],
  detections: [],
  score: null,
  ...part,
});
const scored = (events: number, max: number) => ({
  max,
  mean: 0.1,
  spark: '',
  events,
  eventFrames: events * 16,
});
const view: View = {
  state: 'all',
  review: null,
  folder: null,
  camera: null,
  tag: null,
  text: '',
  order: 'name',
};
const nothing: Known = { progress: new Map(), runs: [], compared: new Map() };
const arrange = (list: readonly VideoRow[], wanted: View, known = nothing) =>
  arrangeKnowing(list, wanted, known);

const videos = [
  video('b/clip10.mp4', { score: scored(2, 0.9), features: ['cells'] }),
  video('b/clip9.mp4', { score: scored(0, 0.2), features: ['cells'] }),
  video('a/x.avi', { state: 'damaged', problem: 'Cut off' }),
  video('a/y.avi', { playable: 'needs_proxy', features: ['cells'] }),
  video('z.mp4'),
];
const names = (list: readonly VideoRow[]) => list.map((v) => v.relPath);

describe('cameras and tags', () => {
  const grouped = [
    video('1.mp4', { camera: 'Gate', tags: ['night', 'rain'], score: scored(1, 0.9) }),
    video('2.mp4', { camera: 'Yard', tags: ['rain'] }),
    video('3.mp4'),
  ];

  it('are counted, filter and are found by their words', () => {
    expect(nameCounts(grouped, ({ tags }) => tags)).toEqual([
      { name: 'night', videos: 1 },
      { name: 'rain', videos: 2 },
    ]);
    expect(namesOf(grouped, ({ camera }) => (camera ? [camera] : []))).toEqual(['Gate', 'Yard']);
    expect(names(arrange(grouped, { ...view, camera: 'Yard' }))).toEqual(['2.mp4']);
    expect(names(arrange(grouped, { ...view, camera: '' }))).toEqual(['3.mp4']);
    expect(names(arrange(grouped, { ...view, tag: 'rain' }))).toEqual(['1.mp4', '2.mp4']);
    expect(names(arrange(grouped, { ...view, text: 'gate night' }))).toEqual(['1.mp4']);
  });

  it('head the list by camera, videos without one last', () => {
    const lines = linesOf(arrange(grouped, { ...view, order: 'camera' }), 'camera');
    expect(lines.flatMap((line) => (line.kind === 'group' ? [line.name] : []))).toEqual([
      'Gate',
      'Yard',
      'No camera',
    ]);
  });
});

describe('arrange', () => {
  it('orders names by folder and by number', () => {
    expect(names(arrange(videos, view))).toEqual([
      'z.mp4',
      'a/x.avi',
      'a/y.avi',
      'b/clip9.mp4',
      'b/clip10.mp4',
    ]);
  });
  it('orders by events and score, videos without a score last', () => {
    expect(names(arrange(videos, { ...view, order: 'events' })).slice(0, 2)).toEqual([
      'b/clip10.mp4',
      'b/clip9.mp4',
    ]);
    expect(names(arrange(videos, { ...view, order: 'score' }))[0]).toBe('b/clip10.mp4');
  });
  it('finds all words anywhere in the path', () => {
    expect(names(arrange(videos, { ...view, text: 'B 10' }))).toEqual(['b/clip10.mp4']);
  });
  it('filters by state and folder together', () => {
    expect(names(arrange(videos, { ...view, state: 'attention' }))).toEqual(['a/x.avi', 'a/y.avi']);
    expect(names(arrange(videos, { ...view, state: 'bare' }))).toEqual(['z.mp4']);
    expect(names(arrange(videos, { ...view, state: 'features' }))).toEqual(['a/y.avi']);
    expect(names(arrange(videos, { ...view, folder: '' }))).toEqual(['z.mp4']);
    expect(names(arrange(videos, { ...view, state: 'events', folder: 'a' }))).toEqual([]);
  });
  it('does not change the list it is given', () => {
    const before = names(videos);
    arrange(videos, { ...view, order: 'score' });
    expect(names(videos)).toEqual(before);
  });
});

describe('review', () => {
  const [begun, done, untouched, quiet, bare] = [
    video('begun.mp4', { score: scored(4, 0.5) }),
    video('done.mp4', { score: scored(2, 0.9) }),
    video('untouched.mp4', { score: scored(3, 0.7) }),
    video('quiet.mp4', { score: scored(0, 0.1) }),
    video('bare.mp4'),
  ];
  const list = [begun, done, untouched, quiet, bare];
  const progress = (videoId: number, events: number, decided: number, rule: number, watched: number) =>
    [videoId, { videoId, events, decided, rule, ignored: 0, watched }] as const;
  const known: Known = {
    ...nothing,
    progress: new Map([progress(begun.id, 4, 1, 3, 0.2), progress(done.id, 2, 2, 0, 0.4)]),
  };

  it('filters by how far it has come; what is decided by rule alone is not reviewed', () => {
    expect(reviewCounts(list, known)).toEqual({ untouched: 1, begun: 1, done: 1 });
    for (const review of ['untouched', 'begun', 'done'] as const)
      expect(names(arrange(list, { ...view, review }, known))).toEqual([`${review}.mp4`]);
  });

  it('orders by what is left, and by how little was watched', () => {
    const order = (by: View['order']) => names(arrange(list, { ...view, order: by }, known));
    expect(order('left')).toEqual(['begun.mp4', 'untouched.mp4', 'done.mp4', 'quiet.mp4', 'bare.mp4']);
    expect(order('watched')).toEqual(['quiet.mp4', 'untouched.mp4', 'begun.mp4', 'done.mp4', 'bare.mp4']);
  });

  it('orders by where runs are apart and by the scores of any run, and shows what it orders by', () => {
    type Seen = [
      number,
      { videoId: number } & Record<'max' | 'mean', (number | null)[]> & { disagreement: number | null },
    ];
    const seen = (
      videoId: number,
      max: number | null,
      mean: number | null,
      disagreement: number | null,
    ): Seen => [videoId, { videoId, max: [0, max], mean: [0, mean], disagreement }];
    const runs: Known = {
      ...nothing,
      runs: [1, 7],
      compared: new Map([
        seen(begun.id, 0.3, 0.2, 0.125),
        seen(done.id, 0.4, 0.1, 0.5),
        seen(quiet.id, null, null, null),
      ]),
    };
    const order = (by: View['order']) => names(arrange(list, { ...view, order: by }, runs)).slice(0, 2);
    expect(order('disagree')).toEqual(['done.mp4', 'begun.mp4']);
    expect(order('max 7')).toEqual(['done.mp4', 'begun.mp4']);
    expect(order('mean 7')).toEqual(['begun.mp4', 'done.mp4']);
    expect(shownNumber('disagree', runs, []).text(begun)).toBe('12.5 %');
    expect(shownNumber('max 7', runs, []).text(begun)).toBe('.30');
    expect(shownNumber('mean 7', runs, []).title).toBe('Mean score of run 7');
    expect(shownNumber('name', runs, []).text(begun)).toBe('.50');
    expect(shownNumber('max 7', runs, []).text(quiet)).toBeNull();
  });
});

describe('lines', () => {
  it('have a heading per folder with its sums, and keep the index of the video', () => {
    const lines = linesOf(arrange(videos, view), 'name');
    expect(lines.filter((line) => line.kind === 'group')).toEqual([
      { kind: 'group', name: 'Top folder', videos: 1, events: 0 },
      { kind: 'group', name: 'a', videos: 2, events: 0 },
      { kind: 'group', name: 'b', videos: 2, events: 2 },
    ]);
    expect(lines.flatMap((line) => (line.kind === 'video' ? [line.index] : []))).toEqual([0, 1, 2, 3, 4]);
  });
  it('have no headings in another order or with one folder', () => {
    expect(linesOf(videos, 'score').every((line) => line.kind === 'video')).toBe(true);
    expect(linesOf(videos.slice(0, 2), 'name').every((line) => line.kind === 'video')).toBe(true);
  });
});

describe('counts', () => {
  it('say what each filter would show', () => {
    const counts = stateCounts(videos);
    for (const state of Object.keys(counts) as (keyof typeof counts)[]) {
      expect(counts[state], state).toBe(arrange(videos, { ...view, state }).length);
    }
    expect(folderCounts(videos)).toEqual([
      { folder: '', videos: 1 },
      { folder: 'a', videos: 2 },
      { folder: 'b', videos: 2 },
    ]);
    expect([folderOf('z.mp4'), folderOf('a/b/c.mp4')]).toEqual(['', 'a/b']);
  });
  it('say how many videos could still get features', () => {
    expect(missingFeatures(videos, [], 'cellmotion-v1')).toBe(4);
    const v1 = { name: 'cells', extractor: 'cellmotion-v1', missing: 1 };
    expect(missingFeatures(videos, [v1], 'cellmotion-v1')).toBe(1);
    expect(missingFeatures(videos, [v1], 'cellmotion-v2')).toBe(4);
    expect(
      missingFeatures(
        [video('only-features', { path: null })],
        [{ name: 'I3D', extractor: 'import', missing: 0 }],
        'cellmotion-v1',
      ),
    ).toBe(0);
  });
  it('say which features come next: what was begun, else the default', () => {
    const set = (extractor: string, missing: number) => ({ name: extractor, extractor, missing });
    const imported = set('import', 0);
    expect(nextExtractor(videos, [])).toBe('cellmotion-v1');
    expect(nextExtractor(videos, [imported])).toBe('cellmotion-v1');
    expect(nextExtractor(videos, [imported, set('cellmotion-v2', 2)])).toBe('cellmotion-v2');
    expect(nextExtractor(videos, [set('cellmotion-v1', 0), set('cellmotion-v2', 2)])).toBe('cellmotion-v2');
    expect(nextExtractor(videos, [set('cellmotion-v2', 0)])).toBeNull();
    expect(nextExtractor([], [])).toBeNull();
  });
});
