// Migration 1: the first schema. Never edited once released; changes are new files with higher numbers.
// Role: the tables, triggers and views of a project. SQLite keeps the text of CREATE statements, comments included, so
// that `sqlite3 project.sqlite .schema` explains the database by itself. Limits: no data.
import type { Migration } from './migration.ts';

const TABLES = `
CREATE TABLE project (
  -- What this file is. Exactly one row.
  -- Everywhere: times are ms since 1970 UTC; frames and segments are 0-based integers in presentation order; frame
  -- ranges are half-open, [start, end); a segment is 16 frames; switches are 0 or 1.
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  id          TEXT NOT NULL CHECK (length(id) = 36), -- UUID; survives renaming and copying the folder
  name        TEXT NOT NULL CHECK (length(name) > 0),
  created_at  INTEGER NOT NULL,
  clean_end   INTEGER NOT NULL DEFAULT 1 CHECK (clean_end IN (0, 1)) -- 0 while open; still 0 at the next opening: it crashed
) STRICT;

CREATE TABLE settings (
  -- Choices that belong to the project.
  key         TEXT PRIMARY KEY,
  value       TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
  -- Files under artifacts/<first two digits>/<sha256>. The file is complete before its row exists.
  sha256      TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  bytes       INTEGER NOT NULL CHECK (bytes >= 0),
  kind        TEXT NOT NULL CHECK (kind IN ('frame_table', 'thumbnail', 'proxy', 'features', 'model')),
  missing     INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)), -- 1: no whole file was there when the project was opened
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE videos (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  rel_path         TEXT NOT NULL UNIQUE CHECK (length(rel_path) > 0), -- below the import folder, with '/'
  path             TEXT UNIQUE,            -- absolute path of the original; NULL: known only by its features
  state            TEXT NOT NULL CHECK (state IN ('ready', 'damaged', 'unsupported', 'missing')),
  problem          TEXT,                   -- why it needs attention, one sentence
  container        TEXT NOT NULL,
  codec            TEXT NOT NULL,
  width            INTEGER NOT NULL CHECK (width >= 0),
  height           INTEGER NOT NULL CHECK (height >= 0),
  frames           INTEGER NOT NULL CHECK (frames >= 0), -- exact count; 16 * segments for a video known by its features
  fps_num          INTEGER NOT NULL CHECK (fps_num >= 0), -- average rate fps_num / fps_den; 0: not known
  fps_den          INTEGER NOT NULL CHECK (fps_den > 0),
  vfr              INTEGER NOT NULL CHECK (vfr IN (0, 1)), -- variable rate: use segment_times, never frame / fps
  duration_seconds REAL NOT NULL CHECK (duration_seconds >= 0),
  bytes            INTEGER NOT NULL CHECK (bytes >= 0),
  fingerprint      TEXT,                   -- SHA-256 over size, first and last MiB
  playable         TEXT NOT NULL CHECK (playable IN ('direct', 'needs_proxy', 'no')),
  imported_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX videos_by_fingerprint ON videos (fingerprint);

CREATE TABLE frame_tables (
  -- When every frame is presented: the exact table as a file. segment_times holds every 16th of its entries.
  video_id    INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
  artifact    TEXT NOT NULL REFERENCES artifacts (sha256) ON DELETE RESTRICT
) STRICT;
CREATE INDEX frame_tables_by_artifact ON frame_tables (artifact);

CREATE TABLE segment_times (
  -- Media time at which frame min(16 * segment, frames) starts; the row after the last segment is the end of the video.
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  segment     INTEGER NOT NULL CHECK (segment >= 0),
  seconds     REAL NOT NULL,
  PRIMARY KEY (video_id, segment)
) STRICT, WITHOUT ROWID;

CREATE TABLE thumbnails (
  -- JPEGs, evenly spread over the video.
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL CHECK (position >= 0),
  artifact    TEXT NOT NULL REFERENCES artifacts (sha256) ON DELETE RESTRICT,
  PRIMARY KEY (video_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX thumbnails_by_artifact ON thumbnails (artifact);

CREATE TABLE proxies (
  -- A copy of a video that Chromium plays, with the same frames at the same times.
  video_id    INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
  artifact    TEXT NOT NULL REFERENCES artifacts (sha256) ON DELETE RESTRICT,
  created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX proxies_by_artifact ON proxies (artifact);

CREATE TABLE feature_sets (
  -- Features of one kind: one extractor, one shape [segments, crops, dim].
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
  extractor   TEXT NOT NULL,
  crops       INTEGER NOT NULL CHECK (crops > 0),
  dim         INTEGER NOT NULL CHECK (dim > 0),
  directed    INTEGER NOT NULL CHECK (directed IN (0, 1)), -- 1: a larger magnitude means more anomalous
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE features (
  -- Features of one video: a .npy file, float32 [segments, crops, dim]. \`segments\` is T, and is never recomputed.
  set_id      INTEGER NOT NULL REFERENCES feature_sets (id) ON DELETE CASCADE,
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  artifact    TEXT NOT NULL REFERENCES artifacts (sha256) ON DELETE RESTRICT,
  segments    INTEGER NOT NULL CHECK (segments > 0),
  crops       INTEGER NOT NULL CHECK (crops > 0),
  dim         INTEGER NOT NULL CHECK (dim > 0),
  seconds     REAL NOT NULL CHECK (seconds >= 0), -- time it took
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (set_id, video_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX features_by_video ON features (video_id);
CREATE INDEX features_by_artifact ON features (artifact);

CREATE TABLE runs (
  -- One training of one method, with what is needed to do it again. The scores of a run never change.
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  name             TEXT NOT NULL CHECK (length(name) > 0),
  method           TEXT NOT NULL CHECK (length(method) > 0),
  state            TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
  feature_set_id   INTEGER NOT NULL REFERENCES feature_sets (id) ON DELETE RESTRICT,
  seed             INTEGER NOT NULL CHECK (seed >= 0),
  device           TEXT NOT NULL,              -- as asked for; after the run: as used
  config           TEXT NOT NULL CHECK (json_valid(config)), -- every option of the method
  data_fingerprint TEXT NOT NULL,              -- SHA-256 over names, shapes and contents of the features
  rule_on          REAL NOT NULL,              -- how scores become events: start at a segment >= rule_on,
  rule_off         REAL NOT NULL,              -- go on while segments stay >= rule_off,
  rule_min_frames  INTEGER NOT NULL CHECK (rule_min_frames >= 0), -- drop what is shorter after
  rule_gap_frames  INTEGER NOT NULL CHECK (rule_gap_frames >= 0), -- merging what is closer
  model            TEXT REFERENCES artifacts (sha256) ON DELETE RESTRICT,
  metrics          TEXT CHECK (metrics IS NULL OR json_valid(metrics)),
  notes            TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)), -- sentences for a person
  provenance       TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(provenance)), -- versions, thresholds, device facts
  timings          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(timings)), -- seconds per stage
  created_at       INTEGER NOT NULL,
  finished_at      INTEGER,
  CHECK ((state = 'done') <= (finished_at IS NOT NULL))
) STRICT;
CREATE INDEX runs_by_feature_set ON runs (feature_set_id);
CREATE INDEX runs_by_model ON runs (model);

CREATE TABLE run_videos (
  -- What a run says about one video, dense: little-endian float32 scores and uint8 pseudo-labels, one per segment.
  run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  segments    INTEGER NOT NULL CHECK (segments >= 0),
  video_label INTEGER CHECK (video_label IN (0, 1)), -- coarse label of the whole video; NULL: the method has none
  scores      BLOB NOT NULL CHECK (length(scores) = 4 * segments),
  labels      BLOB NOT NULL CHECK (length(labels) = segments),
  PRIMARY KEY (run_id, video_id)
) STRICT;
CREATE INDEX run_videos_by_video ON run_videos (video_id);

CREATE TABLE segment_labels (
  -- The same, one row per segment: the segment pseudo-labels of a run. See the view pseudo_labels for names and times.
  run_id      INTEGER NOT NULL,
  video_id    INTEGER NOT NULL,
  segment     INTEGER NOT NULL CHECK (segment >= 0),
  start_frame INTEGER NOT NULL CHECK (start_frame >= 0), -- 16 * segment
  end_frame   INTEGER NOT NULL,                          -- min(16 * segment + 16, frames of the video), exclusive
  score       REAL NOT NULL,
  label       INTEGER NOT NULL CHECK (label IN (0, 1)),  -- 1: anomalous
  uncertainty REAL CHECK (uncertainty >= 0),             -- NULL: the method gives none
  PRIMARY KEY (run_id, video_id, segment),
  FOREIGN KEY (run_id, video_id) REFERENCES run_videos (run_id, video_id) ON DELETE CASCADE,
  CHECK (start_frame <= end_frame)
) STRICT, WITHOUT ROWID;

CREATE TABLE learning_curve (
  run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  series      TEXT NOT NULL, -- for example 'loss'
  x           REAL NOT NULL, -- epoch or step, from 1
  y           REAL NOT NULL,
  PRIMARY KEY (run_id, series, x)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  -- Anomalous stretches in three layers that never mix: model (of a run, immutable), rule (bulk verdicts), human.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  layer       TEXT NOT NULL CHECK (layer IN ('model', 'rule', 'human')),
  run_id      INTEGER REFERENCES runs (id) ON DELETE SET NULL, -- always set for model and rule, see the CHECK below
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  start_frame INTEGER NOT NULL CHECK (start_frame >= 0),
  end_frame   INTEGER NOT NULL,
  class       TEXT,
  verdict     TEXT CHECK (verdict IN ('accepted', 'rejected', 'unsure')),
  parent_id   INTEGER REFERENCES events (id) ON DELETE SET NULL, -- the machine event a person's event comes from
  created_at  INTEGER NOT NULL,
  CHECK (start_frame < end_frame),
  CHECK (layer = 'human' OR run_id IS NOT NULL)
) STRICT;
CREATE INDEX events_by_video ON events (video_id, layer);
CREATE INDEX events_by_run ON events (run_id);
CREATE INDEX events_by_parent ON events (parent_id);

CREATE TABLE ground_truth (
  -- What is known about a video from outside, used only to evaluate.
  video_id    INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
  intervals   TEXT NOT NULL CHECK (json_valid(intervals)), -- [{"start": frame, "end": frame}, ...]; [] = all normal
  source      TEXT NOT NULL, -- name of the file it came from
  imported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
  -- Work that takes time. A job runs until it has an end time; running jobs found at start were interrupted.
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  kind             TEXT NOT NULL CHECK (length(kind) > 0),
  state            TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
  title            TEXT NOT NULL,
  done             REAL NOT NULL DEFAULT 0 CHECK (done >= 0),
  total            REAL NOT NULL DEFAULT 0 CHECK (total >= 0), -- 0: not known yet
  unit             TEXT NOT NULL DEFAULT '',
  message          TEXT NOT NULL DEFAULT '',
  task             TEXT NOT NULL CHECK (json_valid(task)), -- what to do
  run_id           INTEGER REFERENCES runs (id) ON DELETE CASCADE,
  created_at       INTEGER NOT NULL,
  started_at       INTEGER,
  ended_at         INTEGER,
  heartbeat_at     INTEGER,
  error            TEXT CHECK (error IS NULL OR json_valid(error)),
  cancel_requested INTEGER NOT NULL DEFAULT 0 CHECK (cancel_requested IN (0, 1)),
  resumable        INTEGER NOT NULL DEFAULT 0 CHECK (resumable IN (0, 1)), -- 1: it can go on from what is done so far
  CHECK ((state IN ('queued', 'running')) = (ended_at IS NULL)),
  CHECK (state <> 'running' OR started_at IS NOT NULL)
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_run ON jobs (run_id);

CREATE TABLE audit (
  -- Who did what, in order. Rows are only ever added.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL CHECK (length(actor) > 0),
  action      TEXT NOT NULL CHECK (length(action) > 0),
  detail      TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;
`;

