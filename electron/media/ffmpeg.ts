// The few things every user of the FFmpeg binding here needs. Role: quiet logging, error codes as sentences, options,
// and a pause that keeps the process responsive. Limits: no policy about videos.
import { setImmediate } from 'node:timers/promises';
import { AV_LOG_QUIET } from 'node-av/constants';
import {
  type CodecContext,
  FFmpegError,
  type FormatContext,
  Log,
  type SoftwareScaleContext,
} from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';

// FFmpeg writes to stderr by itself. What a person should know is in our own sentences; stderr belongs to the hosts.
Log.setLevel(AV_LOG_QUIET);

/** An exact fraction. */
export interface Ratio {
  num: number;
  den: number;
}

/** FFmpeg's own words for an error code. */
export function reasonOf(code: number): string {
  return FFmpegError.strerror(code);
}

/**
 * Passes a non-negative FFmpeg result through.
 * @param doing what was tried, with the file's name: "Could not write /a/b.mp4"
 * @throws AppError `disk_full`, `no_access`, `not_found` for system errors, else `code`
 */
export function check(
  result: number,
  doing: string,
  code: 'damaged' | 'unsupported' | 'internal' = 'internal',
): number {
  if (result >= 0) return result;
  // FFmpeg reports system errors as negated errno: 2 ENOENT, 12 ENOMEM, 13 EACCES, 28 ENOSPC.
  const system = {
    [-2]: 'not_found',
    [-12]: 'out_of_memory',
    [-13]: 'no_access',
    [-28]: 'disk_full',
  } as const;
  throw new AppError(system[result as keyof typeof system] ?? code, `${doing}: ${reasonOf(result)}.`, {
    ffmpeg: result,
  });
}

/**
 * Sets options by FFmpeg's own names, before the object is opened. Not through a `Dictionary`: FFmpeg frees the one it
 * is given, and the binding frees it once more (a crash, seen with node-av 6.1.1).
 */
export function setOptions(
  target: CodecContext | FormatContext | SoftwareScaleContext,
  options: Record<string, string | number>,
  doing: string,
): void {
  for (const [name, value] of Object.entries(options))
    check(target.setOption(name, String(value)), `${doing} (option ${name})`);
}

/**
 * A function to call between units of synchronous work: it gives the event loop a turn when the last one is more than
 * `everyMs` ago, so that cancel messages arrive and heartbeats leave.
 */
export function breather(everyMs = 25): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < everyMs) return undefined;
    return setImmediate(undefined).then(() => {
      last = performance.now();
    });
  };
}

/** @throws AppError `cancelled` when the signal has fired. */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
}
