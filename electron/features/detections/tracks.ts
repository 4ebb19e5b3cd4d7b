// Persons from poses without track numbers. Role: joins the poses of neighbouring frames that overlap most.
// Limits: greedy and by place alone; who crosses somebody else may be taken for them. Trackers do better.
import { COCO_JOINTS, type Detected } from '../../../shared/labels/detections.ts';

/** Boxes that overlap less are different persons (share of the union). */
const LEAST_OVERLAP = 0.3;
/** Somebody may be missing for so many frames. */
const GAP = 2;

type Box = [number, number, number, number];

/** The box around the keypoints that were found. */
function boxOf(values: ArrayLike<number>): Box {
  const box: Box = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let j = 0; j < COCO_JOINTS; j++) {
    if (!(values[3 * j + 2] > 0)) continue;
    for (const axis of [0, 1]) {
      box[axis] = Math.min(box[axis], values[3 * j + axis]);
      box[axis + 2] = Math.max(box[axis + 2], values[3 * j + axis]);
    }
  }
  return box;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (!(width > 0 && height > 0)) return 0;
  const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** The same poses with track numbers from 0 on. @param poses of one video, in any order. */
export function joinTracks(poses: readonly Detected[]): Detected[] {
  const frames = Map.groupBy(
    poses.toSorted((a, b) => a.frame - b.frame),
    ({ frame }) => frame,
  );
  let open: { track: number; box: Box; frame: number }[] = [];
  let next = 0;
  const joined: Detected[] = [];
  for (const [frame, here] of frames) {
    open = open.filter((track) => frame - track.frame <= GAP + 1);
    const boxes = here.map(({ values }) => boxOf(values));
    const pairs = open
      .flatMap((track) => boxes.map((box, i) => ({ track, i, share: overlap(track.box, box) })))
      .filter(({ share }) => share >= LEAST_OVERLAP)
      .sort((a, b) => b.share - a.share);
    const taken = new Map<number, { track: number; box: Box; frame: number }>();
    const used = new Set<object>();
    for (const { track, i } of pairs) {
      if (taken.has(i) || used.has(track)) continue;
      taken.set(i, track);
      used.add(track);
    }
    for (const [i, pose] of here.entries()) {
      let track = taken.get(i);
      if (!track) {
        track = { track: next++, box: boxes[i], frame };
        open.push(track);
      }
      track.box = boxes[i];
      track.frame = frame;
      joined.push({ ...pose, track: track.track });
    }
  }
  return joined;
}
