// Where a ruler has its marks. Role: pure arithmetic on frame numbers. Limits: draws nothing, writes no text.
import type { Viewport } from './viewport.ts';

export interface Tick {
  frame: number;
  major: boolean;
}

const STEPS = [1, 2, 5];

/** The smallest 1, 2 or 5 times a power of ten that is at least `wish` (and at least 1). */
export function niceStep(wish: number): number {
  let power = 1;
  for (;;) {
    for (const step of STEPS) if (step * power >= wish) return step * power;
    power *= 10;
  }
}

/**
 * Marks inside the view on round frame numbers.
 * @param gap pixels that a labelled (major) mark needs at least.
 */
export function ticksOf(view: Viewport, width: number, frames: number, gap: number): Tick[] {
  const perPixel = (view.to - view.from) / width;
  const major = niceStep(gap * perPixel);
  const minor = Math.max(1, Math.floor(major / 5));
  const ticks: Tick[] = [];
  const end = Math.min(view.to, frames);
  for (let frame = Math.ceil(view.from / minor) * minor; frame <= end; frame += minor) {
    ticks.push({ frame, major: frame % major === 0 });
  }
  return ticks;
}
