// Speed and time left of a job from its progress reports.
// Role: a smoothed rate over the last seconds. Limits: knows nothing of jobs; time is passed in.

export interface Pace {
  /** Units per second, 0 while unknown. */
  rate: number;
  secondsLeft: number | null;
}

/** Follows `done` over time; restarts when the unit of work changes (done falls or total changes). */
export function createPace(): (nowMs: number, done: number, total: number) => Pace {
  const WINDOW_MS = 20_000;
  let samples: { at: number; done: number }[] = [];
  let lastTotal = -1;
  return (nowMs, done, total) => {
    if (total !== lastTotal || (samples.length > 0 && done < samples[samples.length - 1].done)) samples = [];
    lastTotal = total;
    samples.push({ at: nowMs, done });
    while (samples.length > 2 && nowMs - samples[0].at > WINDOW_MS) samples.shift();
    const [first] = samples;
    const seconds = (nowMs - first.at) / 1000;
    // Half a second of evidence, or the first guess is wild.
    if (seconds < 0.5 || done <= first.done) return { rate: 0, secondsLeft: null };
    const rate = (done - first.done) / seconds;
    return { rate, secondsLeft: total > done ? (total - done) / rate : 0 };
  };
}
