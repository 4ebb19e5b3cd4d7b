// What every writer of labels gets: one run with its rule and videos, as plain data.
// Role: the common input of the writers, and the names of files and rows they share. Limits: reads nothing.
import { createHash } from 'node:crypto';
import type { RunDetail } from '../../shared/contract/entities.ts';
import type { ScoredEvent } from '../../shared/labels/events.ts';
import type { EventRule } from '../../shared/labels/types.ts';

export interface ExportVideo {
  id: number;
  /** Path below the import folder, with `/`. */
  relPath: string;
  /** SHA-256 over size, first and last MiB of the file; null for a video known by its features only. */
  fingerprint: string | null;
  /** N. */
  frames: number;
  fpsNum: number;
  fpsDen: number;
  /** Picture as shown, in pixels; null for a video known by its features only. */
  size: { width: number; height: number } | null;
  /** Start of a frame in seconds of media time, of frame N the end; null without a frame table. */
  secondsAt: ((frame: number) => number) | null;
  /** One per segment, `[T]`; T is that of the features. */
  scores: Float32Array;
  /** Pseudo-labels, 0 or 1, `[T]`. */
  labels: Uint8Array;
  videoLabel: number | null;
  /** Events under the rule, ascending. */
  events: ScoredEvent[];
}

export interface ExportData {
  appVersion: string;
  project: { id: string; name: string };
  run: Pick<
    RunDetail,
    | 'id'
    | 'name'
    | 'method'
    | 'seed'
    | 'device'
    | 'createdAt'
    | 'finishedAt'
    | 'config'
    | 'notes'
    | 'provenance'
  >;
  rule: EventRule;
  /** In the order of the export. */
  videos: ExportVideo[];
}

export interface ExportedFile {
  /** Relative, with `/`. */
  name: string;
  bytes: Uint8Array;
  /** What the format cannot express, as sentences; they go into the manifest and are shown to the person. */
  notes?: readonly string[];
  /** How the file counts frames or time, and what the reading tool needs, in a sentence for the manifest. */
  convention?: string;
}

const encoder = new TextEncoder();

/** A text file in UTF-8, without a byte order mark. */
export function textFile(name: string, text: string): ExportedFile {
  return { name, bytes: encoder.encode(text) };
}

/** The path without what a file name may not hold or what would lead out of the folder. */
function safePath(relPath: string): string {
  const parts = relPath.split(/[\\/]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return parts.map((part) => part.replace(/[<>:"|?*\u0000-\u001f]/g, '_')).join('/');
}

/**
 * File names for the videos, without extension, in their order: `test/01` for `test/01.mp4`. Where two videos would get
 * the same name they keep their extensions, and a number if even that is the same.
 */
export function fileStems(videos: readonly Pick<ExportVideo, 'relPath'>[]): string[] {
  const paths = videos.map((video) => safePath(video.relPath) || 'video');
  const stems = paths.map((path) => path.replace(/(?<=[^/])\.[^./]*$/, ''));
  const count = (names: string[]) => {
    const seen = new Map<string, number>();
    for (const name of names) seen.set(name.toLowerCase(), (seen.get(name.toLowerCase()) ?? 0) + 1);
    return seen;
  };
  const sharing = count(stems);
  const taken = new Set<string>();
  return stems.map((stem, i) => {
    const wanted = sharing.get(stem.toLowerCase()) === 1 ? stem : paths[i];
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** The same event of the same run has the same id in every export: a UUID (version 8) made of its SHA-256. */
export function eventId(data: ExportData, videoId: number, event: { start: number; end: number }): string {
  const name = [data.project.id, data.run.id, videoId, event.start, event.end].join('/');
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
