// Errors that cross a border (process, port, HTTP) as data with a stable code.
// Role: the one error class of the product and its plain form. Limits: no text is looked up here; whoever throws
// writes the sentence a person reads: what happened, what is kept, what to do.
import { z } from 'zod';

export const ERROR_CODES = [
  'bad_input', // a call, option or file content that does not fit its schema
  'not_found',
  'conflict', // the thing exists, is locked or is in use
  'unsupported', // readable, but not something we can work with
  'damaged', // a file that is broken: truncated, NaN, wrong shape
  'foreign', // a database or folder that is not ours
  'future', // written by a newer version
  'disk_full',
  'no_access',
  'unavailable', // a device, library or program that is not there
  'out_of_memory',
  'cancelled',
  'crashed', // a child process is gone without a last word
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export const errorData = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** Facts for scripts and bug reports: file, row, expected, actual. */
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorData = z.infer<typeof errorData>;

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;
  constructor(code: ErrorCode, message: string, details?: Record<string, unknown>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

/** Any thrown value as plain data; unknown errors become `internal`, system errors get their own code. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof AppError) {
    return { code: thrown.code, message: thrown.message, ...(thrown.details && { details: thrown.details }) };
  }
  if (thrown instanceof z.ZodError) {
    return { code: 'bad_input', message: z.prettifyError(thrown) };
  }
  if (thrown instanceof Error) {
    const { code: system, path } = thrown as Error & { code?: unknown; path?: unknown };
    const at = typeof path === 'string' ? ` (${path})` : '';
    if (system === 'ENOSPC' || system === 'SQLITE_FULL') {
      return {
        code: 'disk_full',
        message: `The disk is full${at}. Free some space and try again; nothing saved so far is lost.`,
      };
    }
    if (system === 'EACCES' || system === 'EPERM' || system === 'EROFS') {
      return { code: 'no_access', message: `No permission to use this file or folder${at}.` };
    }
    if (system === 'EISDIR') {
      return { code: 'bad_input', message: `This is a folder, and a file is needed${at}.` };
    }
    if (system === 'ENOENT' || system === 'ENOTDIR')
      return { code: 'not_found', message: `File or folder not found${at}.` };
    return { code: 'internal', message: thrown.message, details: { stack: thrown.stack ?? '' } };
  }
  return { code: 'internal', message: String(thrown) };
}

export function fromErrorData(data: ErrorData): AppError {
  return new AppError(data.code, data.message, data.details);
}
