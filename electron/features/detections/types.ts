// What readers of boxes and poses hand on. Role: the shape. Limits: no behaviour.
import type { Detected, DetectionKind } from '../../../shared/labels/detections.ts';

/** Objects of one video as a file names it. */
export interface DetectionEntry {
  /** Name of the video in the file, with folders where it gives them; '' where only the name of the file can tell. */
  key: string;
  kind: DetectionKind;
  objects: Detected[];
}

export interface DetectionContents {
  entries: DetectionEntry[];
  /** What was made of the file where it left room, as sentences. */
  notes: string[];
}
