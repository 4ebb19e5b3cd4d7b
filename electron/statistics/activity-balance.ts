// Activity balance: takes away part of the level that a video has because much or little goes on in it
// (default-extractor-v2.md 3.3). Role: one divisor per video. Limits: needs whole videos; it moves levels between videos
// only, never the order inside one.
//
// Only active crops count, so that an empty video is not scaled up to the level of a busy one, and the median over them
// hardly moves with one object that stands out.
import { percentile } from './percentile.ts';

/** A crop is active when its scaled vector is longer; the pool has a root mean square length of 0.5. */
const ACTIVE = 0.05;
/** With fewer active crops the median of a video says nothing, and the video keeps its level. */
const FEWEST = 10;

/** Scores of the crops of one video and the lengths of their scaled vectors, in the same order. */
export interface ScoredCrops {
  scores: ArrayLike<number>;
  norms: ArrayLike<number>;
}

export interface ActivityBalance {
  /** Segment scores of a video are divided by it, `[V]`; 1 where nothing is balanced. */
  divisors: number[];
  /** Median score of the active crops of each video, `[V]`; null with fewer than ten of them. */
  levels: (number | null)[];
  /** The same over all videos; null without an active crop. */
  level: number | null;
}

/**
 * Divisors (m_v / m)^exponent, with m_v the median over the active crops of video v and m the same over all videos.
 * @param exponent 0 leaves everything as it is, 1 brings all videos to one level
 */
export function activityBalance(videos: readonly ScoredCrops[], exponent: number): ActivityBalance {
  const active = videos.map(({ scores, norms }) =>
    Float64Array.from(scores).filter((_, i) => norms[i] > ACTIVE),
  );
  const total = active.reduce((sum, part) => sum + part.length, 0);
  const pool = new Float64Array(total);
  let at = 0;
  for (const part of active) {
    pool.set(part, at);
    at += part.length;
  }
  const level = total > 0 ? percentile(pool, 50) : null;
  const levels = active.map((part) => (part.length >= FEWEST ? percentile(part, 50) : null));
  const divisors = levels.map((own) => (own && level ? (own / level) ** exponent : 1));
  return { divisors, levels, level };
}
