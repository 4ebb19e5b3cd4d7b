// Boxes and poses over the picture. Role: draws the objects of one frame. Limits: no state; coordinates are pixels of the
// video, `place` says where its picture lies on the canvas.
import {
  COCO_JOINTS,
  type Detections,
  objectsOfFrame,
  valuesPerObject,
} from '../../shared/labels/detections.ts';
import type { Palette } from '../styles/palette.ts';

/** Where the picture lies, in CSS pixels. */
export interface PicturePlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The largest rectangle of the picture's shape inside a box, centred: `object-fit: contain`. */
export function contained(
  boxWidth: number,
  boxHeight: number,
  pictureWidth: number,
  pictureHeight: number,
): PicturePlace {
  if (pictureWidth <= 0 || pictureHeight <= 0) return { x: 0, y: 0, width: boxWidth, height: boxHeight };
  const scale = Math.min(boxWidth / pictureWidth, boxHeight / pictureHeight);
  const [width, height] = [pictureWidth * scale, pictureHeight * scale];
  return { x: (boxWidth - width) / 2, y: (boxHeight - height) / 2, width, height };
}

/** Pairs of COCO keypoints that a line joins: head, shoulders, arms, trunk, legs. */
const LIMBS = [
  [0, 1],
  [0, 2],
  [1, 3],
  [2, 4],
  [5, 6],
  [5, 7],
  [7, 9],
  [6, 8],
  [8, 10],
  [5, 11],
  [6, 12],
  [11, 12],
  [11, 13],
  [13, 15],
  [12, 14],
  [14, 16],
] as const;
/** Keypoints that the detector itself does not believe in are left out. */
const LEAST_CONFIDENCE = 0.2;

/** Draws the objects of `frame`. @param video size in pixels of what the coordinates are about */
export function paintObjects(
  c: CanvasRenderingContext2D,
  detections: Detections,
  frame: number,
  place: PicturePlace,
  video: { width: number; height: number },
  palette: Palette,
  font: string,
): void {
  const { from, to } = objectsOfFrame(detections, frame);
  const width = valuesPerObject(detections.kind);
  const sx = place.width / Math.max(1, video.width);
  const sy = place.height / Math.max(1, video.height);
  const px = (x: number) => place.x + x * sx;
  const py = (y: number) => place.y + y * sy;
  c.save();
  c.beginPath();
  c.rect(place.x, place.y, place.width, place.height);
  c.clip();
  c.lineWidth = 1.5;
  c.strokeStyle = palette.colour('pic-hot');
  c.fillStyle = palette.colour('pic-hot');
  for (let n = from; n < to; n++) {
    const value = (i: number) => detections.values[n * width + i];
    if (detections.kind === 'boxes') {
      const [x, y] = [px(value(0)), py(value(1))];
      c.strokeRect(x, y, px(value(2)) - x, py(value(3)) - y);
      paintTag(c, tagOf(detections.tracks[n], value(4)), x, y, palette, font);
      continue;
    }
    const seen = (joint: number) => value(3 * joint + 2) >= LEAST_CONFIDENCE;
    c.beginPath();
    for (const [a, b] of LIMBS) {
      if (!seen(a) || !seen(b)) continue;
      c.moveTo(px(value(3 * a)), py(value(3 * a + 1)));
      c.lineTo(px(value(3 * b)), py(value(3 * b + 1)));
    }
    c.stroke();
    for (let joint = 0; joint < COCO_JOINTS; joint++) {
      if (!seen(joint)) continue;
      c.beginPath();
      c.arc(px(value(3 * joint)), py(value(3 * joint + 1)), 2, 0, 2 * Math.PI);
      c.fill();
    }
  }
  c.restore();
}

const tagOf = (track: number, confidence: number): string =>
  track >= 0 ? `#${track}` : confidence.toFixed(2).replace(/^0/, '');

function paintTag(
  c: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  palette: Palette,
  font: string,
): void {
  c.save();
  c.font = `500 10px ${font}`;
  c.textBaseline = 'middle';
  const width = c.measureText(text).width + 6;
  const top = y >= 14 ? y - 14 : y;
  c.fillStyle = palette.colour('pic-plate');
  c.fillRect(x - 0.75, top, width, 13);
  c.fillStyle = palette.colour('pic-ink');
  c.fillText(text, x + 2, top + 7);
  c.restore();
}
