// Rules of cameras and videos over a real project: everything that makes events of scores goes by the one that holds.
import { describe, expect, it } from 'vitest';
import { evaluationReport } from '../../../electron/api/evaluation.ts';
import { exportData } from '../../../electron/api/export-data.ts';
import { makeConsensus } from '../../../electron/api/quality/consensus.ts';
import { knownDraws } from '../../../electron/api/quality/draws.ts';
import { qualityReport } from '../../../electron/api/quality/estimate.ts';
import { applyRule } from '../../../electron/api/review/apply-rule.ts';
import { queueOf } from '../../../electron/api/review/open-queue.ts';
import { progressNow } from '../../../electron/api/review/progress.ts';
import { diffOf } from '../../../electron/api/review/queue.ts';
import { setRule } from '../../../electron/api/review/set-rule.ts';
import { formatFiles } from '../../../electron/formats/export.ts';
import { writeManifest } from '../../../electron/formats/manifest.ts';
import { allLabelsInUse } from '../../../electron/store/labels-in-use.ts';
import { openProject } from '../../../electron/store/open.ts';
import { exportOptions } from '../../../shared/contract/formats.ts';
import { calls, consensusOptions, evaluationOptions, type Input } from '../../../shared/contract/index.ts';
import { type RuleScope, ruleOf } from '../../../shared/labels/rules.ts';
import { RULE, type SampledProject, sampledProject, secondRun } from './sampled.ts';

const GATE: RuleScope = { kind: 'camera', camera: 'gate' };
const NEVER = { ...RULE, on: 2, off: 2 };
const put = ({ store, runId }: SampledProject, input: Omit<Input<'runs.setRule'>, 'id'>) =>
  setRule(store, calls['runs.setRule'].input.parse({ id: runId, ...input }));

/** Four videos, the first two of one camera. */
async function cameras() {
  const p = await sampledProject();
  p.store.videos.setCamera(p.videoIds.slice(0, 2), 'gate');
  return p;
}
const queue = (p: SampledProject, more: object = {}) =>
  queueOf(p.project, calls['review.queue'].input.parse({ runId: p.runId, ...more }), null);
const videosOf = (items: readonly { videoId: number }[]) => new Set(items.map((item) => item.videoId));

