// Videos with labels for property tests of the formats.
import fc from 'fast-check';
import type { LabelledVideo } from '../../../electron/formats/labelled.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';

/** Names as data sets and people give them: spaces, #, =, dots, umlauts, double underscores, digits, dashes. */
export const names = fc
  .array(
    fc.constantFrom(
      'Cam',
      '03',
      '__',
      '#',
      '=',
      '.',
      'ü',
      'Straße',
      ' ',
      '-',
      '_x264',
      ',',
      '"',
      '(1)',
      'label_B1-0-0',
      '日本',
      'é',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** Any ranges inside the video: frame 0, the last frame, adjacent, overlapping, equal, none, many; in any order. */
export function eventsIn(frames: number, maxLength = 5): fc.Arbitrary<FrameRange[]> {
  const edge = fc.oneof(
    fc.constantFrom(0, frames - 1, Math.floor(frames / 2)),
    fc.integer({ min: 0, max: frames - 1 }),
  );
  const range = fc.tuple(edge, edge).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }));
  const adjacent = fc.integer({ min: 1, max: Math.max(1, frames - 1) }).map((at) =>
    frames > 1
      ? [
          { start: 0, end: at },
          { start: at, end: frames },
        ]
      : [{ start: 0, end: 1 }],
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(range, { maxLength }) },
    { weight: 1, arbitrary: adjacent },
  );
}

/** Videos with different names; `Normal` exactly when there are no events. */
export function videos(name: fc.Arbitrary<string> = names, maxEvents = 5): fc.Arbitrary<LabelledVideo[]> {
  const video = fc
    .tuple(name, fc.integer({ min: 1, max: 200 }), fc.constantFrom('Abuse', 'Road Accidents', 'Anomaly'))
    .chain(([unique, frames, className]) =>
      eventsIn(frames, maxEvents).map((events) => {
        const kept = events.slice(0, maxEvents);
        return { name: unique, class: kept.length > 0 ? className : 'Normal', frames, events: kept };
      }),
    );
  return fc.uniqueArray(video, { selector: (v) => v.name, maxLength: 6 });
}

export function video(
  name: string,
  frames: number,
  events: [number, number][],
  className = 'Anomaly',
): LabelledVideo {
  return {
    name,
    class: events.length > 0 ? className : 'Normal',
    frames,
    events: events.map(([start, end]) => ({ start, end })),
  };
}
