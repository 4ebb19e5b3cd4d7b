// Runs put together, and scores turned into probabilities, over a real project.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  calibrationOf,
  calibrationReport,
  probabilityFiles,
} from '../../../electron/api/quality/calibration.ts';
import { agreements, makeConsensus } from '../../../electron/api/quality/consensus.ts';
import { readNpy } from '../../../electron/formats/npy.ts';
import { consensusOptions, calibrationReport as schema } from '../../../shared/contract/index.ts';
import { probabilitiesOf } from '../../../shared/quality/calibration.ts';
import { drawn, look, sampledProject, secondRun } from './sampled.ts';

describe('a consensus', () => {
  it('is a run of its own with provenance, agreement as uncertainty, and it never changes', async () => {
    const p = await sampledProject();
    const flipped = secondRun(p, (score) => 1 - score);
    const options = consensusOptions.parse({ runIds: [p.runId, flipped], rule: 'votes', k: 1 });
    const runId = makeConsensus(p.project, options);
    const run = p.store.runs.get(runId);
    expect(run).toMatchObject({
      name: 'consensus-01',
      method: 'consensus',
      state: 'done',
      videos: 4,
      segments: 3000,
      config: { rule: 'votes', k: 1, runs: [p.runId, flipped] },
    });
    expect(run.provenance).toMatchObject({
      consensus: {
        leftOut: 0,
        sources: [
          { id: p.runId, name: 'first' },
          { id: flipped, name: 'second' },
        ],
      },
    });
    expect(run.notes.join(' ')).toContain('labelled where at least 1 of 2 do');
    // Every segment is at .5 or above in exactly one of the two runs, but for those at the threshold itself.
    const labels = p.store.runs.labels(runId, p.videoIds[0])!;
    expect(labels.every((label) => label === 1)).toBe(true);
    const db = new Database(join(p.store.folder, 'project.sqlite'));
    onTestFinished(() => void db.close());
    const [row] = db
      .prepare('SELECT count(*) AS n, avg(uncertainty) AS u FROM segment_labels WHERE run_id = ?')
      .all(runId) as { n: number; u: number }[];
    expect(row.n).toBe(3000);
    expect(row.u).toBeCloseTo(0.5, 2); // one of two runs says otherwise, nearly everywhere
    expect(() => db.exec(`UPDATE segment_labels SET score = 0 WHERE run_id = ${runId}`)).toThrow(
      'never change',
    );
    p.store.runs.remove(flipped); // the consensus stands by itself
    expect(p.store.runs.get(runId).segments).toBe(3000);
  });

  it('of runs that see the same keeps their order; runs agree with themselves', async () => {
    const p = await sampledProject();
    const same = secondRun(p, (score) => score * score);
    p.store.runs.setRule(same, { on: 0.25, off: 0.25, minFrames: 0, gapFrames: 0 });
    for (const rule of ['mean', 'median', 'ranks'] as const) {
      const id = makeConsensus(p.project, consensusOptions.parse({ runIds: [p.runId, same], rule }));
      const [own, mixed] = [p.runId, id].map((run) => [...p.store.runs.scores(run, p.videoIds[1])!]);
      const order = own.map((_, i) => i).sort((a, b) => own[a] - own[b]);
      for (let i = 1; i < order.length; i++)
        expect(mixed[order[i]]).toBeGreaterThanOrEqual(mixed[order[i - 1]] - 1e-6);
    }
    const found = agreements(p.project, p.runId).find((a) => a.runId === same)!;
    expect(found.segments).toBe(3000);
    expect(found.agreement).toBeGreaterThan(0.999); // float32 squares may fall on the other side of .25
  });

  it('weighs runs by reviewed samples, and says when there are too few', async () => {
    const p = await sampledProject();
    const noise = secondRun(p, (score) => (score * 7919) % 1);
    const options = consensusOptions.parse({ runIds: [p.runId, noise], rule: 'weighted' });
    expect(() => makeConsensus(p.project, options)).toThrow('there are 0. Review 20 more');
    for (const unit of drawn(p, 'events', 30)) look(p, unit);
    for (const unit of drawn(p, 'probes', 30)) look(p, unit);
    const run = p.store.runs.get(makeConsensus(p.project, options));
    const { sources } = (run.provenance as { consensus: { sources: { weight: number }[] } }).consensus;
    expect(sources[0].weight).toBeGreaterThan(0.7);
    expect(sources[1].weight).toBeLessThan(0.3);
  });

  it('refuses one run, too many votes, unfinished runs and runs without a video in common', async () => {
    const p = await sampledProject();
    const other = secondRun(p, (score) => score);
    const make = (more: object) => () =>
      makeConsensus(p.project, consensusOptions.parse({ runIds: [p.runId, other], ...more }));
    expect(make({ runIds: [other, other] })).toThrow('two different runs');
    expect(make({ rule: 'votes', k: 3 })).toThrow('3 of them cannot agree');
    const queued = p.store.runs.create({
      name: 'queued',
      method: 'motion',
      featureSetId: p.store.features.sets()[0].id,
      seed: 1,
      device: 'cpu',
      config: {},
    });
    expect(make({ runIds: [p.runId, queued] })).toThrow('no scores yet');
    p.store.videos.remove(p.videoIds);
    p.project.scores.forget();
    expect(make({})).toThrow('no video with the same segments');
  });
});

describe('calibration', () => {
  it('makes probabilities that hold on samples it did not see, and writes them by name', async () => {
    const p = await sampledProject();
    expect(() => calibrationOf(p.project, p.runId, 'platt')).toThrow('there are 0. Review 20 more');
    for (const unit of drawn(p, 'events', 60)) look(p, unit);
    for (const unit of drawn(p, 'probes', 60)) look(p, unit);
    for (const kind of ['isotonic', 'platt'] as const) {
      const report = schema.parse(calibrationReport(p.project, p.runId, kind));
      expect(report.calibration.n).toBe(120);
      expect(report.after.error).toBeLessThan(0.1);
      expect(report.after.brier).toBeLessThan(report.before.brier);
    }
    const files = [...probabilityFiles(p.project, p.runId, 'platt')];
    expect(files.map((file) => file.name)).toEqual([
      'probabilities.csv',
      'calibration.json',
      ...[0, 1, 2, 3].map((i) => `probability/clips/clip${i}.npy`),
    ]);
    const first = readNpy(files[2].bytes, files[2].name);
    const fit = calibrationOf(p.project, p.runId, 'platt');
    expect(first.data).toEqual(probabilitiesOf(fit, p.scores.get(p.videoIds[0])!));
    const [head, row] = new TextDecoder().decode(files[0].bytes).split('\n');
    expect(head).toBe('video,segment,start_frame,end_frame_excl,score,probability');
    expect(row.startsWith('clips/clip0,0,0,16,')).toBe(true);
    expect(JSON.parse(new TextDecoder().decode(files[1].bytes))).toMatchObject({
      reviewedSamples: 120,
      kind: 'platt',
    });
  });
});
