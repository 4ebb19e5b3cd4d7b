// Migration 6: labels made elsewhere, imported as layers of their own.
// Role: two tables. Limits: no data.
import type { Migration } from './migration.ts';

export const labelLayers: Migration = {
  version: 6,
  name: 'label-layers',
  up: (db) => {
    db.exec(`
CREATE TABLE label_layers (
  -- Labels made elsewhere. A layer never changes after its import and never mixes with runs, reviews or ground truth.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
  format      TEXT NOT NULL CHECK (length(format) > 0),
  source      TEXT NOT NULL, -- name of the file or folder it came from
  report      TEXT NOT NULL CHECK (json_valid(report)), -- conventions it was read by, and what fitted no video
  imported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE layer_videos (
  -- What a layer says about one video.
  layer_id    INTEGER NOT NULL REFERENCES label_layers (id) ON DELETE CASCADE,
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  events      TEXT NOT NULL CHECK (json_valid(events)), -- [{"start", "end", "class", "score"}, ...]; [] = all normal
  scores      BLOB CHECK (scores IS NULL OR length(scores) % 4 = 0), -- float32, one per segment; NULL: none
  PRIMARY KEY (layer_id, video_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX layer_videos_by_video ON layer_videos (video_id);
`);
  },
};
