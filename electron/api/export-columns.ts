// What the tables of an export know beyond one run: other methods, the consensus, probabilities, random samples.
// Role: adds these to the labels of an export, for formats with columns for them. Limits: what is not known stays away and
// becomes an empty cell; nothing here decides a label.
import { z } from 'zod';
import type { LabelSource } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { frameCount, intersect } from '../../shared/labels/intervals.ts';
import { DECIDED_SHARE } from '../../shared/labels/layers.ts';
import { ruleOf } from '../../shared/labels/rules.ts';
import { type CalibrationKind, probabilitiesOf } from '../../shared/quality/calibration.ts';
import { inclusionProbabilities } from '../../shared/quality/draws.ts';
import type { AuditChange, ExportData, ExportVideo } from '../formats/data.ts';
import type { VideoScores } from '../store/labels.ts';
import type { OpenProject } from './context.ts';
import { calibrationOf } from './quality/calibration.ts';
import { knownDraws } from './quality/draws.ts';

/** The newest finished run of every method, the exported run for its own; a consensus is under `consensus`. */
function runPerMethod({ store }: OpenProject, own: number | null): Map<string, number> {
  const found = new Map<string, number>();
  if (own !== null) found.set(store.runs.get(own).method, own);
  for (const run of store.runs.list())
    if (run.state === 'done' && !found.has(run.method)) found.set(run.method, run.id);
  return found;
}

/** Scores of a run as probabilities; null while there are not enough reviewed samples. */
function calibrationOrNull(project: OpenProject, runId: number, kind: CalibrationKind) {
  try {
    return calibrationOf(project, runId, kind);
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null;
    throw error;
  }
}

const changed = z.object({
  changes: z.array(z.looseObject({ what: z.string(), before: z.unknown(), after: z.unknown() })),
});
const asJson = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));

/** The log of the project, oldest first: one row per change of a review, one per anything else. */
function auditOf({ store }: OpenProject): AuditChange[] {
  return store.audit
    .list(Number.MAX_SAFE_INTEGER)
    .toReversed()
    .flatMap(({ id: seq, at, actor, action, detail }): AuditChange[] => {
      const step = changed.safeParse(detail);
      if (!step.success)
        return [
          { seq, at, actor, action, entity: action.replace(/\..*/, ''), before: null, after: asJson(detail) },
        ];
      return step.data.changes.map(({ what, before, after }) => ({
        seq,
        at,
        actor,
        action,
        entity: what,
        before: asJson(before),
        after: asJson(after),
      }));
    });
}

/**
 * The same labels with what the tables have columns for: scores of the newest run of each other method and of the
 * consensus (only where they have the same segments), how many methods label at least half of each event, probabilities
 * of the scores, and with which probability a segment came into the random samples that count.
 */
export function withColumns(
  project: OpenProject,
  data: ExportData,
  labels: LabelSource,
  kind: CalibrationKind,
  coded = false,
): ExportData {
  const own = labels.kind === 'run' || labels.kind === 'inUse' ? labels.runId : null;
  const runs = [...runPerMethod(project, own)].map(([method, id]) => ({
    method,
    id,
    ruleOf: ruleOf(project.store.runs.get(id)),
    videos: new Map(project.scores.of(id, false).map((video) => [video.videoId, video])),
  }));
  const others = runs.filter(({ id }) => id !== own);
  const methods = runs.filter(({ method }) => method !== 'consensus');
  const calibration = own === null ? null : calibrationOrNull(project, own, kind);
  const inclusion = inclusionProbabilities(knownDraws(project).draws);

  const fitting = (of: ReadonlyMap<number, VideoScores>, video: ExportVideo): Float32Array | null => {
    const scores = of.get(video.id)?.scores;
    return scores && scores.length === video.labels.length ? scores : null;
  };
  const videos = data.videos.map((video): ExportVideo => {
    const said = methods.flatMap(({ videos: of, ruleOf: inForce }) => {
      const scored = of.get(video.id);
      return scored ? [eventsOf(scored.scores, video.frames, inForce(scored))] : [];
    });
    const drawn = inclusion.get(video.id);
    return {
      ...video,
      otherScores: Object.fromEntries(others.map(({ method, videos: of }) => [method, fitting(of, video)])),
      probabilities: calibration && probabilitiesOf(calibration, video.scores),
      inclusion: drawn ? Array.from(video.labels, (_, k) => drawn.get(k) ?? null) : null,
      events: video.events.map((event) => ({
        ...event,
        agreeMethods:
          said.length === 0
            ? null
            : said.filter(
                (ranges) =>
                  frameCount(intersect(ranges, [event])) >= DECIDED_SHARE * (event.end - event.start),
              ).length,
      })),
    };
  });
  // The log names videos and people, which an export under codes is not to give away; it is of the reviewed labels.
  const audit = labels.kind === 'inUse' && !coded ? auditOf(project) : undefined;
  return {
    ...data,
    videos,
    ...(audit && { audit }),
    otherMethods: others.map(({ method }) => method).sort(),
  };
}
