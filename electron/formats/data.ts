// What every writer of labels gets: one run with its rule and videos, as plain data.
// Role: the common input of the writers, and the names of files and rows they share. Limits: reads nothing.
import { createHash } from 'node:crypto';
import type { RunDetail } from '../../shared/contract/entities.ts';
import type { EventRule, FrameRange } from '../../shared/labels/types.ts';

/** Who says so: a run under its rule, a rule over many events, a person, ground truth, or labels imported from elsewhere. */
export type Layer = 'model' | 'rule' | 'human' | 'truth' | 'imported';

export interface ExportEvent extends FrameRange {
  /** Highest segment score inside; null for labels that come without scores. */
  max: number | null;
  /** Mean score of its frames. */
  mean: number | null;
  /** Score that a tenth of its frames stay below. */
  p10?: number | null;
  /** Mean uncertainty of its segments; null where the method gives none. */
  uncertainty?: number | null;
  /** Absent: `Anomaly`, as a run says it. */
  class?: string;
  /** Absent: `model`. */
  layer?: Layer;
  verdict?: 'accepted' | 'rejected' | 'edited' | 'unsure' | 'unreviewed';
  verdictBy?: string | null;
  /** Milliseconds since 1970 UTC. */
  verdictAt?: number | null;
  /** The machine's event that a person's comes from, and how far its edges were moved. Frames. */
  parent?: FrameRange | null;
  note?: string | null;
  /** How many methods label at least half of it; null or absent where none ran. */
  agreeMethods?: number | null;
}

/** The class of an event of a run. */
export const ANOMALY = 'Anomaly';
export const classOf = (event: Pick<ExportEvent, 'class'>): string => event.class ?? ANOMALY;
export const layerOf = (event: Pick<ExportEvent, 'layer'>): Layer => event.layer ?? 'model';

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
  /** Ascending by start; those of a run never touch, those of people and files may overlap. */
  events: ExportEvent[];
  /** One per segment, `[T]`; null where the method gives none. */
  uncertainty?: Float32Array | null;
  /** What people say about each segment, `[T]`: 1 anomalous, 0 normal, -1 nothing. */
  humanLabels?: Int8Array;
  /** The stored features the labels belong to; absent without. */
  features?: StoredFile;
  /** The rule that held for this video, where it is another than that of the run. */
  rule?: EventRule;
  /** Frames that a person took out: neither normal nor anomalous. */
  ignore?: FrameRange[];
  /** Scores of other methods by their name, `[T]`; null where one does not hold the video with these segments. */
  otherScores?: Record<string, Float32Array | null>;
  /** The scores as probabilities, `[T]`; null or absent without a calibration. */
  probabilities?: Float32Array | null;
  /** Probability with which each segment came into the random samples that count, `[T]`; null where it did not. */
  inclusion?: (number | null)[] | null;
}

/** One change out of the log of a project; several of one step share `seq`. */
export interface AuditChange {
  seq: number;
  /** Milliseconds since 1970 UTC. */
  at: number;
  actor: string;
  action: string;
  /** What kind of thing was changed. */
  entity: string;
  /** As JSON; null: it was not there. */
  before: string | null;
  after: string | null;
}

export interface ExportData {
  appVersion: string;
  project: { id: string; name: string };
  /** Where the labels come from, in words: the name of the run, `Ground truth`, the name of a layer. */
  title: string;
  source: 'run' | 'inUse' | 'truth' | 'layer';
  /** The run that gave the scores; null for labels without a run. */
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
  > | null;
  /** Of the run, as it was when the labels were; null without one. */
  rule: EventRule | null;
  /** What was changed in the project, oldest first; absent where it is not asked for. */
  audit?: AuditChange[];
  /** Methods with `otherScores`. */
  otherMethods?: string[];
  /** In the order of the export. */
  videos: ExportVideo[];
}

/** A file of the project that is copied as it is. */
export interface StoredFile {
  /** Absolute path. */
  path: string;
  bytes: number;
  sha256: string;
}

export interface ExportedFile {
  /** Relative, with `/`. */
  name: string;
  /** Empty where `stored` is. */
  bytes: Uint8Array;
  /** Copied instead of `bytes`. */
  stored?: StoredFile;
  /** What the format cannot express, as sentences; they go into the manifest and are shown to the person. */
  notes?: readonly string[];
  /** How the file counts frames or time, and what the reading tool needs, in a sentence for the manifest. */
  convention?: string;
}

const encoder = new TextEncoder();

/** Size and hash of a file. */
export function fileFacts({ bytes, stored }: ExportedFile): { bytes: number; sha256: string } {
  if (stored) return { bytes: stored.bytes, sha256: stored.sha256 };
  return { bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

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
export function eventId(
  data: ExportData,
  videoId: number,
  event: { start: number; end: number; class?: string },
): string {
  const source = data.run?.id ?? data.title;
  const name = [
    data.project.id,
    source,
    videoId,
    event.start,
    event.end,
    ...(event.class ? [event.class] : []),
  ].join('/');
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
