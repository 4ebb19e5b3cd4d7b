// UBnormal: tracks, lists of names and frame-level text (formats.md 3.6, methods.md 5.3).
// Role: `object,start,end` rows (0-based, both ends included), one name per line, one value per frame, out and in.
// Limits: an event is one track; the pixel maps of the data set are not written.
import { fromVector, toVector } from '../../shared/labels/intervals.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { type LabelledVideo, requireLabels, type Written } from './labelled.ts';
import { fitsLine, linesOf, rowError, someOf, wholeNumber } from './lines.ts';

export interface Track extends FrameRange {
  object: number;
}

/** One row per event, LF after each; objects are numbered from 1 in the order of the events. */
export function writeTracks(video: Pick<LabelledVideo, 'name' | 'frames' | 'events'>): string {
  requireLabels([video]);
  return video.events.map(({ start, end }, i) => `${i + 1},${start},${end - 1}\n`).join('');
}

/**
 * Reads rows of whole numbers, also in exponent form (`8.0e+00`), LF or CRLF.
 * @returns half-open tracks in the order of the file. @throws AppError `bad_input` with file and line.
 */
export function readTracks(file: string, text: string): Track[] {
  return linesOf(text).map((line) => {
    const [object, start, last, ...more] = line.text.split(',').map((cell) => wholeNumber(cell.trim()));
    if (object == null || start == null || last == null || more.length > 0) {
      throw rowError(file, line.number, 'expected three whole numbers: object, first frame, last frame.');
    }
    if (start < 0 || last < start) {
      throw rowError(file, line.number, `${start} to ${last} is no range of frames; both ends are included.`);
    }
    return { object, start, end: last + 1 };
  });
}

/** `numpy` is what numpy.savetxt prints, `int` what readers that call int() need. */
export type FrameTextStyle = 'numpy' | 'int';
const VALUES: Record<FrameTextStyle, readonly [string, string]> = {
  numpy: ['0.000000000000000000e+00\n', '1.000000000000000000e+00\n'],
  int: ['0\n', '1\n'],
};

/** One value per frame and line, 1 = anomalous. Events that touch or overlap are one run. */
export function writeFrameText(
  video: Pick<LabelledVideo, 'name' | 'frames' | 'events'>,
  style: FrameTextStyle = 'numpy',
): string {
  requireLabels([video]);
  return Array.from(toVector(video.events, video.frames), (value) => VALUES[style][value]).join('');
}

/** Reads either style. @throws AppError `bad_input` with file and line for anything but 0 and 1. */
export function readFrameText(file: string, text: string): { frames: number; events: FrameRange[] } {
  const values = linesOf(text).map((line) => {
    const value = wholeNumber(line.text.trim());
    if (value !== 0 && value !== 1) throw rowError(file, line.number, 'expected 0 or 1.');
    return value;
  });
  return { frames: values.length, events: fromVector(values) };
}

/** Names one per line, LF after each, in the given order. */
export function writeNames(names: readonly string[]): Written {
  const lost = names.filter((name) => !fitsLine(name));
  return {
    text: names
      .filter(fitsLine)
      .map((name) => `${name}\n`)
      .join(''),
    notes: lost.length > 0 ? [`UBnormal's list has no line for: ${someOf(lost)}.`] : [],
  };
}

/** Reads a list of names. @throws AppError `bad_input` with file and line for a name listed twice. */
export function readNames(file: string, text: string): string[] {
  const seen = new Set<string>();
  return linesOf(text).map((line) => {
    const name = line.text.trim();
    if (seen.has(name)) throw rowError(file, line.number, `"${name}" is listed already.`);
    seen.add(name);
    return name;
  });
}