describe('the rule of a camera', () => {
  it('holds in queue, lists, labels in use, progress, metrics, estimates and comparisons', async () => {
    const p = await cameras();
    const { store, project, runId, videoIds } = p;
    const rest = new Set(videoIds.slice(2));
    const other = secondRun(p, (score) => score);
    store.truth.put(videoIds.map((videoId) => ({ videoId, intervals: [], source: 'gt.json' })));
    put(p, { scope: GATE, rule: NEVER });
    expect(videosOf(queue(p, { settings: { order: 'time', probeShare: 0 } }).items)).toEqual(rest);

    const listed = project.scores.summaries(runId, store.runs.get(runId), false);
    expect(videoIds.filter((id) => listed.get(id)!.events > 0)).toEqual([...rest]);

    const used = allLabelsInUse(store, runId);
    expect(used.filter(({ events }) => events.length > 0).map(({ videoId }) => videoId)).toEqual([...rest]);

    const report = evaluationReport(store, runId, evaluationOptions.parse({}));
    const silenced = new Set(
      project.store.videos
        .list()
        .filter((v) => v.camera === 'gate')
        .map((v) => v.relPath),
    );
    expect(report.perVideo.filter((one) => one.wrongFrames === 0).map((one) => one.name)).toEqual([
      ...silenced,
    ]);

    const asked = calls['quality.estimate'].input.parse({ runId });
    expect((await qualityReport(project, asked)).at.events).toBe(queue(p).total);
    const ask = { ...asked, ownRules: [] };
    expect((await qualityReport(project, ask)).at.events).toBeGreaterThan(queue(p).total);

    const of = (id: number) => ({
      ruleOf: ruleOf(store.runs.get(id)),
      scores: project.scores.of(id, false),
    });
    const diff = diffOf(of(runId), of(other), new Map());
    expect(diff.gone).toBeGreaterThan(0);
    expect([diff.new, diff.moved]).toEqual([0, 0]);
    expect(diff.same).toBe(queue(p).total);

    const runIds = [runId, other];
    const consensus = makeConsensus(project, consensusOptions.parse({ runIds, rule: 'votes', k: 2 }));
    const marked = store.runs.allScores(consensus).filter(({ labels }) => labels.includes(1));
    expect(marked.map(({ videoId }) => videoId)).toEqual([...rest]);

    await applyRule(project, calls['review.bulk'].input.parse({ runId, verdict: 'accepted', dryRun: false }));
    expect(videosOf(store.review.ruleEvents(runId))).toEqual(rest);
    expect(store.review.rules()[0].parameters).toMatchObject({ ownRules: [{ scope: GATE, rule: NEVER }] });
    const progress = progressNow(project, calls['review.progress'].input.parse({ runId }));
    expect(progress.map(({ videoId }) => videoId)).toEqual([...rest]);
    expect(progress[0].events).toBe(progress[0].rule);
  });

  it('is narrower than the one of the run and wider than that of a video', async () => {
    const p = await cameras();
    const [first, second] = p.videoIds;
    put(p, { scope: GATE, rule: NEVER });
    put(p, { scope: { kind: 'video', videoId: first }, rule: { ...RULE, on: 0.6, off: 0.6 } });
    const seen = videosOf(queue(p).items.filter((item) => item.kind === 'event'));
    expect([seen.has(first), seen.has(second)]).toEqual([true, false]);
    // Another camera, another rule.
    p.store.videos.setCamera([second], null);
    p.project.scores.forget();
    expect(videosOf(queue(p).items).has(second)).toBe(true);
  });
});

it('what is on the screen counts before it is kept', async () => {
  const p = await cameras();
  const before = queue(p).total;
  expect(queue(p, { ownRules: [{ scope: GATE, rule: NEVER }] }).total).toBeLessThan(before);
  expect(queue(p, { rule: NEVER }).total).toBe(0);
  put(p, { scope: GATE, rule: RULE });
  const settings = { order: 'time', probeShare: 0 };
  expect(videosOf(queue(p, { rule: NEVER, settings }).items)).toEqual(new Set(p.videoIds.slice(0, 2)));
  expect(queue(p).total).toBe(before);
});

describe('a change of a rule', () => {
  it('is one step with its words; undo and redo work across a restart', async () => {
    const p = await cameras();
    const { store, runId } = p;
    put(p, { scope: GATE, rule: { ...RULE, on: 0.62, gapFrames: 48 }, by: { reviewer: 'ada' } });
    const kept = store.runs.get(runId);
    expect(store.review.state(1)).toMatchObject({
      undo: 1,
      last: 'Rule for camera gate: on .62, off .50, events of at least 0 frames, gaps under 48 frames closed (first)',
    });
    put(p, { rule: { ...RULE, minFrames: 32 } });
    expect(store.review.state(1).last).toBe('Rule for all videos: events of at least 32 frames (first)');
    expect(put(p, { rule: { ...RULE, minFrames: 32 } })).toBeNull();
    const { folder } = store;
    store.close();
    const again = openProject(folder);
    expect(again.review.undo(1, 'ada')).toMatchObject({ thresholds: true, rows: [] });
    expect(again.runs.get(runId)).toEqual(kept);
    again.review.undo(1, 'ada');
    expect(again.runs.get(runId)).toMatchObject({ rule: RULE, ownRules: [] });
    again.review.redo(1, 'ada');
    expect(again.runs.get(runId).ownRules).toEqual(kept.ownRules);
    again.close();
  });

  it('undone after its run or video was removed leaves the rest in order', async () => {
    const p = await cameras();
    const { store, runId, videoIds } = p;
    put(p, { scope: { kind: 'video', videoId: videoIds[0] }, rule: NEVER });
    put(p, { scope: { kind: 'video', videoId: videoIds[0] }, rule: null });
    expect(store.review.state(1).last).toBe('No rule of its own for clip0 (first)');
    store.videos.remove([videoIds[0]]);
    expect(store.review.undo(1, 'ada').thresholds).toBe(false);
    expect(store.runs.get(runId).ownRules).toEqual([]);
  });

  it('refuses what cannot be', async () => {
    const p = await cameras();
    expect(() => put(p, { rule: null })).toThrow(/always has a rule/);
    expect(() => put(p, { rule: { ...RULE, off: 0.6 } })).toThrow(/off threshold/);
    expect(() => put(p, { scope: { kind: 'camera', camera: 'gait' }, rule: RULE })).toThrow(/"gait"/);
    expect(() => put(p, { scope: { kind: 'video', videoId: 999 }, rule: RULE })).toThrow(
      /not in the project/,
    );
    expect(put(p, { scope: GATE, rule: null })).toBeNull();
    expect(p.store.review.state(1).undo).toBe(0);
  });
});

