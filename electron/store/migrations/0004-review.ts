// Migration 4: what people say. Role: the human layer's columns, bulk verdicts, classes, steps to undo, drawn samples.
// Limits: no data; there were no human rows before.
import type { Migration } from './migration.ts';

// Comments inside ADD COLUMN stand before a closing bracket: at the end they would hide what SQLite writes behind them.
const COLUMNS = [
  `kind TEXT NOT NULL DEFAULT 'event' CHECK (kind IN ('event', 'ignore', 'note', 'watched') /* of a human row */)`,
  'pass INTEGER NOT NULL DEFAULT 1 CHECK (pass IN (1, 2) /* 2: the blind second review */)',
  `reviewer TEXT NOT NULL DEFAULT '' CHECK (length(reviewer) <= 80 /* who, of a human row */)`,
  `note TEXT NOT NULL DEFAULT ''`,
  'origin_start INTEGER /* edges of the machine event a human row came from, */',
  'origin_end INTEGER CHECK (origin_start < origin_end /* kept when its run is gone */)',
  'score REAL /* of a model row: its highest score */',
  'rule_id INTEGER /* of a rule row */ REFERENCES review_rules (id) ON DELETE CASCADE',
  'changed_at INTEGER NOT NULL DEFAULT 0',
];

const TABLES = `
CREATE TABLE review_rules (
  -- Bulk verdicts: one row each, with the rule in words and numbers. Their events are rows of events, layer 'rule'.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  text        TEXT NOT NULL CHECK (length(text) > 0),
  parameters  TEXT NOT NULL CHECK (json_valid(parameters)),
  verdict     TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected', 'unsure')),
  class       TEXT,
  reviewer    TEXT NOT NULL CHECK (length(reviewer) > 0), -- who applied it; nobody looked at its events
  events      INTEGER NOT NULL CHECK (events >= 0),
  active      INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)), -- 0: undone
  created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX review_rules_by_run ON review_rules (run_id);

CREATE TABLE review_steps (
  -- Steps that can be undone or done again, newest last. What a step changed stands in its row of the audit log.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  audit_id    INTEGER NOT NULL UNIQUE REFERENCES audit (id) ON DELETE RESTRICT,
  pass        INTEGER NOT NULL CHECK (pass IN (1, 2)),
  state       TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped')) -- dropped: undone, then something else was done
) STRICT;
CREATE INDEX review_steps_by_state ON review_steps (pass, state, id);

CREATE TABLE classes (
  -- What an event can be called. Events hold the name.
  name        TEXT PRIMARY KEY CHECK (length(name) > 0),
  position    INTEGER NOT NULL,
  colour      INTEGER NOT NULL CHECK (colour BETWEEN 0 AND 7), -- number in the palette
  key         TEXT UNIQUE CHECK (key BETWEEN '1' AND '9')
) STRICT, WITHOUT ROWID;

CREATE TABLE review_draws (
  -- Random samples of a run's events (or of what lies below its threshold), drawn to estimate from.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  purpose     TEXT NOT NULL CHECK (purpose IN ('events', 'probes')),
  seed        INTEGER NOT NULL CHECK (seed >= 0),
  rule        TEXT NOT NULL CHECK (json_valid(rule)), -- the event rule that cut the population into units
  units       INTEGER NOT NULL CHECK (units >= 0),    -- size of the population
  created_at  INTEGER NOT NULL,
  UNIQUE (run_id, purpose, seed, rule)
) STRICT;

CREATE TABLE review_samples (
  -- Units of a draw, in the order of drawing. Within a stratum every unit was as likely as any other: the probability of
  -- inclusion is the number drawn from the stratum divided by stratum_units.
  draw_id       INTEGER NOT NULL REFERENCES review_draws (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL CHECK (position >= 0),
  video_id      INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  start_frame   INTEGER NOT NULL CHECK (start_frame >= 0),
  end_frame     INTEGER NOT NULL,
  score         REAL NOT NULL,
  stratum       INTEGER NOT NULL CHECK (stratum >= 0),
  stratum_units INTEGER NOT NULL CHECK (stratum_units > 0), -- units of the population in this stratum
  PRIMARY KEY (draw_id, position),
  CHECK (start_frame < end_frame)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_samples_by_video ON review_samples (video_id);
`;

const INDEXES = `
CREATE INDEX events_by_rule ON events (rule_id) WHERE rule_id IS NOT NULL;
CREATE UNIQUE INDEX model_events ON events (run_id, video_id, start_frame, end_frame) WHERE layer = 'model';
CREATE TRIGGER rule_events_keep_values BEFORE UPDATE OF layer, video_id, start_frame, end_frame, verdict, class ON events
WHEN OLD.layer = 'rule'
BEGIN SELECT RAISE(ABORT, 'Events of a bulk verdict never change: undo it, or decide on the event itself.'); END;
`;

export const review: Migration = {
  version: 4,
  name: 'review',
  up: (db) => {
    db.exec(TABLES);
    for (const column of COLUMNS) db.exec(`ALTER TABLE events ADD COLUMN ${column}`);
    db.exec(INDEXES);
  },
};
