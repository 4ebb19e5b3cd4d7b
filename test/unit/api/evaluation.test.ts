// Which frames an evaluation counts, on a real project, and its tables.
import { describe, expect, it } from 'vitest';
import { evaluateRun, evaluationReport } from '../../../electron/api/evaluation.ts';
import { stepOf } from '../../../electron/api/review/edits.ts';
import { evaluationTables } from '../../../electron/formats/evaluation-tables.ts';
import { evaluationOptions, reviewEdit, evaluationReport as schema } from '../../../shared/contract/index.ts';
import { imported, newProject, resultFor, runningProject, steadyTimes } from '../store/project.ts';

const options = (more: object = {}) => evaluationOptions.parse(more);

/** A video of 70 frames with 4 segments (64 frames), and one of 32 with 2; scores k / T. */
async function scored() {
  const store = newProject();
  const { runId, videoIds } = await runningProject(store, [4, 2]);
  const [first, second] = videoIds;
  store.runs.finish(
    runId,
    resultFor([
      { videoId: first, segments: 4 },
      { videoId: second, segments: 2 },
    ]),
  );
  store.runs.setRule(runId, { on: 0.5, off: 0.5, minFrames: 0, gapFrames: 0 });
  store.truth.put([
    { videoId: first, intervals: [{ start: 40, end: 64 }], source: 'gt.json' },
    { videoId: second, intervals: [], source: 'gt.json' },
  ]);
  return { store, runId, first, second };
}

describe('frames that count', () => {
  it('people can take frames out', async () => {
    const { store, runId, first } = await scored();
    const before = evaluationReport(store, runId, options());
    expect(before.all).toMatchObject({ frames: 96, anomalousFrames: 24 });
    const ignore = reviewEdit.parse({
      type: 'create',
      videoId: first,
      range: { start: 32, end: 48 },
      kind: 'ignore',
    });
    store.transaction(() => store.review.commit(stepOf(store, { reviewer: 'ada', pass: 1 }, ignore)));
    const after = evaluationReport(store, runId, options());
    expect(after.all).toMatchObject({ frames: 80, anomalousFrames: 16 });
    expect(after.ignoredFrames).toBe(16);
    expect(after.all.microAuc).toBeGreaterThan(before.all.microAuc!);
  });

  it('classes that the ground truth names are slices of their own', async () => {
    const { store, runId, first, second } = await scored();
    store.truth.put([
      { videoId: first, intervals: [{ start: 40, end: 64 }], source: 'gt.txt', class: 'Arson' },
      { videoId: second, intervals: [], source: 'gt.txt', class: 'Normal' },
    ]);
    const { classes } = evaluationReport(store, runId, options());
    expect(classes.map((s) => [s.name, s.frames, s.anomalousFrames])).toEqual([
      ['Arson', 64, 24],
      ['Normal', 32, 0],
    ]);
  });

  it('only a part of the pool, by prefix and by pattern', async () => {
    const { store, runId } = await scored();
    expect(evaluateRun(store, runId, options({ only: 'clips/clip0' })).videos).toBe(1);
    expect(evaluateRun(store, runId, options({ only: '**/clip*' })).videos).toBe(2);
    expect(() => evaluateRun(store, runId, options({ only: 'train/' }))).toThrow('No scored video is in');
  });

  it('the report fits its schema and agrees with what is kept with the run', async () => {
    const { store, runId } = await scored();
    const report = schema.parse(evaluationReport(store, runId, options()));
    const { microAuc, macroAuc, stepAp, trapezoidPrAuc } = evaluateRun(store, runId, options());
    expect(report.all).toMatchObject({ microAuc, macroAuc, stepAp, trapezoidPrAuc });
    expect(report.all.falseAlarmsPerHour).toBeNull(); // known by features alone
    expect(report.events[0]).toEqual({ iou: 0.1, found: 2, truth: 1, matched: 1 });
  });
});

describe('tails', () => {
  it('the official protocol continues labels, or not, or counts what both have', async () => {
    const store = newProject();
    const file = await imported(store, 'a.mp4', steadyTimes(70));
    const videoId = store.videos.upsertImported(file);
    const { runId } = await withScores(store, videoId, 5); // 80 official frames
    store.truth.put([{ videoId, intervals: [{ start: 60, end: 70 }], source: 'gt' }]);
    const frames = (more: object) => {
      const { frames: n, anomalousFrames } = evaluateRun(store, runId, options(more));
      return [n, anomalousFrames];
    };
    expect(frames({})).toEqual([70, 10]);
    expect(frames({ protocol: 'official' })).toEqual([80, 20]);
    expect(frames({ protocol: 'official', tail: 'zeros' })).toEqual([80, 10]);
    expect(frames({ protocol: 'official', tail: 'cut' })).toEqual([70, 10]);
  });
});

async function withScores(store: ReturnType<typeof newProject>, videoId: number, segments: number) {
  const setId = store.features.ensureSet({
    name: 's',
    extractor: 'import',
    crops: 1,
    dim: 4,
    directed: false,
  });
  const { putArtifact } = await import('../../../electron/files/atomic.ts');
  const file = await putArtifact(store.artifactsFolder, new TextEncoder().encode('features'));
  store.features.put({ setId, videoId, segments, crops: 1, dim: 4, file, seconds: 0 });
  const runId = store.runs.create({
    name: 'run #1_50%',
    method: 'c2fpl',
    featureSetId: setId,
    seed: 1,
    device: 'cpu',
    config: {},
  });
  store.runs.finish(runId, resultFor([{ videoId, segments }]));
  return { runId };
}

describe('tables', () => {
  it('CSV with every digit, LaTeX that compiles names with special signs', async () => {
    const store = newProject();
    const videoId = store.videos.upsertImported(await imported(store, 'cam_1/a, "b".mp4', steadyTimes(70)));
    const { runId } = await withScores(store, videoId, 5);
    store.truth.put([{ videoId, intervals: [{ start: 40, end: 70 }], source: 'gt' }]);
    const report = evaluationReport(store, runId, options({ protocol: 'official' }));
    const files = new Map(
      [...evaluationTables([report])].map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]),
    );
    expect([...files.keys()]).toEqual([
      'runs.csv',
      'runs.tex',
      'videos.csv',
      'videos.tex',
      'events.csv',
      'events.tex',
      'roc.csv',
      'pr.csv',
      'histogram.csv',
      'reliability.csv',
    ]);
    const [head, first] = files.get('runs.csv')!.split('\n');
    expect(head.split(',').slice(0, 5)).toEqual(['run', 'method', 'protocol', 'threshold', 'name']);
    expect(first).toContain(`"official, pad_last"`);
    expect(first).toContain(String(report.all.microAuc));
    expect(files.get('videos.csv')).toContain('"cam_1/a, ""b"".mp4"');
    const tex = files.get('videos.tex')!;
    expect(tex).toContain('run \\#1\\_50\\%');
    expect(tex).toContain('cam\\_1/a, "b".mp4');
    expect(tex).toContain('\\begin{tabular}{lllrrrrrrrr}');
    for (const line of tex.split('\n').filter((l) => l.endsWith('\\\\')))
      expect(line.split(/(?<!\\)&/)).toHaveLength(11);
  });
});
