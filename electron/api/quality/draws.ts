// The random draws of a project with what people said about their units.
// Role: reads draws, cuts them into segments and looks up verdicts. Limits: what follows from them is shared/quality's.

import type { HumanEvent } from '../../../shared/contract/index.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { frameCount, intersect, normalize } from '../../../shared/labels/intervals.ts';
import { DECIDED_SHARE, decisionOn, ignoredOn, verdictOf } from '../../../shared/labels/layers.ts';
import { scoredRange } from '../../../shared/labels/segments.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import type { DrawnUnit, RandomDraw } from '../../../shared/quality/draws.ts';
import type { Draw, Sample } from '../../store/draws.ts';
import type { VideoScores } from '../../store/labels.ts';
import type { OpenProject } from '../context.ts';
import { drawnBy, probeUnits } from '../review/draws.ts';

/** 1 for the segments inside an event, `[T]`. */
export function markSegments(events: readonly FrameRange[], segments: number): Uint8Array {
  const out = new Uint8Array(segments);
  for (const { start, end } of events)
    out.fill(1, Math.floor(start / SEGMENT_FRAMES), Math.ceil(end / SEGMENT_FRAMES));
  return out;
}

const byVideo = (videos: readonly VideoScores[]): Map<number, VideoScores> =>
  new Map(videos.map((video) => [video.videoId, video]));

/** What people said about the segments of a unit. */
function saidAbout(
  sample: Sample,
  segments: FrameRange,
  { scores, frames }: VideoScores,
  rows: readonly HumanEvent[],
): DrawnUnit['said'] {
  const row = decisionOn(sample, rows);
  const verdict = row && verdictOf(row);
  // What is to be ignored was looked at and counts for neither side.
  if (verdict === null) return ignoredOn(sample, rows) ? 'unsure' : 'open';
  if (verdict === 'unsure') return 'unsure';
  const accepted = normalize(rows.filter((r) => r.kind === 'event' && r.verdict === 'accepted'));
  return Uint8Array.from({ length: segments.end - segments.start }, (_, i) => {
    const range = scoredRange(segments.start + i, scores.length, frames);
    return Number(frameCount(intersect(accepted, [range])) >= DECIDED_SHARE * (range.end - range.start));
  });
}

/**
 * The scores a draw was made from: as they are, or beside the level of each camera. Null when its units are not events
 * of the run under its rule, or what lies between them: then nobody can say what else it could have drawn.
 */
function populationOf(
  { scores }: OpenProject,
  draw: Draw,
  samples: readonly Sample[],
): Map<number, VideoScores> | null {
  const groups = Map.groupBy(samples, (sample) => sample.videoId);
  const ruleOf = drawnBy(draw.rule);
  for (const perCamera of [false, true]) {
    const videos = byVideo(scores.of(draw.runId, perCamera));
    const fits = [...groups].every(([videoId, own]) => {
      const video = videos.get(videoId);
      if (!video) return true; // removed since; its units went with it
      const units =
        draw.purpose === 'events'
          ? eventsOf(video.scores, video.frames, ruleOf(videoId))
          : probeUnits(videoId, video.scores, video.frames, ruleOf(videoId));
      const there = new Set(units.map(({ start, end }) => `${start}:${end}`));
      return own.every(({ start, end }) => there.has(`${start}:${end}`));
    });
    if (fits) return videos;
  }
  return null;
}

export interface KnownDraws {
  draws: RandomDraw[];
  /** Draws from something else than the events of a run, such as its changes against another one. */
  unusable: number;
}

/** All draws of the project, oldest first. */
export function knownDraws(project: OpenProject): KnownDraws {
  const { store } = project;
  const rows = Map.groupBy(store.review.all(1), (row) => row.videoId);
  const out: KnownDraws = { draws: [], unusable: 0 };
  for (const run of store.runs.list().toReversed()) {
    for (const draw of store.review.draws(run.id)) {
      const samples = store.review.samples(draw.id);
      const videos = populationOf(project, draw, samples);
      if (!videos) {
        out.unusable++;
        continue;
      }
      const ruleOf = drawnBy(draw.rule);
      const labelled = new Map<number, Uint8Array>();
      const inEvent = (video: VideoScores): Uint8Array => {
        let known = labelled.get(video.videoId);
        if (!known) {
          const events = eventsOf(video.scores, video.frames, ruleOf(video.videoId));
          known = markSegments(events, video.scores.length);
          labelled.set(video.videoId, known);
        }
        return known;
      };
      out.draws.push({
        id: draw.id,
        population: draw.units,
        units: samples.flatMap((sample): DrawnUnit[] => {
          const video = videos.get(sample.videoId);
          if (!video) return [];
          const last = video.scores.length;
          const segments = {
            start: Math.min(Math.floor(sample.start / SEGMENT_FRAMES), last),
            end: Math.min(Math.ceil(sample.end / SEGMENT_FRAMES), last),
          };
          const { videoId, stratum, stratumUnits } = sample;
          const said = saidAbout(sample, segments, video, rows.get(videoId) ?? []);
          return [{ videoId, first: segments.start, end: segments.end, stratum, stratumUnits, said }];
        }),
        covers: (videoId, segment) => {
          const video = videos.get(videoId);
          if (!video || segment >= video.scores.length) return false;
          return (inEvent(video)[segment] === 1) === (draw.purpose === 'events');
        },
      });
    }
  }
  return out;
}
