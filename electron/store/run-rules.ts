// Event rules of runs: the run's own, and those of cameras and single videos.
// Role: statements of `run_rules` and of the rule columns of `runs`. Limits: which one holds for a video is
// shared/labels/rules.ts; changes that a person makes go through review-steps.ts.
import type { OwnRule, RuleScope } from '../../shared/labels/rules.ts';
import { type EventRule, eventRule } from '../../shared/labels/types.ts';
import { parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

interface OwnRow {
  runId: number;
  camera: string | null;
  videoId: number | null;
  rule: string;
}

const toOwn = ({ camera, videoId, rule }: OwnRow): OwnRule => ({
  scope: camera === null ? { kind: 'video', videoId: videoId ?? 0 } : { kind: 'camera', camera },
  rule: parseColumn(eventRule, 'run_rules.rule', rule),
});

export function runRulesReader(db: ReadDb) {
  const COLUMNS = 'SELECT run_id AS runId, camera, video_id AS videoId, rule FROM run_rules';
  // Cameras before videos, each in an order that stays.
  const ORDER = 'ORDER BY video_id IS NOT NULL, camera, video_id';
  const all = db.prepare<[], OwnRow>(`${COLUMNS} ${ORDER}`);
  const of = db.prepare<{ runId: number }, OwnRow>(`${COLUMNS} WHERE run_id = @runId ${ORDER}`);
  return {
    /** Rules of cameras and videos by run. */
    all: (): Map<number, OwnRule[]> =>
      new Map([...Map.groupBy(all.all(), (row) => row.runId)].map(([id, rows]) => [id, rows.map(toOwn)])),
    /** Those of one run, cameras first. */
    of: (runId: number): OwnRule[] => of.all({ runId }).map(toOwn),
  };
}

export function runRulesWriter(db: WriteDb) {
  const setRun = db.prepare<Omit<EventRule, 'smooth'> & { id: number; smooth: string | null }>(`
    UPDATE runs SET rule_on = @on, rule_off = @off, rule_min_frames = @minFrames, rule_gap_frames = @gapFrames,
      rule_smooth = @smooth
    WHERE id = @id`);
  // The run, or the video, may be gone by the time a step is undone: then there is nothing to hold a rule.
  const setCamera = db.prepare<{ id: number; camera: string; rule: string }>(`
    INSERT INTO run_rules (run_id, camera, rule) SELECT id, @camera, @rule FROM runs WHERE id = @id
    ON CONFLICT (run_id, camera) WHERE camera IS NOT NULL DO UPDATE SET rule = excluded.rule`);
  const setVideo = db.prepare<{ id: number; videoId: number; rule: string }>(`
    INSERT INTO run_rules (run_id, video_id, rule)
    SELECT r.id, v.id, @rule FROM runs AS r, videos AS v WHERE r.id = @id AND v.id = @videoId
    ON CONFLICT (run_id, video_id) WHERE video_id IS NOT NULL DO UPDATE SET rule = excluded.rule`);
  const dropCamera = db.prepare<{ id: number; camera: string }>(
    'DELETE FROM run_rules WHERE run_id = @id AND camera = @camera',
  );
  const dropVideo = db.prepare<{ id: number; videoId: number }>(
    'DELETE FROM run_rules WHERE run_id = @id AND video_id = @videoId',
  );
  return {
    /**
     * Keeps a rule for a scope. @param rule null takes that of a camera or video away; a run always has one
     * @returns false when there is nothing (any more) to hold it, or nothing to take away
     */
    put(runId: number, scope: RuleScope, rule: EventRule | null): boolean {
      if (scope.kind === 'run') {
        if (rule === null) return false;
        const smooth = rule.smooth ? JSON.stringify(rule.smooth) : null;
        return setRun.run({ id: runId, ...rule, smooth }).changes > 0;
      }
      const text = JSON.stringify(rule);
      if (scope.kind === 'camera') {
        const { camera } = scope;
        const done =
          rule === null
            ? dropCamera.run({ id: runId, camera })
            : setCamera.run({ id: runId, camera, rule: text });
        return done.changes > 0;
      }
      const { videoId } = scope;
      const done =
        rule === null
          ? dropVideo.run({ id: runId, videoId })
          : setVideo.run({ id: runId, videoId, rule: text });
      return done.changes > 0;
    },
  };
}
