// What is seen in the frames of a video: boxes of objects, or poses of persons. Frames are 0-based.
// Role: the layout in which detections are stored and served, and look-ups by frame. Limits: pure data, no drawing; who
// found the objects, and whether they found them all, is not said.
//
// Layout, little endian, all parts of 4 bytes: magic, kind (0 boxes, 1 poses), first frame, frames F, objects N, values per
// object W, 0, 0; uint32 `[F + 1]`: objects of frame `first + i` are numbers [starts[i], starts[i + 1]); int32 `[N]`: track
// (person) each belongs to, -1 where it is not known; float32 `[N, W]`.
import { AppError } from '../errors.ts';

export type DetectionKind = 'boxes' | 'poses';
export const DETECTION_KINDS: readonly DetectionKind[] = ['boxes', 'poses'];

/** x1, y1, x2, y2 in pixels of the picture, and confidence in [0, 1]. */
export const BOX_VALUES = 5;
/** Keypoints in COCO order: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles, left before right. */
export const COCO_JOINTS = 17;
/** x, y in pixels and confidence of each COCO keypoint, then the person's score. */
export const POSE_VALUES = 3 * COCO_JOINTS + 1;

export const valuesPerObject = (kind: DetectionKind): number => (kind === 'boxes' ? BOX_VALUES : POSE_VALUES);

export interface Detections {
  kind: DetectionKind;
  /** The frame that `starts[0]` is about. */
  first: number;
  /** `[F + 1]`. */
  starts: Uint32Array;
  /** Track of each object, -1: not known. `[N]`. */
  tracks: Int32Array;
  /** `[N, W]`, W = 5 (boxes) or 52 (poses). */
  values: Float32Array;
}

export const DETECTIONS_HEADER = 32;
const MAGIC = 0x31445a4c; // 'LZD1'

/** What the first 32 bytes say. */
export interface DetectionsHeader {
  kind: DetectionKind;
  first: number;
  frames: number;
  objects: number;
}

const damaged = (): AppError =>
  new AppError('damaged', 'The stored boxes or poses are damaged. Import them again.');

/** Reads the header. @throws AppError `damaged` when it is not one. */
export function readDetectionsHeader(bytes: Uint8Array): DetectionsHeader {
  if (bytes.byteLength < DETECTIONS_HEADER) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, DETECTIONS_HEADER);
  const word = (i: number): number => view.getUint32(4 * i, true);
  const kind = DETECTION_KINDS[word(1)];
  if (word(0) !== MAGIC || kind === undefined || word(5) !== valuesPerObject(kind)) throw damaged();
  return { kind, first: word(2), frames: word(3), objects: word(4) };
}

/** Where the parts lie in the bytes, and how many there are. */
export function detectionsParts({ kind, frames, objects }: DetectionsHeader): {
  starts: number;
  tracks: number;
  values: number;
  end: number;
} {
  const tracks = DETECTIONS_HEADER + 4 * (frames + 1);
  const values = tracks + 4 * objects;
  return { starts: DETECTIONS_HEADER, tracks, values, end: values + 4 * objects * valuesPerObject(kind) };
}

/** Brings detections into the layout of this file. */
export function encodeDetections({
  kind,
  first,
  starts,
  tracks,
  values,
}: Detections): Uint8Array<ArrayBuffer> {
  const header = { kind, first, frames: starts.length - 1, objects: tracks.length };
  const parts = detectionsParts(header);
  const bytes = new Uint8Array(parts.end);
  const words = [
    MAGIC,
    DETECTION_KINDS.indexOf(kind),
    first,
    header.frames,
    header.objects,
    valuesPerObject(kind),
    0,
    0,
  ];
  new Uint32Array(bytes.buffer, 0, 8).set(words);
  new Uint32Array(bytes.buffer, parts.starts, starts.length).set(starts);
  new Int32Array(bytes.buffer, parts.tracks, tracks.length).set(tracks);
  new Float32Array(bytes.buffer, parts.values, values.length).set(values);
  return bytes;
}

/** Reads {@link encodeDetections}' layout. @throws AppError `damaged` when the bytes are not whole. */
export function decodeDetections(bytes: Uint8Array): Detections {
  const header = readDetectionsHeader(bytes);
  const parts = detectionsParts(header);
  if (bytes.byteLength !== parts.end) throw damaged();
  const { buffer } = Uint8Array.from(bytes); // aligned; slice() of a Node Buffer would be a view of a shared pool
  return {
    kind: header.kind,
    first: header.first,
    starts: new Uint32Array(buffer, parts.starts, header.frames + 1),
    tracks: new Int32Array(buffer, parts.tracks, header.objects),
    values: new Float32Array(buffer, parts.values, header.objects * valuesPerObject(header.kind)),
  };
}

/** Numbers [from, to) of the objects of a frame; none for a frame outside of what these detections hold. */
export function objectsOfFrame({ first, starts }: Detections, frame: number): { from: number; to: number } {
  const i = frame - first;
  return i >= 0 && i + 1 < starts.length ? { from: starts[i], to: starts[i + 1] } : { from: 0, to: 0 };
}

/** One object of a frame, before it has its place. */
export interface Detected {
  frame: number;
  /** -1: not known. */
  track: number;
  /** 5 (boxes) or 52 (poses) numbers. */
  values: ArrayLike<number>;
}

/** Puts objects in order of frames (within a frame as given) and counts from frame 0 to the last one that holds any. */
export function gatherDetections(kind: DetectionKind, objects: readonly Detected[]): Detections {
  const sorted = objects.toSorted((a, b) => a.frame - b.frame);
  const frames = sorted.length === 0 ? 0 : sorted[sorted.length - 1].frame + 1;
  const starts = new Uint32Array(frames + 1);
  for (const { frame } of sorted) starts[frame + 1]++;
  for (let i = 0; i < frames; i++) starts[i + 1] += starts[i];
  const width = valuesPerObject(kind);
  const values = new Float32Array(sorted.length * width);
  for (const [i, object] of sorted.entries()) values.set(object.values, i * width);
  return { kind, first: 0, starts, tracks: Int32Array.from(sorted, ({ track }) => track), values };
}

/** How many frames hold at least one object. */
export function framesWithObjects({ starts }: Detections): number {
  let count = 0;
  for (let i = 0; i + 1 < starts.length; i++) if (starts[i + 1] > starts[i]) count++;
  return count;
}
