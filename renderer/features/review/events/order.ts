// Edges of events, to jump between. Role: all edges of a video, the next one from a place. Limits: pure data.
/** Every edge of every event of a video, ascending, without repeats; the end counts as the last frame inside. */
export function boundaries(events: readonly { start: number; end: number }[]): number[] {
  return [...new Set(events.flatMap((e) => [e.start, e.end - 1]))].sort((a, b) => a - b);
}

/** The closest edge on one side of `frame`; null past the last. */
export function boundaryFrom(edges: readonly number[], frame: number, direction: 1 | -1): number | null {
  return (direction === 1 ? edges.find((e) => e > frame) : edges.findLast((e) => e < frame)) ?? null;
}