it('labels of an earlier time go by the rules of that time, and an export names them', async () => {
  const p = await cameras();
  const { store, runId, videoIds } = p;
  put(p, { scope: GATE, rule: NEVER });
  const then = store.review.state(1).auditId;
  put(p, { scope: GATE, rule: null });
  put(p, { scope: { kind: 'video', videoId: videoIds[3] }, rule: NEVER });
  put(p, { rule: { ...RULE, on: 0.7, off: 0.7 } });
  const silent = (at: number | null) =>
    allLabelsInUse(store, runId, at)
      .filter(({ events }) => events.length === 0)
      .map(({ videoId }) => videoId);
  expect(silent(then)).toEqual(videoIds.slice(0, 2));
  expect(silent(null)).toEqual([videoIds[3]]);
  store.review.undo(1, 'ada');
  expect(silent(then)).toEqual(videoIds.slice(0, 2));

  const manifestOf = async (source: Parameters<typeof exportData>[1]) => {
    const data = await exportData(store, source);
    const files = formatFiles(data, 'csv');
    const { bytes } = writeManifest(data, files, exportOptions.parse({ formats: ['csv'] }));
    const manifest = JSON.parse(new TextDecoder().decode(bytes)) as {
      rule: object;
      videos: { rule?: object }[];
    };
    return [manifest.rule, ...manifest.videos.map(({ rule }) => rule)];
  };
  const inUse = { kind: 'inUse', runId, layers: ['model', 'rule', 'human'] } as const;
  expect(await manifestOf({ ...inUse, layers: [...inUse.layers], at: then })).toMatchObject([
    RULE,
    NEVER,
    NEVER,
    undefined,
    undefined,
  ]);
  expect(await manifestOf({ kind: 'run', runId })).toMatchObject([
    RULE,
    undefined,
    undefined,
    undefined,
    NEVER,
  ]);
});

it('a random draw keeps the rules it was made under, whatever becomes of cameras', async () => {
  const p = await cameras();
  const settings = { order: 'random', sample: 40, probeShare: 0 };
  queue(p, { settings });
  put(p, { scope: GATE, rule: { ...RULE, on: 0.65, off: 0.6 } });
  const { total } = queue(p, { settings });
  expect(total).toBe(40);
  p.store.videos.setCamera(p.videoIds, null);
  put(p, { scope: { kind: 'video', videoId: p.videoIds[2] }, rule: NEVER });
  p.project.scores.forget();
  const { draws, unusable } = knownDraws(p.project);
  expect([draws.length, unusable]).toEqual([2, 0]);
  expect(draws[1].population).toBeLessThan(draws[0].population);
});
