// Text files of one row per line. Role: decoding, line numbers and the sentences for rows that cannot be read.
// Limits: knows no format; a line never holds a line break.
import { AppError } from '../../shared/errors.ts';

export interface Line {
  /** Counted from 1, as editors count. */
  number: number;
  text: string;
}

/** UTF-8 without its byte order mark. @throws AppError `damaged` when it is something else. */
export function decodeText(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('damaged', `${file} is not UTF-8 text. Save it as UTF-8.`, { file }, error);
  }
}

/** Lines that are not blank, ended by LF or CRLF, the last one by nothing or either. */
export function linesOf(text: string): Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ number: i + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
}

/** The error for a row that cannot be read: which file, which line, what is wrong and what belongs there. */
export function rowError(file: string, line: number, sentence: string): AppError {
  return new AppError('bad_input', `${file}, line ${line}: ${sentence}`, { file, line });
}

/** A whole number, also as printed by NumPy (`8.0e+00`); null for anything else. */
export function wholeNumber(text: string): number | null {
  if (!/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Whether a name comes back from a line: not empty, no control characters, no blanks at either end. */
export function fitsLine(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: line ends and tabs are what must not be there
  return name !== '' && name === name.trim() && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(name);
}

/** A few of many names for a sentence: `a, b, c and 4 more`. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
