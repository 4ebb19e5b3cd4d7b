// Steps of the review: every edit is one transaction, one row of the audit log, one step to undo.
// Role: statements of `review_steps`; applying, undoing and redoing what an audit row says was changed; the rows as they
// were at any point of the log. Limits: what an edit means is decided by electron/api/review.
import { z } from 'zod';
import {
  type HumanEvent,
  humanEvent,
  type LogEntry,
  type ReviewChange,
  type ReviewClass,
  type ReviewPass,
  type ReviewState,
  reviewClass,
  reviewPass,
  type SettledAs,
  settledAs,
} from '../../shared/contract/review.ts';
import { AppError } from '../../shared/errors.ts';
import { type EventRules, RUN_SCOPE, ruleScope, withRule } from '../../shared/labels/rules.ts';
import { eventRule } from '../../shared/labels/types.ts';
import { auditWriter } from './audit.ts';
import { reviewReader, reviewRowsWriter } from './review-rows.ts';
import { runRulesWriter } from './run-rules.ts';
import { inTransaction, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

/** One thing that changed, with what it was before and is after; null: it was, or is, not there. */
export const change = z.discriminatedUnion('what', [
  z.object({ what: z.literal('event'), before: humanEvent.nullable(), after: humanEvent.nullable() }),
  z.object({ what: z.literal('classes'), before: z.array(reviewClass), after: z.array(reviewClass) }),
  z.object({ what: z.literal('rule'), ruleId: z.int().positive(), before: z.boolean(), after: z.boolean() }),
  /** The event rule of a run, or of a camera or video in it. */
  z.object({
    what: z.literal('threshold'),
    runId: z.int().positive(),
    scope: ruleScope,
    before: eventRule.nullable(),
    after: eventRule.nullable(),
  }),
]);
export type Change = z.infer<typeof change>;

const settled = z.object({
  first: z.int().positive().nullable(),
  second: z.int().positive().nullable(),
  as: settledAs,
});
type Settled = z.infer<typeof settled>;

/** A difference is known by the second review's row in it, or by the first's where that is all there is. */
export const differenceKey = ({ first, second }: { first: number | null; second: number | null }): string =>
  second === null ? `first ${first}` : `second ${second}`;

/** The `detail` of an audit row `runs.setRule`, from when rules were no steps and held for all videos of a run. */
const ruleSet = z.object({ run: z.int().positive(), before: eventRule });

/** The `detail` of an audit row whose action begins with `review.`. */
const detail = z.object({
  name: z.string(),
  pass: reviewPass,
  /** The audit row that holds the step which was undone or done again. */
  of: z.int().positive().optional(),
  changes: z.array(change),
  /** The rows of a difference between two reviews, and for which of them it was settled. */
  settled: settled.optional(),
});
type Detail = z.infer<typeof detail>;

export interface Step {
  /** In words, as the undo button names it. */
  name: string;
  reviewer: string;
  pass: ReviewPass;
  /** For example `review.change`. */
  action: string;
  changes: readonly Change[];
  /** The difference between two reviews that it settles. */
  settled?: Settled;
}

const reversed = (changes: readonly Change[]): Change[] =>
  changes.map((c): Change => ({ ...c, before: c.after, after: c.before }) as Change).reverse();

interface AuditRow {
  id: number;
  at: number;
  actor: string;
  action: string;
  detail: string;
}

const parse = (row: AuditRow): Omit<AuditRow, 'detail'> & Detail => ({
  ...parseColumn(detail, 'audit.detail', row.detail),
  id: row.id,
  at: row.at,
  actor: row.actor,
  action: row.action,
});

export function stepsReader(db: ReadDb) {
  const counts = db.prepare<{ pass: number }, { undo: number; redo: number }>(`
    SELECT count(*) FILTER (WHERE state = 'done') AS undo, count(*) FILTER (WHERE state = 'undone') AS redo
    FROM review_steps WHERE pass = @pass`);
  const STEP = `
    SELECT s.id AS stepId, a.id, a.at, a.actor, a.action, a.detail FROM review_steps AS s
    JOIN audit AS a ON a.id = s.audit_id WHERE s.pass = @pass`;
  const last = db.prepare<{ pass: number }, AuditRow & { stepId: number }>(
    `${STEP} AND s.state = 'done' ORDER BY s.id DESC LIMIT 1`,
  );
  const next = db.prepare<{ pass: number }, AuditRow & { stepId: number }>(
    `${STEP} AND s.state = 'undone' ORDER BY s.id LIMIT 1`,
  );
  const newest = db.prepare<[], { id: number }>('SELECT coalesce(max(id), 0) AS id FROM audit');
  const newestStep = db.prepare<[], { at: number }>(
    "SELECT at FROM audit WHERE action GLOB 'review.*' ORDER BY id DESC LIMIT 1",
  );
  const page = db.prepare<{ before: number; limit: number }, AuditRow>(`
    SELECT id, at, actor, action, detail FROM audit
    WHERE action GLOB 'review.*' AND id < @before ORDER BY id DESC LIMIT @limit`);
  const since = db.prepare<{ point: number }, AuditRow>(`
    SELECT id, at, actor, action, detail FROM audit
    WHERE action GLOB 'review.*' AND id > @point ORDER BY id DESC`);
  const settlements = db.prepare<[], AuditRow>(`
    SELECT a.id, a.at, a.actor, a.action, a.detail FROM review_steps AS s JOIN audit AS a ON a.id = s.audit_id
    WHERE s.state = 'done' AND a.action = 'review.settle' ORDER BY s.id`);
  const thresholds = db.prepare<{ point: number }, AuditRow>(`
    SELECT id, at, actor, action, detail FROM audit
    WHERE id > @point AND (action = 'runs.setRule' OR (action GLOB 'review.*' AND detail GLOB '*"what":"threshold"*'))
    ORDER BY id DESC`);
  const nameOf = (row: AuditRow | undefined): string | null => (row ? parse(row).name : null);
  return {
    state(pass: ReviewPass): ReviewState {
      const { undo, redo } = counts.get({ pass }) ?? { undo: 0, redo: 0 };
      return {
        pass,
        undo,
        last: nameOf(last.get({ pass })),
        redo,
        next: nameOf(next.get({ pass })),
        savedAt: newestStep.get()?.at ?? null,
        auditId: newest.get()?.id ?? 0,
      };
    },
    /** The step that would be undone, or done again. */
    step: (pass: ReviewPass, which: 'undo' | 'redo') =>
      (which === 'undo' ? last : next).get({ pass }) ?? null,
    /** What was done in the review, newest first; pass the id of the last row as `before` to go on. */
    log(limit: number, before: number): LogEntry[] {
      return page.all({ before, limit }).map((row) => {
        const { changes, ...entry } = parse(row);
        const events = changes.filter((c) => c.what === 'event');
        const rows = (which: 'before' | 'after') => events.flatMap((c) => (c[which] ? [c[which]] : []));
        const [was, is] = [rows('before'), rows('after')];
        return {
          id: entry.id,
          at: entry.at,
          actor: entry.actor,
          action: entry.action,
          name: entry.name,
          pass: entry.pass,
          videoIds: [...new Set([...was, ...is].map((r) => r.videoId))],
          before: was,
          after: is,
        };
      });
    },
    /**
     * Human rows of a pass, and which bulk verdicts were in force, right after row `point` of the audit log (0: before
     * everything). Rows of videos that were removed since are gone with them.
     */
    at(
      point: number,
      pass: ReviewPass,
    ): { rows: HumanEvent[]; active: Map<number, boolean>; classes: ReviewClass[] } {
      const reader = reviewReader(db);
      const rows = new Map(reader.all(pass).map((row) => [row.id, row]));
      const active = new Map(reader.rules().map((rule) => [rule.id, rule.active]));
      let classes = reader.classes();
      for (const row of since.iterate({ point })) {
        const entry = parse(row);
        for (const c of reversed(entry.changes)) {
          if (c.what === 'classes') classes = c.after;
          else if (c.what === 'rule') active.set(c.ruleId, c.after);
          else if (c.what === 'threshold') continue;
          else if ((c.after ?? c.before)?.pass !== pass) continue;
          else if (c.after) rows.set(c.after.id, c.after);
          else if (c.before) rows.delete(c.before.id);
        }
      }
      const sorted = [...rows.values()].sort(
        (a, b) => a.videoId - b.videoId || a.start - b.start || a.id - b.id,
      );
      return { rows: sorted, active, classes };
    },
    /** Differences between the two reviews that were settled and not undone, by their key: how, and when (ms). */
    settled(): Map<string, { as: SettledAs; at: number }> {
      const found = new Map<string, { as: SettledAs; at: number }>();
      for (const row of settlements.all()) {
        const { settled: one, at } = parse(row);
        if (one) found.set(differenceKey(one), { as: one.as, at });
      }
      return found;
    },
    /** The event rules a run had right after row `point` of the log. @param now those it has */
    rulesAt(point: number, runId: number, now: EventRules): EventRules {
      let rules = now;
      for (const row of thresholds.iterate({ point })) {
        if (row.action === 'runs.setRule') {
          const { run, before } = parseColumn(ruleSet, 'audit.detail', row.detail);
          if (run === runId) rules = withRule(rules, RUN_SCOPE, before);
          continue;
        }
        for (const c of reversed(parse(row).changes))
          if (c.what === 'threshold' && c.runId === runId) rules = withRule(rules, c.scope, c.after);
      }
      return rules;
    },
  };
}

export function stepsWriter(db: WriteDb) {
  const read = stepsReader(db);
  const rows = reviewRowsWriter(db);
  const thresholds = runRulesWriter(db);
  const audit = auditWriter(db);
  const insert = db.prepare<{ auditId: number; pass: number }>(
    "INSERT INTO review_steps (audit_id, pass, state) VALUES (@auditId, @pass, 'done')",
  );
  const drop = db.prepare<{ pass: number }>(
    "UPDATE review_steps SET state = 'dropped' WHERE pass = @pass AND state = 'undone'",
  );
  const setState = db.prepare<{ id: number; state: string }>(
    'UPDATE review_steps SET state = @state WHERE id = @id',
  );

  /** Writes the changes; what really happened comes back, with new ids. A change of a video that is gone is left out. */
  function apply(changes: readonly Change[]): Change[] {
    const done: Change[] = [];
    for (const c of changes) {
      if (c.what === 'classes') rows.setClasses(c.after);
      else if (c.what === 'rule') rows.setRuleActive(c.ruleId, c.after);
      else if (c.what === 'threshold') {
        if (!thresholds.put(c.runId, c.scope, c.after)) continue;
      } else if (c.after && !c.before) {
        const id = rows.insert(c.after);
        if (id === null) continue;
        done.push({ ...c, after: { ...c.after, id } });
        continue;
      } else if (c.after ? !rows.update(c.after) : c.before && !rows.remove(c.before.id)) continue;
      done.push(c);
    }
    return done;
  }

  function outcome(name: string, pass: ReviewPass, changes: readonly Change[]): ReviewChange {
    const events = changes.filter((c) => c.what === 'event');
    return {
      state: read.state(pass),
      name,
      rows: events.flatMap((c) => (c.after ? [c.after] : [])),
      removed: events.flatMap((c) => (c.before && !c.after ? [c.before.id] : [])),
      rules: changes.some((c) => c.what === 'rule'),
      classes: changes.some((c) => c.what === 'classes'),
      thresholds: changes.some((c) => c.what === 'threshold'),
    };
  }

  function back(pass: ReviewPass, reviewer: string, which: 'undo' | 'redo'): ReviewChange {
    return inTransaction(db, () => {
      const step = read.step(pass, which);
      if (!step) throw new AppError('conflict', `There is nothing to ${which}.`);
      const { name, changes } = parse(step);
      const done = apply(which === 'undo' ? reversed(changes) : changes);
      const words = `${which === 'undo' ? 'Undo' : 'Redo'}: ${name}`;
      audit.append({
        actor: reviewer,
        action: `review.${which}`,
        detail: { name: words, pass, of: step.id, changes: done } satisfies Detail,
      });
      setState.run({ id: step.stepId, state: which === 'undo' ? 'undone' : 'done' });
      return outcome(words, pass, done);
    });
  }

  const known = db.prepare<{ key: string }, AuditRow>(`
    SELECT a.id, a.at, a.actor, a.action, a.detail FROM edit_keys AS k JOIN audit AS a ON a.id = k.audit_id
    WHERE k.key = @key`);
  const remember = db.prepare<{ key: string; auditId: number }>(
    'INSERT INTO edit_keys (key, audit_id) VALUES (@key, @auditId)',
  );
  const forget = db.prepare<{ before: number }>('DELETE FROM edit_keys WHERE audit_id < @before');

  return {
    /**
     * Does an edit unless one of this key was done; then its outcome is given again. Keys of the last 10,000 rows of the
     * log are known.
     */
    once(key: string | undefined, edit: () => ReviewChange): ReviewChange {
      if (key === undefined) return edit();
      return inTransaction(db, () => {
        const done = known.get({ key });
        if (done) {
          const { name, pass, changes } = parse(done);
          return outcome(name, pass, changes);
        }
        const change = edit();
        const { auditId } = change.state;
        remember.run({ key, auditId });
        forget.run({ before: auditId - 10_000 });
        return change;
      });
    },
    /** Finds or makes the model row of a machine event. To be called inside the transaction of the step. */
    machine: rows.machine,
    /** A bulk verdict with its events, made before its step. To be called inside the transaction of the step. */
    addRule: rows.addRule,
    /** Applies an edit and records it. Steps that were undone before can no longer be done again. */
    commit(step: Step): ReviewChange {
      return inTransaction(db, () => {
        const done = apply(step.changes);
        drop.run({ pass: step.pass });
        const auditId = audit.append({
          actor: step.reviewer,
          action: step.action,
          detail: {
            name: step.name,
            pass: step.pass,
            changes: done,
            ...(step.settled && { settled: step.settled }),
          } satisfies Detail,
        });
        insert.run({ auditId, pass: step.pass });
        return outcome(step.name, step.pass, done);
      });
    },
    /** Undoes the newest step. @throws AppError `conflict` when there is none */
    undo: (pass: ReviewPass, reviewer: string): ReviewChange => back(pass, reviewer, 'undo'),
    /** Does the step that was undone last again. @throws AppError `conflict` when there is none */
    redo: (pass: ReviewPass, reviewer: string): ReviewChange => back(pass, reviewer, 'redo'),
  };
}
