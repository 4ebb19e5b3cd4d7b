// Progress of jobs on standard error: one line that is rewritten on a terminal, plain lines now and then elsewhere.
// Role: text from job states. Limits: writes nothing to standard output, which belongs to the result.
import type { Job } from '../../../shared/contract/index.ts';
import { count, duration } from './text.ts';

/** Plain lines at most this often, so that a log of hours stays short. */
const PLAIN_EVERY_MS = 5000;
const CLEAR_LINE = '\r\u001b[2K';

export interface Progress {
  update(job: Job): void;
  /** A sentence between progress lines. */
  note(text: string): void;
}

export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** `Import 28 videos: 12/28 videos, 3.1 videos/s, 5.2 s left - test/05.mp4` */
export function progressText(job: Job): string {
  const parts: string[] = [];
  if (job.total > 0) parts.push(`${count(Math.floor(job.done))}/${count(job.total)} ${job.unit}`);
  if (job.rate > 0)
    parts.push(`${job.rate >= 100 ? count(Math.round(job.rate)) : job.rate.toFixed(1)} ${job.unit}/s`);
  if (job.secondsLeft !== null && job.done < job.total) parts.push(`${duration(job.secondsLeft)} left`);
  const message = job.message && job.message !== job.title ? ` - ${job.message}` : '';
  return `${job.title}: ${parts.join(', ') || job.state}${message}`;
}

/** `Import 28 videos: done in 9.1 s` */
function endText(job: Job): string {
  const seconds =
    job.startedAt !== null && job.endedAt !== null ? (job.endedAt - job.startedAt) / 1000 : null;
  return `${job.title}: ${job.state}${seconds === null ? '' : ` after ${duration(seconds)}`}`;
}

/** @param clock milliseconds, for the pauses between plain lines */
export function createProgress(stream: ProgressStream, clock: () => number): Progress {
  let shown = false;
  /** Jobs whose end has been told; the engine may tell it more than once. */
  const ended = new Set<number>();
  let plainAt = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (shown) stream.write(CLEAR_LINE);
    shown = false;
  };
  const line = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
  };
  return {
    update(job) {
      if (job.endedAt === null) ended.delete(job.id); // resumed under the same number
      if (job.endedAt !== null) {
        if (ended.has(job.id)) return;
        ended.add(job.id);
        line(endText(job));
        plainAt = Number.NEGATIVE_INFINITY;
      } else if (job.state === 'running' && stream.isTTY) {
        const text = progressText(job);
        const room = (stream.columns ?? 80) - 1;
        stream.write(`${CLEAR_LINE}${text.length > room ? `${text.slice(0, room - 1)}…` : text}`);
        shown = true;
      } else if (job.state === 'running' && job.total > 0 && clock() - plainAt >= PLAIN_EVERY_MS) {
        plainAt = clock();
        line(progressText(job));
      }
    },
    note: line,
  };
}
