// What every command gets to speak with: a result on standard output, everything else on standard error.
// Role: the two ways of speaking, to a person and to a script. Limits: no command.
import { AppError, type ErrorData } from '../../../shared/errors.ts';
import { createProgress, type Progress, type ProgressStream } from './progress.ts';

/** Exit codes; also in `--help`. */
export const EXIT = { ok: 0, failed: 1, usage: 2, cancelled: 130 } as const;

export interface Streams {
  out: { write(text: string): unknown };
  err: ProgressStream;
}

export interface Io {
  json: boolean;
  /** File for what the command opened; null: none wanted. */
  privacyReport: string | null;
  progress: Progress;
  /** A sentence for the person who watches. */
  note(text: string): void;
  /** The one result of a command: an object for scripts, or text for people. */
  result(data: Record<string, unknown>, text: string): void;
  /** How the command failed, as a sentence, or as the one object that scripts read. */
  failure(error: ErrorData): void;
}

export function createIo(streams: Streams, json: boolean, privacyReport: string | null = null): Io {
  const progress = createProgress(streams.err, () => performance.now());
  return {
    json,
    privacyReport,
    progress,
    note: progress.note,
    result(data, text) {
      streams.out.write(json ? `${JSON.stringify({ ok: true, ...data })}\n` : `${text}\n`);
    },
    failure(error) {
      progress.note(`Error: ${error.message}`);
      if (json) streams.out.write(`${JSON.stringify({ ok: false, error })}\n`);
    },
  };
}

/** What the person typed cannot be meant: exit code 2 instead of 1. */
export function usageError(message: string, details: Record<string, unknown> = {}): AppError {
  return new AppError('bad_input', message, { ...details, usage: true });
}

export function exitCodeOf(error: ErrorData): number {
  if (error.code === 'cancelled') return EXIT.cancelled;
  return error.details?.usage === true ? EXIT.usage : EXIT.failed;
}