const TRIGGERS = `
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: rows cannot be deleted.'); END;
CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: rows cannot be changed.'); END;
-- REPLACE deletes without asking the trigger above when recursive_triggers is off, as in the sqlite3 shell.
CREATE TRIGGER audit_keeps_ids BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: rows cannot be replaced.'); END;
CREATE TRIGGER run_videos_keep_values BEFORE UPDATE ON run_videos
BEGIN SELECT RAISE(ABORT, 'The results of a run never change: start a new run.'); END;
CREATE TRIGGER segment_labels_keep_values BEFORE UPDATE ON segment_labels
BEGIN SELECT RAISE(ABORT, 'The results of a run never change: start a new run.'); END;
CREATE TRIGGER model_events_keep_values BEFORE UPDATE ON events WHEN OLD.layer = 'model'
BEGIN SELECT RAISE(ABORT, 'Model events never change: a verdict is an event of its own.'); END;
`;

const VIEWS = `
CREATE VIEW pseudo_labels AS
  -- The segment pseudo-labels with names and times, for people and scripts. Filter by run_id or run.
  -- Seconds are media time taken from the video's own timestamps; NULL for a video known only by its features.
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
JOIN videos AS v ON v.id = l.video_id
LEFT JOIN segment_times AS t0 ON t0.video_id = l.video_id AND t0.segment = l.segment
LEFT JOIN segment_times AS t1 ON t1.video_id = l.video_id AND t1.segment = l.segment + 1;

CREATE VIEW run_summary AS
  -- One row per run.
SELECT
  r.id AS run_id,
  r.name AS run,
  r.method,
  r.state,
  s.name AS features,
  r.seed,
  r.device,
  (SELECT count(*) FROM run_videos AS x WHERE x.run_id = r.id) AS videos,
  (SELECT coalesce(sum(x.segments), 0) FROM run_videos AS x WHERE x.run_id = r.id) AS segments,
  (SELECT coalesce(sum(l.label), 0) FROM segment_labels AS l WHERE l.run_id = r.id) AS anomalous_segments,
  json_extract(r.metrics, '$.microAuc') AS frame_auc,
  datetime(r.created_at / 1000, 'unixepoch') AS created_utc,
  datetime(r.finished_at / 1000, 'unixepoch') AS finished_utc
FROM runs AS r
JOIN feature_sets AS s ON s.id = r.feature_set_id;
`;

export const initial: Migration = {
  version: 1,
  name: 'initial',
  up: (db) => {
    db.exec(TABLES);
    db.exec(TRIGGERS);
    db.exec(VIEWS);
  },
};
