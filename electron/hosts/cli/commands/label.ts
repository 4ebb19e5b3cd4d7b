// `label`: the rule of a run, and what it makes of the scores.

import { AppError } from '../../../../shared/errors.ts';
import { type EventRule, type Smoothing, smoothing } from '../../../../shared/labels/types.ts';
import { openForReading } from '../../../store/open.ts';
import type { Io } from '../io.ts';
import { findRun } from '../select.ts';
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

/** Sets the rule by which the scores of a run become events, and counts what it makes of them. */
export function label(io: Io, options: LabelOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, options.run);
    const on = options.on ?? run.rule.on;
    const rule: EventRule = {
      on,
      // A new upper threshold takes the lower one along, unless that is given too.
      off: options.off ?? (options.on === undefined ? run.rule.off : on),
      minFrames: options.minFrames ?? run.rule.minFrames,
      gapFrames: options.gapFrames ?? run.rule.gapFrames,
      smooth: options.smooth === undefined ? run.rule.smooth : smoothingOf(options.smooth),
    };
    await engine.call('runs.setRule', { id: run.id, rule });
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
    io.result(
      {
        run: { id: run.id, name: run.name },
        rule,
        events: events.length,
        videosWithEvents: marked,
        videos: scored.length,
        eventFrames,
        frames,
        segments: run.segments,
        anomalousSegments: anomalous,
      },
      [
        `${run.name}: ${rule.smooth ? `${rule.smooth.by} over ${rule.smooth.segments} segments, ` : ''}from ${rule.on} on, while at least ${rule.off}; gaps under ${rule.gapFrames} frames closed, events under ${rule.minFrames} frames dropped.`,
        `${counted(events.length, 'event')} in ${marked} of ${counted(scored.length, 'video')}, ${count(eventFrames)} of ${count(frames)} frames (${((100 * eventFrames) / Math.max(1, frames)).toFixed(1)} %).`,
        `Pseudo-labels of the run itself: ${count(anomalous)} of ${count(run.segments)} segments are anomalous.`,
      ].join('\n'),
    );
  });
}
