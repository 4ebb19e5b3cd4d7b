// Migration 7: feature sets whose vectors are equal shares of a video.
// Role: one column, and the view that shows times. Limits: no data; all sets before had 16 frames per vector.
import type { Migration } from './migration.ts';

const VIEW = `
DROP VIEW pseudo_labels;
CREATE VIEW pseudo_labels AS
  -- The segment pseudo-labels with names and times, for people and scripts. Filter by run_id or run.
  -- Seconds are media time taken from the video's own timestamps; NULL for a video known only by its features, and where
  -- the features are equal shares of the video, which begin inside of segments.
SELECT
  l.run_id,
  r.name AS run,
  r.method,
  v.rel_path AS video,
  l.segment,
  l.start_frame,
  l.end_frame, -- exclusive
  round(t0.seconds, 6) AS start_seconds,
  round(t1.seconds, 6) AS end_seconds,
  l.score,
  l.label,
  l.uncertainty
FROM segment_labels AS l
JOIN runs AS r ON r.id = l.run_id
JOIN feature_sets AS s ON s.id = r.feature_set_id
JOIN videos AS v ON v.id = l.video_id
LEFT JOIN segment_times AS t0 ON t0.video_id = l.video_id AND t0.segment = l.segment AND s.segmentation = 'frames'
LEFT JOIN segment_times AS t1 ON t1.video_id = l.video_id AND t1.segment = l.segment + 1 AND s.segmentation = 'frames';
`;

export const shares: Migration = {
  version: 7,
  name: 'shares',
  up: (db) => {
    // A comment at the end would hide the bracket that SQLite writes behind the column.
    db.exec(`ALTER TABLE feature_sets ADD COLUMN
      segmentation TEXT NOT NULL DEFAULT 'frames' /* 'frames': a vector is 16 frames; 'shares': an equal part of its video */ CHECK (segmentation IN ('frames', 'shares'))`);
    db.exec(VIEW);
  },
};
