// Migration 5: boxes and poses of videos.
// Role: the table, and artifacts of kinds that come later. Limits: no data; there were no detections before.
import type { Migration } from './migration.ts';

// SQLite cannot change the CHECK of a column: the table is made anew, with foreign keys off (see migrate()). Kinds are
// checked where rows are written.
const ARTIFACTS = `
CREATE TABLE artifacts_new (
  -- Files under artifacts/<first two digits>/<sha256>. The file is complete before its row exists.
  sha256      TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  bytes       INTEGER NOT NULL CHECK (bytes >= 0),
  kind        TEXT NOT NULL CHECK (length(kind) > 0), -- what it holds: frame_table, thumbnail, proxy, features, model, detections
  missing     INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)), -- 1: no whole file was there when the project was opened
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO artifacts_new SELECT sha256, bytes, kind, missing, created_at FROM artifacts;
DROP TABLE artifacts;
ALTER TABLE artifacts_new RENAME TO artifacts;
`;

const DETECTIONS = `
CREATE TABLE detections (
  -- Boxes of objects or poses of persons in the frames of a video, from a detector outside: a binary file, its layout in
  -- shared/labels/detections.ts. A row with 0 objects: looked at, nobody seen. No row: not known.
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL CHECK (kind IN ('boxes', 'poses')),
  artifact    TEXT NOT NULL REFERENCES artifacts (sha256) ON DELETE RESTRICT,
  objects     INTEGER NOT NULL CHECK (objects >= 0),
  frames      INTEGER NOT NULL CHECK (frames >= 0), -- that hold at least one object
  tracks      INTEGER NOT NULL CHECK (tracks >= 0), -- different persons or objects; 0: not tracked
  source      TEXT NOT NULL, -- name of the file they came from
  imported_at INTEGER NOT NULL,
  PRIMARY KEY (video_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX detections_by_artifact ON detections (artifact);
`;

export const detections: Migration = {
  version: 5,
  name: 'detections',
  up: (db) => {
    db.exec(ARTIFACTS);
    db.exec(DETECTIONS);
  },
};
