// Pose files of AlphaPose with tracking, as STG-NF publishes them (methods.md 5.6).
// Role: one JSON file of one video in, persons with their detections in frame order out. Limits: reads no images and tracks
// nobody.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { COCO_JOINTS } from '../../../shared/labels/detections.ts';

const MAX_PERSONS = 100_000;
/** Frames of a video, as a limit for frame numbers: eleven days at 100 frames a second. */
const MAX_FRAME = 1e8;

/** Detections of one person, in frame order. */
export interface PosePerson {
  id: number;
  /** Frame numbers, 0-based, ascending, each once. `[t]`. */
  frames: Int32Array;
  /** x, y in pixels and confidence of each COCO keypoint. `[t, 17, 3]`. */
  keypoints: Float32Array;
  /** Person score of each detection, 0 where the file has none. `[t]`. */
  scores: Float64Array;
}

const detection = z.object({
  keypoints: z.array(z.number()).length(3 * COCO_JOINTS, `must be ${3 * COCO_JOINTS} numbers`),
  scores: z.number().nullish(),
});
const wholeNumber = z.string().regex(/^\d{1,9}$/, 'must be a whole number');
const track = z.record(wholeNumber, detection);
const poseFile = z.record(wholeNumber, z.union([track, z.array(track)]));

type Track = z.infer<typeof track>;

/** Of a union the branch that got furthest into the file, so that the error names the keypoint and not the person. */
function deepest(
  issue: z.core.$ZodIssue,
  path: PropertyKey[] = [],
): { path: PropertyKey[]; message: string } {
  const here = { path: [...path, ...issue.path], message: issue.message };
  if (issue.code === 'invalid_key') return { ...here, message: issue.issues[0].message };
  if (issue.code !== 'invalid_union') return here;
  return issue.errors
    .flat()
    .map((inner) => deepest(inner, here.path))
    .reduce((best, next) => (next.path.length > best.path.length ? next : best), here);
}

function person(id: string, tracks: readonly Track[], name: string): PosePerson {
  const detections = new Map<number, z.infer<typeof detection>>();
  for (const part of tracks)
    for (const [frame, found] of Object.entries(part)) detections.set(Number(frame), found);
  const frames = Int32Array.from(detections.keys()).sort();
  if (frames.length > 0 && frames[frames.length - 1] > MAX_FRAME) {
    throw new AppError('bad_input', `${name}: person ${id} has a frame number above ${MAX_FRAME}.`, {
      name,
      id,
    });
  }
  const keypoints = new Float32Array(frames.length * 3 * COCO_JOINTS);
  for (const [i, frame] of frames.entries())
    keypoints.set(detections.get(frame)!.keypoints, i * 3 * COCO_JOINTS);
  return {
    id: Number(id),
    frames,
    keypoints,
    scores: Float64Array.from(frames, (frame) => detections.get(frame)!.scores ?? 0),
  };
}

/**
 * Persons of a pose file, in numeric order of their ids. A person whose detections come in several pieces is put together;
 * where pieces share a frame, the later one counts.
 * @param text JSON: person -> frame -> `{keypoints, scores}`. @param name names the file in errors.
 * @throws AppError `damaged` for text that is no JSON, `bad_input` naming the person and frame that do not fit.
 */
export function parsePoses(text: string, name: string): PosePerson[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (thrown) {
    throw new AppError('damaged', `${name} is not readable JSON. Export the poses again.`, { name }, thrown);
  }
  return personsFrom(raw, name);
}

/** As {@link parsePoses}, of JSON that is parsed already. @throws AppError `bad_input` */
export function personsFrom(raw: unknown, name: string): PosePerson[] {
  const parsed = poseFile.safeParse(raw);
  if (!parsed.success) {
    const { path, message } = deepest(parsed.error.issues[0]);
    const [id, ...inside] = path.map(String);
    const place = [`person ${id}`, ...(inside.length > 0 ? [`at ${inside.join(' / ')}`] : [])].join(', ');
    const where = id === undefined ? '' : ` (${place})`;
    throw new AppError(
      'bad_input',
      `${name} is not a pose file of AlphaPose with tracking${where}: ${message}. It should hold, for each person and frame, ${3 * COCO_JOINTS} numbers as "keypoints" and a number as "scores".`,
      { name, path: path.map(String) },
    );
  }
  const persons = Object.entries(parsed.data);
  if (persons.length > MAX_PERSONS) {
    throw new AppError(
      'bad_input',
      `${name} names ${persons.length} persons; at most ${MAX_PERSONS} are read from one file. Split the video.`,
      { name },
    );
  }
  return persons
    .map(([id, tracks]) => person(id, Array.isArray(tracks) ? tracks : [tracks], name))
    .sort((a, b) => a.id - b.id);
}
