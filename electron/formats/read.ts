// What readers of labels give: videos by the names a file has for them, with events in frames or in seconds.
// Role: the common output of the readers, and the text of a title taken apart. Limits: knows neither the project nor the
// timestamps of a video; resolve.ts turns seconds into frames.
import { AppError } from '../../shared/errors.ts';
import type { Layer } from './data.ts';
import { wholeNumber } from './lines.ts';

/** A file as it is read: its path below what was chosen, with `/`. */
export interface SourceFile {
  name: string;
  bytes: Uint8Array;
}

export interface ReadEvent {
  /** 0-based, half-open, in `unit`; null: up to the end of the video. */
  start: number;
  end: number | null;
  unit: 'frames' | 'seconds';
  /** null: the file has none. */
  class: string | null;
  score: number | null;
  layer: Layer | null;
}

export interface ReadVideo {
  /** Path or name of the video as the file has it, with `/`, with or without extension. */
  key: string;
  /** N according to the file; null where it does not say. */
  frames: number | null;
  /** In the order of the file. Empty: the file says that nothing happens. */
  events: ReadEvent[];
  /** Soft labels, one per segment, where the file has them. */
  scores: Float32Array | null;
  /** The file it was read from. */
  file: string;
}

export interface ReadLabels {
  videos: ReadVideo[];
  /** What was left out or read in another way than written, as sentences. */
  notes: string[];
}

/** Frames [start, end) with nothing else known. */
export function frameEvent(
  start: number,
  end: number | null,
  more: Partial<Pick<ReadEvent, 'class' | 'score' | 'layer'>> = {},
): ReadEvent {
  return { start, end, unit: 'frames', class: null, score: null, layer: null, ...more };
}

/** Seconds of media time [start, end). */
export function secondsEvent(
  start: number,
  end: number | null,
  more: Partial<Pick<ReadEvent, 'class' | 'score' | 'layer'>> = {},
): ReadEvent {
  return { ...frameEvent(start, end, more), unit: 'seconds' };
}

const TITLE = /^(.*?)(?: ([01]\.\d{2}))?(?: \((model|rule|human|truth|imported)\))?$/s;

/** `Intrusion 0.93 (human)` taken apart: score and layer are there only in exactly this form. */
export function titleParts(text: string): Pick<ReadEvent, 'class' | 'score' | 'layer'> {
  const [, name = text, score, layer] = TITLE.exec(text) ?? [];
  return {
    class: name === '' ? null : name,
    score: score === undefined ? null : Number(score),
    layer: (layer as Layer | undefined) ?? null,
  };
}

const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,6})$/;

/** Seconds of `[hh:]mm:ss.fraction`, with a point or a comma; null for anything else. */
export function clockSeconds(text: string): number | null {
  const [, hours = '0', minutes, seconds, fraction] = CLOCK.exec(text.trim()) ?? [];
  if (minutes === undefined || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return whole + Number(`0.${fraction}`);
}

/** A number as people and programs print it; null for anything else. */
export function decimal(text: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : null;
}

/** The path of a file without the folder of its format and without its extension: `day/01` for `webvtt/day/01.vtt`. */
export function keyOfFile(name: string, folder: string): string {
  const path = name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name;
  return path.replace(/(?<=[^/])\.[^./]*$/, '');
}

/**
 * Checks a range of frames from outside.
 * @param where file and line or place, as the sentence begins @throws AppError `bad_input`
 */
export function requireRange(where: string, start: number, end: number | null): void {
  if (start >= 0 && (end === null || end > start)) return;
  throw new AppError(
    'bad_input',
    `${where}: ${start} to ${end} is no range. The start must not be negative and the end must come after it.`,
    { where, start, end },
  );
}

/** A whole number in an attribute or a cell. @throws AppError `bad_input` naming the place */
export function requireWhole(where: string, name: string, text: string | undefined): number {
  const value = text === undefined ? null : wholeNumber(text.trim());
  if (value !== null) return value;
  throw new AppError(
    'bad_input',
    `${where}: ${name} is ${text === undefined ? 'missing' : `"${text.slice(0, 40)}"`}; a whole number is needed.`,
    { where },
  );
}
