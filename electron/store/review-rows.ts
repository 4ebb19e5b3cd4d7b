// Rows of people and of bulk verdicts, and the machine events they point at.
// Role: statements of `events`, `classes` and `review_rules`. Limits: nothing here is a step to undo; see review-steps.ts,
// through which every change goes.
import { z } from 'zod';
import {
  type HumanEvent,
  type ReviewClass,
  type ReviewPass,
  type ReviewRule,
  type RuleEvent,
  reviewClass,
} from '../../shared/contract/review.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

interface HumanRow extends Omit<HumanEvent, 'origin'> {
  originStart: number | null;
  originEnd: number | null;
}

const HUMAN = `
  SELECT id, kind, pass, video_id AS videoId, run_id AS runId, parent_id AS parentId, start_frame AS start,
    end_frame AS end, origin_start AS originStart, origin_end AS originEnd, verdict, class, note, reviewer,
    created_at AS createdAt, changed_at AS changedAt
  FROM events WHERE layer = 'human'`;

function toHuman({ originStart, originEnd, ...row }: HumanRow): HumanEvent {
  return {
    ...row,
    origin: originStart === null || originEnd === null ? null : { start: originStart, end: originEnd },
  };
}

const RULE_EVENT = `
  SELECT e.id, e.rule_id AS ruleId, e.run_id AS runId, e.video_id AS videoId, e.start_frame AS start,
    e.end_frame AS end, e.verdict, e.class
  FROM events AS e JOIN review_rules AS r ON r.id = e.rule_id WHERE e.layer = 'rule'`;

const anyRecord = z.record(z.string(), z.unknown());

export function reviewReader(db: ReadDb) {
  const ofPass = db.prepare<{ pass: number }, HumanRow>(
    `${HUMAN} AND pass = @pass ORDER BY video_id, start_frame, id`,
  );
  const ofVideo = db.prepare<{ pass: number; videoId: number }, HumanRow>(
    `${HUMAN} AND pass = @pass AND video_id = @videoId ORDER BY start_frame, id`,
  );
  const one = db.prepare<{ id: number }, HumanRow>(`${HUMAN} AND id = @id`);
  const ruleEvents = db.prepare<{ runId: number }, RuleEvent>(
    `${RULE_EVENT} AND r.active = 1 AND r.run_id = @runId ORDER BY e.video_id, e.start_frame, e.id`,
  );
  const ruleEventsOf = db.prepare<{ runId: number; videoId: number }, RuleEvent>(
    `${RULE_EVENT} AND r.active = 1 AND r.run_id = @runId AND e.video_id = @videoId ORDER BY e.start_frame, e.id`,
  );
  const eventsOfRule = db.prepare<{ ruleId: number }, RuleEvent>(
    `${RULE_EVENT} AND e.rule_id = @ruleId ORDER BY e.video_id, e.start_frame, e.id`,
  );
  const rules = db.prepare<
    [],
    Omit<ReviewRule, 'parameters' | 'active'> & { parameters: string; active: number }
  >(`
    SELECT id, run_id AS runId, text, parameters, verdict, class, reviewer, events, active, created_at AS createdAt
    FROM review_rules ORDER BY id DESC`);
  const classes = db.prepare<[], ReviewClass>(
    'SELECT name, colour, key FROM classes ORDER BY position, name',
  );
  return {
    /** All human rows of a pass, by video and start. */
    all: (pass: ReviewPass): HumanEvent[] => ofPass.all({ pass }).map(toHuman),
    /** Human rows of one video, by start. */
    ofVideo: (videoId: number, pass: ReviewPass): HumanEvent[] => ofVideo.all({ videoId, pass }).map(toHuman),
    /** Null: there is no such row (any more). */
    get(id: number): HumanEvent | null {
      const row = one.get({ id });
      return row ? toHuman(row) : null;
    },
    /** Events of the bulk verdicts in force for a run; of one video where one is given. */
    ruleEvents: (runId: number, videoId?: number): RuleEvent[] =>
      videoId === undefined ? ruleEvents.all({ runId }) : ruleEventsOf.all({ runId, videoId }),
    /** Events of one bulk verdict, in force or not. */
    eventsOfRule: (ruleId: number): RuleEvent[] => eventsOfRule.all({ ruleId }),
    /** Bulk verdicts, newest first. */
    rules: (): ReviewRule[] =>
      rules.all().map((row) => ({
        ...row,
        active: row.active === 1,
        parameters: parseColumn(anyRecord, 'review_rules.parameters', row.parameters),
      })),
    classes: (): ReviewClass[] => classes.all().map((row) => reviewClass.parse(row)),
  };
}

