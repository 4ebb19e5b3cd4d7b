// Pose files of our own: one JSON file of one video, `<video>.poses.json`.
// Role: written for the drawn scenes, and for anybody who brings poses of another origin; read back. Limits: says what the
// pose files of AlphaPose leave open (which video, how frames count, the order of keypoints), and no more.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { COCO_JOINTS } from '../../../shared/labels/detections.ts';
import type { PosePerson } from './read.ts';

const FORMAT = 'zerolabel poses 1';

const ownFile = z.object({
  format: z.literal(FORMAT),
  /** Path of the video below its folder, without extension. */
  video: z.string(),
  frame_index: z.literal('0-based'),
  keypoints: z.literal('coco17'),
  persons: z.array(
    z
      .object({
        id: z.int().nonnegative(),
        /** Ascending. `[t]`. */
        frames: z.array(z.int().nonnegative()),
        /** x, y in pixels and confidence of 17 keypoints. `[t][51]`. */
        keypoints: z.array(z.array(z.number()).length(3 * COCO_JOINTS)),
        /** Person score of each frame; none: 0. */
        scores: z.array(z.number()).optional(),
      })
      .refine(
        ({ frames, keypoints, scores }) =>
          keypoints.length === frames.length &&
          (scores === undefined || scores.length === frames.length) &&
          frames.every((frame, i) => i === 0 || frame > frames[i - 1]),
        'needs ascending frames, and as many keypoints and scores as frames',
      ),
  ),
});

export const isOwnPoses = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { format?: unknown }).format === FORMAT;

/** Persons of a parsed file of ours. @throws AppError `bad_input` naming what does not fit */
export function readOwnPoses(value: unknown, file: string): { video: string; persons: PosePerson[] } {
  const parsed = ownFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError('bad_input', `${file}: ${issue.path.join(' / ')} ${issue.message}.`, {
      file,
      path: issue.path.map(String),
    });
  }
  const persons = parsed.data.persons.map(
    ({ id, frames, keypoints, scores }): PosePerson => ({
      id,
      frames: Int32Array.from(frames),
      keypoints: Float32Array.from(keypoints.flat()),
      scores: Float64Array.from(scores ?? frames.map(() => 0)),
    }),
  );
  return { video: parsed.data.video, persons };
}

/** A file of ours as text; coordinates are rounded to hundredths of a pixel, confidences to hundredths. */
export function writeOwnPoses(video: string, persons: readonly PosePerson[]): string {
  const size = 3 * COCO_JOINTS;
  const rounded = (x: number): number => Math.round(100 * x) / 100;
  const file: z.infer<typeof ownFile> = {
    format: FORMAT,
    video,
    frame_index: '0-based',
    keypoints: 'coco17',
    persons: persons.map(({ id, frames, keypoints, scores }) => ({
      id,
      frames: [...frames],
      keypoints: [...frames].map((_, i) => Array.from(keypoints.subarray(i * size, (i + 1) * size), rounded)),
      scores: Array.from(scores, rounded),
    })),
  };
  return `${JSON.stringify(file)}\n`;
}
