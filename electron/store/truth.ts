// Ground truth from outside, used only to evaluate. Role: statements of the table `ground_truth`.
// Limits: reading the formats it comes in is electron/formats' part.
import { z } from 'zod';
import { type FrameRange, frameRange } from '../../shared/labels/types.ts';
import { inTransaction, now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

const intervalsSchema = z.array(frameRange);

export interface VideoTruth {
  videoId: number;
  /** Anomalous frames; empty: the whole video is known to be normal. */
  intervals: FrameRange[];
  /** Name of the file it came from. */
  source: string;
  /** What kind of anomaly the video shows, as the file names it; null where it does not say. */
  class: string | null;
}

interface Row {
  videoId: number;
  intervals: string;
  source: string;
  class: string | null;
}

const parse = (row: Row): VideoTruth => ({
  ...row,
  intervals: parseColumn(intervalsSchema, 'ground_truth.intervals', row.intervals),
});

export function truthReader(db: ReadDb) {
  const one = db.prepare<{ videoId: number }, Row>(
    'SELECT video_id AS videoId, intervals, source, class FROM ground_truth WHERE video_id = @videoId',
  );
  const all = db.prepare<[], Row>(
    'SELECT video_id AS videoId, intervals, source, class FROM ground_truth ORDER BY video_id',
  );
  return {
    /** Null: nothing is known about this video. */
    get(videoId: number): VideoTruth | null {
      const row = one.get({ videoId });
      return row ? parse(row) : null;
    },
    all: (): VideoTruth[] => all.all().map(parse),
  };
}

export function truthWriter(db: WriteDb) {
  const upsert = db.prepare<Row & { now: number }>(`
    INSERT INTO ground_truth (video_id, intervals, source, class, imported_at)
    VALUES (@videoId, @intervals, @source, @class, @now)
    ON CONFLICT (video_id) DO UPDATE SET intervals = @intervals, source = @source, class = @class, imported_at = @now`);
  const clear = db.prepare('DELETE FROM ground_truth');
  return {
    /** Stores the truth of the given videos in one transaction; other videos keep theirs. */
    put(items: readonly (Omit<VideoTruth, 'class'> & { class?: string | null })[]): void {
      inTransaction(db, () => {
        for (const item of items)
          upsert.run({
            ...item,
            class: item.class ?? null,
            intervals: JSON.stringify(item.intervals),
            now: now(),
          });
      });
    },
    clear(): void {
      clear.run();
    },
  };
}
