// Random samples that estimates are made from. Role: statements of `review_draws` and `review_samples`.
// Limits: which units are drawn is electron/api/review/draws.ts; what people said about them is in review-rows.ts.
import { z } from 'zod';
import { eventRule, type FrameRange } from '../../shared/labels/types.ts';
import { inTransaction, now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

/**
 * The rules that cut a population into units: one for all videos, and where some had others, these with their videos. By
 * video, because a video may get another camera later and was drawn from all the same.
 */
export const drawRule = eventRule.extend({
  own: z.array(z.object({ rule: eventRule, videoIds: z.array(z.int().positive()) })).optional(),
});
export type DrawRule = z.infer<typeof drawRule>;

export interface Draw {
  id: number;
  runId: number;
  /** `events`: a sample of the run's events; `probes`: of the stretches below the threshold. */
  purpose: 'events' | 'probes';
  seed: number;
  rule: DrawRule;
  /** Units of the population. */
  units: number;
}

export interface Sample extends FrameRange {
  drawId: number;
  /** Order of drawing, from 0. */
  position: number;
  videoId: number;
  /** Highest score of the unit. */
  score: number;
  stratum: number;
  /** Units of the population in this stratum. */
  stratumUnits: number;
  /** Probability that this unit was drawn: units drawn from its stratum / units in it. */
  probability: number;
}

export function drawsReader(db: ReadDb) {
  const draws = db.prepare<{ runId: number }, Omit<Draw, 'rule'> & { rule: string }>(`
    SELECT id, run_id AS runId, purpose, seed, rule, units FROM review_draws WHERE run_id = @runId ORDER BY id`);
  const samples = db.prepare<{ drawId: number }, Sample>(`
    SELECT draw_id AS drawId, position, video_id AS videoId, start_frame AS start, end_frame AS end, score, stratum,
      stratum_units AS stratumUnits,
      1.0 * count(*) OVER (PARTITION BY stratum) / stratum_units AS probability
    FROM review_samples WHERE draw_id = @drawId ORDER BY position`);
  return {
    /** Draws of a run, oldest first. */
    draws: (runId: number): Draw[] =>
      draws
        .all({ runId })
        .map((row) => ({ ...row, rule: parseColumn(drawRule, 'review_draws.rule', row.rule) })),
    /** Units of a draw in the order of drawing, each with its probability of inclusion. */
    samples: (drawId: number): Sample[] => samples.all({ drawId }),
  };
}

export function drawsWriter(db: WriteDb) {
  const insertDraw = db.prepare<Omit<Draw, 'id' | 'rule'> & { rule: string; now: number }>(`
    INSERT INTO review_draws (run_id, purpose, seed, rule, units, created_at)
    VALUES (@runId, @purpose, @seed, @rule, @units, @now)
    ON CONFLICT (run_id, purpose, seed, rule) DO NOTHING`);
  const find = db.prepare<Omit<Draw, 'id' | 'rule' | 'units'> & { rule: string }, { id: number }>(
    'SELECT id FROM review_draws WHERE run_id = @runId AND purpose = @purpose AND seed = @seed AND rule = @rule',
  );
  const insertSample = db.prepare<Omit<Sample, 'probability'>>(`
    INSERT INTO review_samples (draw_id, position, video_id, start_frame, end_frame, score, stratum, stratum_units)
    VALUES (@drawId, @position, @videoId, @start, @end, @score, @stratum, @stratumUnits)
    ON CONFLICT (draw_id, position) DO NOTHING`);
  return {
    /**
     * Keeps a draw; one of the same run, purpose, seed and rule is the same draw, to which later units are added.
     * @returns its id
     */
    keepDraw(draw: Omit<Draw, 'id'>, units: readonly Omit<Sample, 'drawId' | 'probability'>[]): number {
      return inTransaction(db, () => {
        const row = { ...draw, rule: JSON.stringify(draw.rule) };
        insertDraw.run({ ...row, now: now() });
        const { runId, purpose, seed, rule } = row;
        const drawId = find.get({ runId, purpose, seed, rule })?.id ?? 0;
        for (const unit of units) insertSample.run({ ...unit, drawId });
        return drawId;
      });
    },
  };
}
