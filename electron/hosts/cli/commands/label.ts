// `label`: the rule of a run, and what it makes of the scores.

import { AppError } from '../../../../shared/errors.ts';
import {
  RUN_SCOPE,
  type RuledVideo,
  type RuleScope,
  ruleOf,
  scopeKey,
  scopeOf,
} from '../../../../shared/labels/rules.ts';
import { type EventRule, type Smoothing, smoothing } from '../../../../shared/labels/types.ts';
import type { Engine } from '../../../api/engine.ts';
import { openForReading } from '../../../store/open.ts';
import { type Io, usageError } from '../io.ts';
import { findRun, findVideo } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted } from '../text.ts';

export interface LabelOptions extends ProjectOptions {
  run?: string;
  on?: number;
  off?: number;
  minFrames?: number;
  gapFrames?: number;
  /** `median:5`, `gaussian:9` or `none`. */
  smooth?: string;
  camera?: string;
  video?: string;
  reset?: boolean;
}

/** @throws AppError `bad_input` for what is no smoothing */
function smoothingOf(text: string): Smoothing | undefined {
  if (text === 'none') return undefined;
  const [by, segments] = text.split(':');
  const parsed = smoothing.safeParse({ by, segments: Number(segments) });
  if (parsed.success) return parsed.data;
  throw new AppError(
    'bad_input',
    `--smooth ${text} is no smoothing. Use none, median:5 or gaussian:9, with an odd number of segments from 3 to 101.`,
  );
}

/** What a rule is set for; the widest where nothing is named. */
async function scopeAsked(
  engine: Engine,
  { camera, video }: LabelOptions,
): Promise<{ scope: RuleScope; name: string; of: RuledVideo | null }> {
  if (video !== undefined) {
    const { id, camera: own, relPath } = await findVideo(engine, video);
    return { scope: { kind: 'video', videoId: id }, name: relPath, of: { videoId: id, camera: own } };
  }
  if (camera === undefined) return { scope: RUN_SCOPE, name: '', of: null };
  return { scope: { kind: 'camera', camera }, name: `camera ${camera}`, of: { videoId: 0, camera } };
}

const inWords = (rule: EventRule): string =>
  `${rule.smooth ? `${rule.smooth.by} over ${rule.smooth.segments} segments, ` : ''}from ${rule.on} on, while at least ${rule.off}; gaps under ${rule.gapFrames} frames closed, events under ${rule.minFrames} frames dropped`;

/** Sets the rule by which the scores of a run become events, and counts what the rules of the run make of them. */
export function label(io: Io, options: LabelOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const chosen = await findRun(engine, options.run);
    const { scope, name, of } = await scopeAsked(engine, options);
    const before = of ? ruleOf(chosen)(of) : chosen.rule;
    const given = [options.on, options.off, options.minFrames, options.gapFrames, options.smooth];
    const changes = given.some((value) => value !== undefined);
    if (options.reset) {
      if (of === null) throw usageError('Say whose rule to take away: --camera NAME or --video PATH.');
      if (changes) throw usageError('Either --reset or another rule, not both.');
      await engine.call('runs.setRule', { id: chosen.id, scope, rule: null });
    } else if (changes) {
      const on = options.on ?? before.on;
      const rule: EventRule = {
        on,
        // A new upper threshold takes the lower one along, unless that is given too.
        off: options.off ?? (options.on === undefined ? before.off : on),
        minFrames: options.minFrames ?? before.minFrames,
        gapFrames: options.gapFrames ?? before.gapFrames,
        smooth: options.smooth === undefined ? before.smooth : smoothingOf(options.smooth),
      };
      await engine.call('runs.setRule', { id: chosen.id, scope, rule });
    }
    const run = await engine.call('runs.get', { id: chosen.id });
    const rule = of ? ruleOf(run)(of) : run.rule;
    const holds = of ? scopeOf(run, of) : RUN_SCOPE;
    const events = await engine.call('runs.events', { id: run.id });
    const videos = await engine.call('videos.list', { runId: run.id });
    const scored = videos.filter((video) => video.score !== null);
    const frames = scored.reduce((sum, video) => sum + video.frames, 0);
    const eventFrames = events.reduce((sum, event) => sum + event.end - event.start, 0);
    const reader = openForReading(engine.pathOf('project', null) ?? '.');
    let anomalous = 0;
    try {
      for (const { labels } of reader.runs.allScores(run.id)) anomalous += labels.reduce((a, b) => a + b, 0);
    } finally {
      reader.close();
    }
    const marked = new Set(events.map((event) => event.videoId)).size;
    const paths = new Map(videos.map((video) => [video.id, video.relPath]));
    const ofScope = (own: RuleScope) =>
      own.kind === 'video'
        ? (paths.get(own.videoId) ?? '')
        : own.kind === 'camera'
          ? `camera ${own.camera}`
          : 'all videos';
    io.result(
      {
        run: { id: run.id, name: run.name },
        rule,
        /** Whose rule that is. */
        scope: holds,
        ownRules: run.ownRules,
        events: events.length,
        videosWithEvents: marked,
        videos: scored.length,
        eventFrames,
        frames,
        segments: run.segments,
        anomalousSegments: anomalous,
      },
      [
        `${run.name}${of ? `, ${name} (rule of ${ofScope(holds)})` : ''}: ${inWords(rule)}.`,
        ...run.ownRules
          .filter((own) => of === null || scopeKey(own.scope) !== scopeKey(holds))
          .map((own) => `Rule of its own, ${ofScope(own.scope)}: ${inWords(own.rule)}.`),
        `${counted(events.length, 'event')} in ${marked} of ${counted(scored.length, 'video')}, ${count(eventFrames)} of ${count(frames)} frames (${((100 * eventFrames) / Math.max(1, frames)).toFixed(1)} %).`,
        `Pseudo-labels of the run itself: ${count(anomalous)} of ${count(run.segments)} segments are anomalous.`,
      ].join('\n'),
    );
  });
}
