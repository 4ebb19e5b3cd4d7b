// Frame ranges and event rules: the vocabulary of shared/labels, as schemas because both cross borders.
import { z } from 'zod';

/** Frames per segment, everywhere (methods.md 0.1). */
export const SEGMENT_FRAMES = 16;

/**
 * What the vectors of a feature set stand for. `frames`: 16 frames each, our segments. `shares`: as many equal parts of
 * each video as it has vectors, as the 32 of UCF-Crime's C3D (methods.md 3.8).
 */
export const segmentation = z.enum(['frames', 'shares']);
export type Segmentation = z.infer<typeof segmentation>;

/** Frames [start, end), 0-based, in presentation order. */
export const frameRange = z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() });
export type FrameRange = z.infer<typeof frameRange>;

/** Scores evened out over neighbouring segments before thresholds are applied to them. */
export const smoothing = z.object({
  /** `gaussian`: weights with a standard deviation of a quarter of the window. */
  by: z.enum(['median', 'gaussian']),
  /** Length of the window in segments, odd, so that it has a middle. */
  segments: z
    .int()
    .min(3)
    .max(101)
    .refine((n) => n % 2 === 1, 'A window has an odd number of segments, so that it has a middle.'),
});
export type Smoothing = z.infer<typeof smoothing>;

/** How scores become events. An event starts where a segment reaches `on` and goes on while segments stay at or above `off`. */
export const eventRule = z.object({
  /** Left out: thresholds see the scores as they are. */
  smooth: smoothing.optional(),
  on: z.number(),
  off: z.number(),
  /** Shorter events are dropped after merging. Frames. */
  minFrames: z.int().nonnegative(),
  /** Events closer than this are merged. Frames. */
  gapFrames: z.int().nonnegative(),
});
export type EventRule = z.infer<typeof eventRule>;
