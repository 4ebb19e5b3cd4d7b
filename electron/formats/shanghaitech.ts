// ShanghaiTech: frame masks and the lists of the weakly supervised split (formats.md 3.5, methods.md 5.2).
// Role: `test_frame_mask/<clip>.npy` and lists of clip names, out and in. Limits: a plain list has no labels; in the
// data set itself they follow from the digits of the clip.
import { AppError } from '../../shared/errors.ts';
import { fromVector, toVector } from '../../shared/labels/intervals.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { type LabelledVideo, requireLabels, type Written } from './labelled.ts';
import { fitsLine, linesOf, rowError, someOf, wholeNumber } from './lines.ts';
import { readNpy, writeNpy } from './npy.ts';

/** A mask: uint8 `[N]`, 1 = anomalous. Events that touch or overlap are one run in it. */
export function writeMask(video: Pick<LabelledVideo, 'name' | 'frames' | 'events'>): Uint8Array {
  requireLabels([video]);
  return writeNpy(toVector(video.events, video.frames), [video.frames], 'u1');
}

/**
 * Reads a mask of any number type and header length.
 * @throws AppError `bad_input` when it is no vector of 0 and 1.
 */
export function readMask(file: string, bytes: Uint8Array): { frames: number; events: FrameRange[] } {
  const { shape, data } = readNpy(bytes, file);
  if (shape.length !== 1) {
    throw new AppError('bad_input', `${file} has shape (${shape.join(', ')}); a mask has one axis.`, {
      file,
    });
  }
  const values = Float64Array.from(data, Number);
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) {
    throw new AppError('bad_input', `${file} holds ${values[wrong]} at frame ${wrong}; a mask is 0 and 1.`, {
      file,
    });
  }
  return { frames: shape[0], events: fromVector(values) };
}

export interface SplitEntry {
  name: string;
  /** null where neither list nor name tells. */
  abnormal: boolean | null;
  /** N, in the form with labels for normal clips; else null. */
  frames: number | null;
}

/** Label of a clip of the data set: three digits after the scene are normal, four anomalous; null for other names. */
export function clipLabel(name: string): boolean | null {
  if (/^\d{2}_\d{3}$/.test(name)) return false;
  return /^\d{2}_\d{4}$/.test(name) ? true : null;
}

/** `name,label` or `name,label,frames`; the rest of a line before them is the name. */
const LABELLED = /^(.+?),([01])(?:,(-?\d+))?$/;

/**
 * Names one per line, sorted, LF, no final line feed. With `labels` each line is `name,label,frames`, as in the lists of
 * MIST: frames are -1 for anomalous clips.
 * @returns the text, with sentences for names that no line can hold.
 */
export function writeSplit(
  videos: readonly Pick<LabelledVideo, 'name' | 'frames' | 'events'>[],
  labels = false,
): Written {
  const unfit = ({ name }: { name: string }) => !fitsLine(name) || (!labels && LABELLED.test(name));
  const lost = videos.filter(unfit).map((video) => video.name);
  const kept = videos
    .filter((video) => !unfit(video))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const lines = kept.map(({ name, frames, events }) => {
    if (!labels) return name;
    return events.length > 0 ? `${name},1,-1` : `${name},0,${frames}`;
  });
  const notes = lost.length > 0 ? [`ShanghaiTech's list has no line for: ${someOf(lost)}.`] : [];
  const unknown = labels ? [] : kept.filter((video) => clipLabel(video.name) !== video.events.length > 0);
  if (unknown.length > 0) {
    notes.push(
      `ShanghaiTech's list of names tells anomalous from normal by three or four digits; it does not for: ${someOf(unknown.map((video) => video.name))}.`,
    );
  }
  return { text: lines.join('\n'), notes };
}

/** Reads both forms of a list. @throws AppError `bad_input` with file and line. */
export function readSplit(file: string, text: string): SplitEntry[] {
  const seen = new Set<string>();
  return linesOf(text).map((line) => {
    const row = line.text.trim();
    const [, named, label, count] = LABELLED.exec(row) ?? [];
    const name = named ?? row;
    if (seen.has(name)) throw rowError(file, line.number, `"${name}" is listed already.`);
    seen.add(name);
    const frames = count === undefined ? null : wholeNumber(count);
    if (frames !== null && frames < -1)
      throw rowError(file, line.number, `${frames} is no number of frames.`);
    return {
      name,
      abnormal: label === undefined ? clipLabel(name) : label === '1',
      frames: frames === -1 ? null : frames,
    };
  });
}
