// Migration 11: event rules of cameras and of single videos. Role: the table. Limits: no data; before, a run had one rule
// for all of its videos, which stays where it is.
import type { Migration } from './migration.ts';

const RUN_RULES = `
CREATE TABLE run_rules (
  -- Rules that come before that of their run: for the videos of a camera, or for one video.
  run_id   INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  camera   TEXT CHECK (length(camera) > 0),
  video_id INTEGER REFERENCES videos (id) ON DELETE CASCADE,
  rule     TEXT NOT NULL CHECK (json_valid(rule)), -- as in review_draws: smooth, on, off, minFrames, gapFrames
  CHECK ((camera IS NULL) <> (video_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX run_rules_of_cameras ON run_rules (run_id, camera) WHERE camera IS NOT NULL;
CREATE UNIQUE INDEX run_rules_of_videos ON run_rules (run_id, video_id) WHERE video_id IS NOT NULL;
CREATE INDEX run_rules_by_video ON run_rules (video_id);
`;

export const runRules: Migration = {
  version: 11,
  name: 'run rules',
  up: (db) => {
    db.exec(RUN_RULES);
  },
};