/** The low-level writes behind a step. */
export function reviewRowsWriter(db: WriteDb) {
  const findMachine = db.prepare<FrameRange & { runId: number; videoId: number }, { id: number }>(`
    SELECT id FROM events
    WHERE layer = 'model' AND run_id = @runId AND video_id = @videoId AND start_frame = @start AND end_frame = @end`);
  const insertMachine = db.prepare<
    FrameRange & { runId: number; videoId: number; score: number; now: number }
  >(`
    INSERT INTO events (layer, run_id, video_id, start_frame, end_frame, score, created_at, changed_at)
    VALUES ('model', @runId, @videoId, @start, @end, @score, @now, @now)`);
  // Undoing may bring back a row whose run, or whose machine event, was removed since: then it stands for itself. One
  // whose video was removed has nowhere to go.
  const insertHuman = db.prepare<
    Omit<HumanEvent, 'id' | 'origin'> & {
      id: number | null;
      originStart: number | null;
      originEnd: number | null;
    }
  >(`
    INSERT INTO events (id, layer, kind, pass, video_id, run_id, parent_id, start_frame, end_frame, origin_start,
      origin_end, verdict, class, note, reviewer, created_at, changed_at)
    SELECT @id, 'human', @kind, @pass, v.id, (SELECT r.id FROM runs AS r WHERE r.id = @runId),
      (SELECT m.id FROM events AS m WHERE m.id = @parentId AND m.layer = 'model'), @start, @end, @originStart,
      @originEnd, @verdict, @class, @note, @reviewer, @createdAt, @changedAt
    FROM videos AS v WHERE v.id = @videoId`);
  const removeHuman = db.prepare<{ id: number }>("DELETE FROM events WHERE id = @id AND layer = 'human'");
  const updateHuman = db.prepare<
    Omit<HumanEvent, 'origin'> & { originStart: number | null; originEnd: number | null }
  >(`
    UPDATE events SET kind = @kind, start_frame = @start, end_frame = @end, verdict = @verdict, class = @class,
      note = @note, reviewer = @reviewer, changed_at = @changedAt, origin_start = @originStart, origin_end = @originEnd
    WHERE id = @id AND layer = 'human' AND pass = @pass AND video_id = @videoId`);
  const insertRule = db.prepare<Omit<ReviewRule, 'id' | 'parameters' | 'active'> & { parameters: string }>(`
    INSERT INTO review_rules (run_id, text, parameters, verdict, class, reviewer, events, created_at)
    VALUES (@runId, @text, @parameters, @verdict, @class, @reviewer, @events, @createdAt)`);
  const insertRuleEvent = db.prepare<
    FrameRange & {
      ruleId: number;
      runId: number;
      videoId: number;
      verdict: string;
      class: string | null;
      now: number;
    }
  >(`
    INSERT INTO events (layer, rule_id, run_id, video_id, start_frame, end_frame, verdict, class, created_at, changed_at)
    VALUES ('rule', @ruleId, @runId, @videoId, @start, @end, @verdict, @class, @now, @now)`);
  const setActive = db.prepare<{ id: number; active: number }>(
    'UPDATE review_rules SET active = @active WHERE id = @id',
  );
  const clearClasses = db.prepare('DELETE FROM classes');
  const insertClass = db.prepare<ReviewClass & { position: number }>(
    'INSERT INTO classes (name, position, colour, key) VALUES (@name, @position, @colour, @key)',
  );
  const edges = ({ origin, ...row }: HumanEvent) => ({
    ...row,
    originStart: origin?.start ?? null,
    originEnd: origin?.end ?? null,
  });
  return {
    /** The row of a machine event, made when it is not there yet; returns its id. */
    machine(runId: number, videoId: number, { start, end }: FrameRange, score: number): number {
      const found = findMachine.get({ runId, videoId, start, end });
      if (found) return found.id;
      return Number(insertMachine.run({ runId, videoId, start, end, score, now: now() }).lastInsertRowid);
    },
    /** A new human row; with id 0 it gets one. Returns its id, or null when its video is no longer in the project. */
    insert(row: HumanEvent): number | null {
      const { changes, lastInsertRowid } = insertHuman.run({
        ...edges(row),
        id: row.id === 0 ? null : row.id,
      });
      return changes === 0 ? null : Number(lastInsertRowid);
    },
    /** Gives the row with this id all values of `row`. False when it is not there. */
    update: (row: HumanEvent): boolean => updateHuman.run(edges(row)).changes > 0,
    remove: (id: number): boolean => removeHuman.run({ id }).changes > 0,
    /** A bulk verdict with its events; returns its id. */
    addRule(
      rule: Omit<ReviewRule, 'id' | 'events' | 'active' | 'createdAt'>,
      events: readonly (FrameRange & { videoId: number })[],
    ): number {
      const at = now();
      const id = Number(
        insertRule.run({
          runId: rule.runId,
          text: rule.text,
          parameters: JSON.stringify(rule.parameters),
          verdict: rule.verdict,
          class: rule.class,
          reviewer: rule.reviewer,
          events: events.length,
          createdAt: at,
        }).lastInsertRowid,
      );
      for (const { videoId, start, end } of events) {
        insertRuleEvent.run({
          ruleId: id,
          runId: rule.runId,
          videoId,
          start,
          end,
          verdict: rule.verdict,
          class: rule.class,
          now: at,
        });
      }
      return id;
    },
    setRuleActive(id: number, active: boolean): void {
      setActive.run({ id, active: active ? 1 : 0 });
    },
    setClasses(classes: readonly ReviewClass[]): void {
      clearClasses.run();
      for (const [position, { name, colour, key }] of classes.entries())
        insertClass.run({ name, colour, key, position });
    },
  };
}
