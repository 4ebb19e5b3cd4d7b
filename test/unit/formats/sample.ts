// A run with videos, as the writers get it.
import type { ExportData, ExportVideo } from '../../../electron/formats/data.ts';
import { eventsOf } from '../../../shared/labels/events.ts';

export const rule = { on: 0.5, off: 0.4, minFrames: 0, gapFrames: 0 };

/** A video at 25 frames per second with the events of the rule. */
export function video(
  id: number,
  relPath: string,
  frames: number,
  scores: number[],
  more: Partial<ExportVideo> = {},
): ExportVideo {
  const values = Float32Array.from(scores);
  return {
    id,
    relPath,
    fingerprint: 'ab'.repeat(32),
    frames,
    fpsNum: 25,
    fpsDen: 1,
    size: { width: 320, height: 240 },
    secondsAt: (frame) => frame / 25,
    scores: values,
    labels: Uint8Array.from(values, (s) => (s > 0.5 ? 1 : 0)),
    videoLabel: 1,
    events: eventsOf(values, frames, rule),
    ...more,
  };
}

export function exported(videos: ExportVideo[]): ExportData & { run: NonNullable<ExportData['run']> } {
  return {
    appVersion: '1.2.3',
    project: { id: 'p1', name: 'Car park' },
    title: 'Motion 1',
    source: 'run',
    run: {
      id: 7,
      name: 'Motion 1',
      method: 'motion',
      seed: 3,
      device: 'cpu',
      createdAt: 1_700_000_000_000,
      finishedAt: null,
      config: { beta: 0.5 },
      notes: ['a note'],
      provenance: {},
    },
    rule,
    videos,
  };
}
