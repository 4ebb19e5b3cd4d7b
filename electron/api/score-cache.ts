// Scores of runs in memory: a threshold that moves asks for all of them many times a second.
// Role: reads a run's scores once, and once more beside the level of each camera. Limits: forgets everything when videos
// change; what a run says never changes otherwise. At most MOST_SEGMENTS are kept; larger runs are read each time.
import type { VideoRow } from '../../shared/contract/index.ts';
import { type Baseline, baselineOf, besideBaseline } from '../../shared/labels/baseline.ts';
import { type EventRules, ruleOf, sameRules } from '../../shared/labels/rules.ts';
import type { VideoScores } from '../store/labels.ts';
import type { Store } from '../store/store.ts';
import { summarise } from './scores.ts';

export interface ScoreCache {
  /**
   * Scores of all videos of a run, in the order of their relative paths.
   * @param perCamera beside the usual level of each camera; videos without a camera as they are
   */
  of(runId: number, perCamera: boolean): readonly VideoScores[];
  /** What lists show of each video of a run under rules; made anew only when these are others. */
  summaries(
    runId: number,
    rules: EventRules,
    perCamera: boolean,
  ): ReadonlyMap<number, NonNullable<VideoRow['score']>>;
  /**
   * How unsure the method itself is of each segment of a video, read when it is first asked for; null where it does not say.
   * Only the run that was asked for last is kept.
   */
  uncertainty(runId: number): ((videoId: number) => Float32Array | null) | null;
  forget(): void;
}

/** 4 bytes each: 256 MB. */
const MOST_SEGMENTS = 64_000_000;
/** Runs whose summaries are kept: as many as fit beside each other. */
const MOST_LISTED = 8;

export function createScoreCache(store: Store): ScoreCache {
  const kept = new Map<string, readonly VideoScores[]>();
  let segments = 0;
  const sizeOf = (videos: readonly VideoScores[]) => videos.reduce((sum, v) => sum + v.scores.length, 0);

  function keep(key: string, videos: readonly VideoScores[]): readonly VideoScores[] {
    const size = sizeOf(videos);
    if (size > MOST_SEGMENTS) return videos;
    for (const [oldest, other] of kept) {
      if (segments + size <= MOST_SEGMENTS) break;
      kept.delete(oldest);
      segments -= sizeOf(other);
    }
    kept.set(key, videos);
    segments += size;
    return videos;
  }

  function of(runId: number, perCamera: boolean): readonly VideoScores[] {
    const key = `${runId} ${perCamera}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key); // the latest one is kept longest
      kept.set(key, known);
      return known;
    }
    return keep(key, perCamera ? besideCameras(of(runId, false)) : store.runs.scoresOfAll(runId));
  }

  /** Of the runs that were listed last; a summary is a hundred bytes or so. */
  const listed = new Map<
    string,
    { rules: EventRules; of: ReadonlyMap<number, NonNullable<VideoRow['score']>> }
  >();
  let unsure: { runId: number; of: Map<number, Float32Array | null> } | null = null;
  return {
    of,
    summaries(runId, { rule, ownRules }, perCamera) {
      const rules = { rule, ownRules };
      const key = `${runId} ${perCamera}`;
      const known = listed.get(key);
      if (known && sameRules(known.rules, rules)) return known.of;
      const inForce = ruleOf(rules);
      const made = new Map(
        of(runId, perCamera).map((video) => [
          video.videoId,
          summarise(video.scores, inForce(video), video.frames),
        ]),
      );
      listed.delete(key);
      listed.set(key, { rules, of: made });
      for (const [oldest] of listed) if (listed.size > MOST_LISTED) listed.delete(oldest);
      return made;
    },
    uncertainty(runId) {
      if (unsure?.runId !== runId) {
        if (!store.runs.saysUncertainty(runId)) return null;
        unsure = { runId, of: new Map() };
      }
      const known = unsure.of;
      return (videoId) => {
        const values = known.get(videoId) ?? store.runs.uncertainty(runId, videoId);
        known.set(videoId, values);
        return values;
      };
    },
    forget() {
      unsure = null;
      listed.clear();
      kept.clear();
      segments = 0;
    },
  };
}

/** The same videos with the scores of each camera brought to the level and spread of all cameras together. */
export function besideCameras(videos: readonly VideoScores[]): VideoScores[] {
  const cameras = new Map<string, Float32Array[]>();
  for (const { camera, scores } of videos) {
    if (camera === null) continue;
    const list = cameras.get(camera);
    if (list) list.push(scores);
    else cameras.set(camera, [scores]);
  }
  const all = baselineOf([...cameras.values()].flat());
  const own = new Map<string, Baseline | null>([...cameras].map(([name, list]) => [name, baselineOf(list)]));
  return videos.map((video) =>
    video.camera === null
      ? video
      : { ...video, scores: besideBaseline(video.scores, own.get(video.camera) ?? null, all) },
  );
}
