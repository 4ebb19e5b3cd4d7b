// The events of a run as a list to go through. Role: order, position and neighbours across videos. Limits: pure data.
import type { ModelEvent, VideoRow } from '../../../../shared/contract/index.ts';

export type EventOrder = 'score' | 'time' | 'length';

export const ORDERS: readonly { value: EventOrder; label: string }[] = [
  { value: 'score', label: 'Highest score first' },
  { value: 'time', label: 'By video and time' },
  { value: 'length', label: 'Longest first' },
];

export const sameEvent = (a: ModelEvent, b: ModelEvent): boolean =>
  a.videoId === b.videoId && a.start === b.start && a.end === b.end;

/** A sorted copy; ties go by the order of the videos, then by time, so that the order is always the same. */
export function sortEvents(
  events: readonly ModelEvent[],
  order: EventOrder,
  videos: readonly VideoRow[],
): ModelEvent[] {
  const rank = new Map(videos.map((video, i) => [video.id, i]));
  const place = (e: ModelEvent) => rank.get(e.videoId) ?? videos.length;
  const byTime = (a: ModelEvent, b: ModelEvent) => place(a) - place(b) || a.start - b.start;
  const compare = {
    time: byTime,
    score: (a: ModelEvent, b: ModelEvent) => b.max - a.max || byTime(a, b),
    length: (a: ModelEvent, b: ModelEvent) => b.end - b.start - (a.end - a.start) || byTime(a, b),
  }[order];
  return [...events].sort(compare);
}

/** All events with those of one video replaced by fresher ones. */
export function withVideo(
  events: readonly ModelEvent[],
  videoId: number,
  fresh: readonly Omit<ModelEvent, 'videoId'>[],
): ModelEvent[] {
  return [...events.filter((e) => e.videoId !== videoId), ...fresh.map((e) => ({ ...e, videoId }))];
}

/** Index of the event of a video that holds `frame`, -1 for none. */
export const indexAt = (events: readonly ModelEvent[], videoId: number, frame: number): number =>
  events.findIndex((e) => e.videoId === videoId && e.start <= frame && frame < e.end);

/**
 * The neighbour of a place in the list: from the current event the next or previous one in this order; from a place
 * outside of all events the nearest one in time in this video, else the first or last of the list. Null past the ends.
 */
export function neighbour(
  sorted: readonly ModelEvent[],
  current: number,
  place: { videoId: number; frame: number },
  direction: 1 | -1,
): ModelEvent | null {
  if (sorted.length === 0) return null;
  if (current >= 0) return sorted[current + direction] ?? null;
  const here = sorted.filter((e) => e.videoId === place.videoId).sort((a, b) => a.start - b.start);
  const near =
    direction === 1 ? here.find((e) => e.start >= place.frame) : here.findLast((e) => e.end <= place.frame);
  return near ?? (direction === 1 ? sorted[0] : sorted[sorted.length - 1]);
}

/** Every edge of every event of a video, ascending, without repeats; the end counts as the last frame inside. */
export function boundaries(events: readonly { start: number; end: number }[]): number[] {
  return [...new Set(events.flatMap((e) => [e.start, e.end - 1]))].sort((a, b) => a - b);
}

/** The closest edge on one side of `frame`; null past the last. */
export function boundaryFrom(edges: readonly number[], frame: number, direction: 1 | -1): number | null {
  return (direction === 1 ? edges.find((e) => e > frame) : edges.findLast((e) => e < frame)) ?? null;
}
