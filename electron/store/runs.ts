// Runs: one training of one method, what went in, how it went, what came out.
// Role: statements of `runs` and `learning_curve`, and the one transaction that ends a run. Limits: scores are in
// labels.ts; nothing here knows a method.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type CurvePoint,
  type Metrics,
  metrics,
  type Run,
  type RunDetail,
  type RunMethod,
  runMethod,
  type ScoreMap,
  scoreMap,
} from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { type OwnRule, RUN_SCOPE } from '../../shared/labels/rules.ts';
import { type EventRule, smoothing } from '../../shared/labels/types.ts';
import type { Artifact, TrainResult } from '../tasks/protocol.ts';
import type { ArtifactRecorder } from './artifacts.ts';
import { labelsWriter } from './labels.ts';
import { runRulesReader, runRulesWriter } from './run-rules.ts';
import { inTransaction, now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

export interface StoredRun extends RunDetail {
  /** Trained parameters, null before the end and for methods without training. */
  model: Artifact | null;
  /** SHA-256 over names, shapes and contents of the features at creation. */
  dataFingerprint: string;
}

interface RunRow extends Omit<Run, 'rule' | 'ownRules' | 'metrics' | 'method'> {
  method: string;
  ruleOn: number;
  ruleOff: number;
  ruleMinFrames: number;
  ruleGapFrames: number;
  ruleSmooth: string | null;
  metrics: string | null;
}
interface DetailRow extends RunRow {
  config: string;
  notes: string;
  provenance: string;
  timings: string;
  dataFingerprint: string;
  modelSha256: string | null;
  modelBytes: number | null;
}

const RUN_COLUMNS = `
  r.id, r.name, r.method, r.state, r.feature_set_id AS featureSetId, r.seed, r.device, r.created_at AS createdAt,
  r.finished_at AS finishedAt, r.rule_on AS ruleOn, r.rule_off AS ruleOff, r.rule_min_frames AS ruleMinFrames,
  r.rule_gap_frames AS ruleGapFrames, r.rule_smooth AS ruleSmooth, r.metrics,
  (SELECT count(*) FROM run_videos AS x WHERE x.run_id = r.id) AS videos,
  (SELECT coalesce(sum(x.segments), 0) FROM run_videos AS x WHERE x.run_id = r.id) AS segments,
  (SELECT max(j.id) FROM jobs AS j WHERE j.run_id = r.id) AS jobId`;

const anyRecord = z.record(z.string(), z.unknown());

/** Where the provenance of a result names the device that was used in the end. */
const usedDevice = z.object({ device: z.object({ name: z.string() }) });

/** How scores become events until a method or a person says otherwise. */
const FIRST_RULE: EventRule = { on: 0.5, off: 0.5, minFrames: 0, gapFrames: 0 };

function toRun(row: RunRow, ownRules: OwnRule[]): Run {
  const { ruleOn, ruleOff, ruleMinFrames, ruleGapFrames, ruleSmooth, ...rest } = row;
  const method = runMethod.safeParse(row.method);
  if (!method.success) {
    throw new AppError('damaged', `The run "${row.name}" names an unknown method (${row.method}).`, {
      runId: row.id,
    });
  }
  return {
    ...rest,
    method: method.data,
    rule: {
      on: ruleOn,
      off: ruleOff,
      minFrames: ruleMinFrames,
      gapFrames: ruleGapFrames,
      ...(ruleSmooth !== null && { smooth: parseColumn(smoothing, 'runs.rule_smooth', ruleSmooth) }),
    },
    ownRules,
    metrics: row.metrics === null ? null : parseColumn(metrics, 'runs.metrics', row.metrics),
  };
}

export function runsReader(db: ReadDb) {
  const rules = runRulesReader(db);
  const all = db.prepare<[], RunRow>(`SELECT ${RUN_COLUMNS} FROM runs AS r ORDER BY r.id DESC`);
  const one = db.prepare<{ id: number }, DetailRow>(`
    SELECT ${RUN_COLUMNS}, r.config, r.notes, r.provenance, r.timings, r.data_fingerprint AS dataFingerprint,
      a.sha256 AS modelSha256, a.bytes AS modelBytes
    FROM runs AS r LEFT JOIN artifacts AS a ON a.sha256 = r.model WHERE r.id = @id`);
  const curve = db.prepare<{ id: number }, CurvePoint>(
    'SELECT series, x, y FROM learning_curve WHERE run_id = @id ORDER BY series, x',
  );
  const maps = db.prepare<{ id: number }, { videoId: number; stage: number; lines: string }>(
    'SELECT video_id AS videoId, stage, lines FROM score_maps WHERE run_id = @id ORDER BY stage, place',
  );
  return {
    /** Score maps, stage by stage, videos in the order the method gave them. */
    maps: (id: number): ScoreMap[] =>
      maps.all({ id }).map(({ lines, ...of }) => ({
        ...of,
        lines: parseColumn(scoreMap.shape.lines, 'score_maps.lines', lines),
      })),
    /** Newest first. */
    list(): Run[] {
      const own = rules.all();
      return all.all().map((row) => toRun(row, own.get(row.id) ?? []));
    },
    /** @throws AppError `not_found` */
    get(id: number): StoredRun {
      const row = one.get({ id });
      if (!row) throw new AppError('not_found', 'This run is not in the project (any more).', { runId: id });
      const { modelSha256, modelBytes, config, notes, provenance, timings, dataFingerprint, ...run } = row;
      return {
        ...toRun(run, rules.of(id)),
        config: parseColumn(anyRecord, 'runs.config', config),
        notes: parseColumn(z.array(z.string()), 'runs.notes', notes),
        provenance: parseColumn(anyRecord, 'runs.provenance', provenance),
        timings: parseColumn(z.record(z.string(), z.number()), 'runs.timings', timings),
        curve: curve.all({ id }),
        model:
          modelSha256 === null || modelBytes === null ? null : { sha256: modelSha256, bytes: modelBytes },
        dataFingerprint,
      };
    },
  };
}

export function runsWriter(db: WriteDb, record: ArtifactRecorder) {
  const inputs = db.prepare<
    { setId: number },
    { relPath: string; artifact: string; segments: number; crops: number; dim: number }
  >(`
    SELECT v.rel_path AS relPath, f.artifact, f.segments, f.crops, f.dim
    FROM features AS f JOIN videos AS v ON v.id = f.video_id WHERE f.set_id = @setId ORDER BY v.rel_path`);
  const insert = db.prepare<{
    name: string;
    method: RunMethod;
    featureSetId: number;
    seed: number;
    device: string;
    config: string;
    dataFingerprint: string;
    on: number;
    off: number;
    minFrames: number;
    gapFrames: number;
    now: number;
  }>(`
    INSERT INTO runs (name, method, state, feature_set_id, seed, device, config, data_fingerprint, rule_on, rule_off,
      rule_min_frames, rule_gap_frames, created_at)
    VALUES (@name, @method, 'queued', @featureSetId, @seed, @device, @config, @dataFingerprint, @on, @off, @minFrames,
      @gapFrames, @now)`);
  const state = db.prepare<{ id: number }, { state: Run['state'] }>('SELECT state FROM runs WHERE id = @id');
  const setState = db.prepare<{ id: number; state: Run['state'] }>(
    "UPDATE runs SET state = @state WHERE id = @id AND state <> 'done'",
  );
  const finish = db.prepare<{
    id: number;
    on: number;
    off: number;
    model: string | null;
    device: string | null;
    notes: string;
    provenance: string;
    timings: string;
    now: number;
  }>(`
    UPDATE runs SET state = 'done', finished_at = @now, rule_on = @on, rule_off = @off, model = @model,
      device = coalesce(@device, device), notes = @notes, provenance = @provenance, timings = @timings
    WHERE id = @id`);
  const endJobs = db.prepare<{ id: number; now: number }>(`
    UPDATE jobs SET state = 'done', ended_at = @now, done = total WHERE run_id = @id AND state = 'running'`);
  const putPoint = db.prepare<CurvePoint & { id: number }>(`
    INSERT INTO learning_curve (run_id, series, x, y) VALUES (@id, @series, @x, @y)
    ON CONFLICT (run_id, series, x) DO UPDATE SET y = @y`);
  const putMap = db.prepare<Omit<ScoreMap, 'lines'> & { id: number; place: number; lines: string }>(`
    INSERT INTO score_maps (run_id, stage, video_id, place, lines) VALUES (@id, @stage, @videoId, @place, @lines)
    ON CONFLICT (run_id, stage, video_id) DO UPDATE SET place = @place, lines = @lines`);
  const rules = runRulesWriter(db);
  const setMetrics = db.prepare<{ id: number; metrics: string | null }>(
    'UPDATE runs SET metrics = @metrics WHERE id = @id',
  );
  const rename = db.prepare<{ id: number; name: string }>('UPDATE runs SET name = @name WHERE id = @id');
  const removeEvents = db.prepare<{ id: number }>(
    "DELETE FROM events WHERE run_id = @id AND layer <> 'human'",
  );
  // One range of the key at once; left to the cascade, it would be one look-up per row.
  const removeSegments = db.prepare<{ id: number }>('DELETE FROM segment_labels WHERE run_id = @id');
  const remove = db.prepare<{ id: number }>('DELETE FROM runs WHERE id = @id');
  const putLabels = labelsWriter(db);

  const stateOf = (id: number): Run['state'] => {
    const row = state.get({ id });
    if (!row) throw new AppError('not_found', 'This run is not in the project (any more).', { runId: id });
    return row.state;
  };

  function fingerprintOf(setId: number): string {
    const hash = createHash('sha256');
    for (const row of inputs.all({ setId })) hash.update(`${JSON.stringify(Object.values(row))}\n`);
    return hash.digest('hex');
  }

  return {
    /** Creates a run in state `queued` with its complete configuration and the fingerprint of its data; returns its id. */
    create(options: {
      name: string;
      method: RunMethod;
      featureSetId: number;
      seed: number;
      device: string;
      config: Record<string, unknown>;
    }): number {
      return inTransaction(db, () => {
        const { name, method, featureSetId, seed, device } = options;
        const config = JSON.stringify(options.config);
        const dataFingerprint = fingerprintOf(featureSetId);
        return Number(
          insert.run({
            name,
            method,
            featureSetId,
            seed,
            device,
            config,
            dataFingerprint,
            ...FIRST_RULE,
            now: now(),
          }).lastInsertRowid,
        );
      });
    },

    /** A run that is done stays done. */
    setState(id: number, to: Run['state']): void {
      setState.run({ id, state: to });
    },

    /**
     * Stores everything a training gave - scores, labels, segment rows, model, notes, rule - and ends the run and its
     * running job, all in one transaction: afterwards all of it is there, or nothing.
     * The rule keeps its durations and takes the thresholds of the result.
     * @throws AppError `conflict` when the run is already done, `damaged` when the results do not fit (labels.ts)
     */
    finish(id: number, result: TrainResult): void {
      inTransaction(db, () => {
        if (stateOf(id) === 'done')
          throw new AppError('conflict', 'This run is already done.', { runId: id });
        if (result.model) record(result.model, 'model');
        putLabels(id, result.videos);
        finish.run({
          id,
          ...result.threshold,
          model: result.model?.sha256 ?? null,
          device: usedDevice.safeParse(result.provenance).data?.device.name ?? null,
          notes: JSON.stringify(result.notes),
          provenance: JSON.stringify(result.provenance),
          timings: JSON.stringify(result.timings),
          now: now(),
        });
        endJobs.run({ id, now: now() });
      });
    },

    /** Adds points of the learning curve; a resumed run that repeats an epoch replaces its points. Points that are not finite are left out. */
    appendPoints(id: number, points: readonly CurvePoint[]): void {
      inTransaction(db, () => {
        for (const { series, x, y } of points) {
          if (Number.isFinite(x) && Number.isFinite(y)) putPoint.run({ id, series, x, y });
        }
      });
    },
    /** Adds score maps; a resumed run that repeats a stage replaces its maps. Values are kept to four decimals. */
    putMaps(id: number, maps: readonly ScoreMap[]): void {
      inTransaction(db, () => {
        for (const [place, { lines, ...of }] of maps.entries()) {
          const short = lines.map(({ name, values }) => ({
            name,
            values: values.map((value) => Math.round(value * 1e4) / 1e4),
          }));
          putMap.run({ id, ...of, place, lines: JSON.stringify(short) });
        }
      });
    },
    /** Without a step to undo: what a method or a test decides. */
    setRule(id: number, rule: EventRule): void {
      rules.put(id, RUN_SCOPE, rule);
    },
    setMetrics(id: number, value: Metrics | null): void {
      setMetrics.run({ id, metrics: value && JSON.stringify(value) });
    },
    rename(id: number, name: string): void {
      rename.run({ id, name });
    },

    /**
     * Removes a run with its scores, curve and machine events. What people made of it stays.
     * @throws AppError `conflict` while it is running
     */
    remove(id: number): void {
      inTransaction(db, () => {
        if (stateOf(id) === 'running') {
          throw new AppError('conflict', 'This run is being trained. Cancel its job first.', { runId: id });
        }
        removeEvents.run({ id });
        removeSegments.run({ id });
        remove.run({ id });
      });
    },
  };
}
