// Migration 8: score maps of runs.
// Role: the table. Limits: no data; runs from before have none.
import type { Migration } from './migration.ts';

const SCORE_MAPS = `
CREATE TABLE score_maps (
  -- How a method saw a video after a stage of its training: a few videos per run, to watch labels evolve.
  run_id   INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  stage    INTEGER NOT NULL CHECK (stage > 0), -- from 1: a module, a round
  video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  place    INTEGER NOT NULL CHECK (place >= 0), -- order of the videos inside a stage
  lines    TEXT NOT NULL, -- JSON: [{name, values}], one value per segment
  PRIMARY KEY (run_id, stage, video_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX score_maps_by_video ON score_maps (video_id);
`;

export const scoreMaps: Migration = {
  version: 8,
  name: 'score maps',
  up: (db) => {
    db.exec(SCORE_MAPS);
  },
};
