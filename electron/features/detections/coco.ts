// COCO-style JSON: data sets (images and annotations) and lists of results, as AlphaPose and detectors write them.
// Role: parsed JSON in, boxes and poses by video out. Limits: of larger skeletons that begin with COCO's 17 keypoints
// (Halpe, whole body) only these are taken; masks and classes are not looked at.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { COCO_JOINTS, type Detected } from '../../../shared/labels/detections.ts';
import { joinTracks } from './tracks.ts';
import type { DetectionContents } from './types.ts';

/** Joints of the skeletons whose first 17 are COCO's: COCO, Halpe 26, COCO whole body, Halpe 136. */
const SKELETONS = [COCO_JOINTS, 26, 133, 136];

const label = z.union([z.int(), z.string()]);
const object = z.object({
  image_id: label,
  /** x, y, width, height in pixels. */
  bbox: z.array(z.number()).length(4).nullish(),
  keypoints: z.array(z.number()).nullish(),
  score: z.number().nullish(),
  track_id: z.int().nullish(),
  /** Track in AlphaPose's results; a list where it merges poses. */
  idx: z.union([z.number(), z.array(z.unknown())]).nullish(),
});
const results = z.array(object);
const dataSet = z.object({
  images: z.array(
    z.object({
      id: label,
      file_name: z.string(),
      video_id: label.nullish(),
      frame_id: z.int().nonnegative().nullish(),
    }),
  ),
  annotations: z.array(object),
  videos: z
    .array(z.object({ id: label, name: z.string().nullish(), file_name: z.string().nullish() }))
    .nullish(),
});
type CocoObject = z.infer<typeof object>;

/** Whether a JSON value looks like one of the two. */
export function isCoco(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && 'images' in value && 'annotations' in value;
}

/** Video and frame of a picture's name: `01_0014/000123.jpg` is frame 123 of `01_0014`; `14.jpg` and 14 are frame 14. */
function placeOf(name: string, file: string): { key: string; frame: number } {
  const slash = name.lastIndexOf('/');
  const digits = /(\d+)(?:\.\w+)?$/.exec(name.slice(slash + 1));
  if (!digits)
    throw new AppError('bad_input', `${file}: the picture "${name}" has no frame number in its name.`, {
      file,
    });
  return { key: slash < 0 ? '' : name.slice(0, slash), frame: Number(digits[1]) };
}

function poseOf({ keypoints, score }: CocoObject, file: string): number[] | null {
  if (!keypoints || keypoints.length === 0) return null;
  if (!SKELETONS.includes(keypoints.length / 3)) {
    throw new AppError(
      'bad_input',
      `${file}: a pose has ${keypoints.length} numbers; ${3 * COCO_JOINTS} are needed, x, y and confidence of ${COCO_JOINTS} keypoints in COCO order.`,
      { file },
    );
  }
  return [...keypoints.slice(0, 3 * COCO_JOINTS), score ?? 0];
}

const trackOf = ({ track_id: track, idx }: CocoObject): number =>
  track ?? (typeof idx === 'number' ? Math.trunc(idx) : -1);

/**
 * Boxes and poses of COCO-style JSON. Poses without tracks are joined into persons by overlap, because pose segments
 * follow one person.
 * @throws AppError `bad_input` naming what does not fit
 */
export function readCoco(value: unknown, file: string, firstFrame: 0 | 1 | null): DetectionContents {
  const parsed = Array.isArray(value) ? results.safeParse(value) : dataSet.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError(
      'bad_input',
      `${file} is no COCO-style file of boxes or poses: ${issue.path.join(' / ')} ${issue.message}.`,
      { file, path: issue.path.map(String) },
    );
  }
  const isList = Array.isArray(parsed.data);
  const list = Array.isArray(parsed.data) ? parsed.data : parsed.data.annotations;
  const places = new Map<string, { key: string; frame: number }>();
  if (!Array.isArray(parsed.data)) {
    const names = new Map(
      parsed.data.videos?.map((v) => [String(v.id), v.name ?? v.file_name ?? String(v.id)]),
    );
    for (const image of parsed.data.images) {
      const place =
        image.frame_id == null ? placeOf(image.file_name, file) : { key: '', frame: image.frame_id };
      const video =
        image.video_id == null ? null : (names.get(String(image.video_id)) ?? String(image.video_id));
      const folder = image.file_name.includes('/')
        ? image.file_name.slice(0, image.file_name.lastIndexOf('/'))
        : '';
      places.set(String(image.id), { frame: place.frame, key: video ?? folder });
    }
  }
  const videos = new Map<string, { boxes: Detected[]; poses: Detected[] }>();
  // A picture without objects was looked at too.
  for (const { key } of places.values()) videos.set(key, { boxes: [], poses: [] });
  let hasBoxes = false;
  let hasPoses = false;
  for (const item of list) {
    const place = places.get(String(item.image_id)) ?? (isList ? placeOf(String(item.image_id), file) : null);
    if (!place)
      throw new AppError('bad_input', `${file}: an annotation names the unknown image ${item.image_id}.`, {
        file,
      });
    const frame = place.frame - (firstFrame ?? 0);
    if (frame < 0) {
      throw new AppError('bad_input', `${file} counts frames from 0: it has a frame ${place.frame}.`, {
        file,
      });
    }
    const video = videos.get(place.key) ?? { boxes: [], poses: [] };
    videos.set(place.key, video);
    const track = trackOf(item);
    const pose = poseOf(item, file);
    if (pose) {
      video.poses.push({ frame, track, values: pose });
      hasPoses = true;
    }
    if (item.bbox && item.bbox[2] > 0 && item.bbox[3] > 0) {
      const [x, y, width, height] = item.bbox;
      // The score of a pose is not one of its box, and may be above 1.
      const confidence = pose ? 1 : (item.score ?? 1);
      video.boxes.push({ frame, track, values: [x, y, x + width, y + height, confidence] });
      hasBoxes = true;
    }
  }
  if (!hasBoxes && !hasPoses) {
    throw new AppError('bad_input', `${file} holds neither boxes ("bbox") nor poses ("keypoints").`, {
      file,
    });
  }
  const notes: string[] = [];
  const entries: DetectionContents['entries'] = [];
  for (const [key, { boxes, poses }] of videos) {
    if (hasBoxes) entries.push({ key, kind: 'boxes', objects: boxes });
    if (!hasPoses) continue;
    const untracked = poses.some(({ track }) => track < 0);
    entries.push({ key, kind: 'poses', objects: untracked ? joinTracks(poses) : poses });
    if (untracked)
      notes.push(
        `${key || file}: the poses have no track numbers; they were joined into persons where they overlap.`,
      );
  }
  return { entries, notes };
}
