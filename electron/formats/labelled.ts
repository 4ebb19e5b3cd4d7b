// Labels of videos as the published formats know them: a name, a class and frame ranges.
// Role: the plain data that those writers take and readers give, and how a run becomes it. Limits: a run knows no
// classes; every event of it gets the class `Anomaly`.
import { AppError } from '../../shared/errors.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import type { ExportData, ExportVideo } from './data.ts';

export interface LabelledVideo {
  /** Without extension. */
  name: string;
  /** `Normal` for a video without events. */
  class: string;
  /** N. */
  frames: number;
  /** 0-based, half-open; formats that keep a list keep order and overlaps. */
  events: FrameRange[];
}

/** A text and, as sentences, what of the input is not in it. */
export interface Written {
  text: string;
  notes: string[];
}

export const NORMAL = 'Normal';
/** The class of every event of a run. */
export const ANOMALY = 'Anomaly';

/**
 * @throws AppError `bad_input` for an empty event or one outside of its video, `conflict` for a name that two videos
 *   have: neither is a label in any format.
 */
export function requireLabels(videos: readonly Pick<LabelledVideo, 'name' | 'frames' | 'events'>[]): void {
  const names = new Set<string>();
  for (const { name, frames, events } of videos) {
    if (names.has(name)) {
      throw new AppError('conflict', `Two videos are named "${name}". Give one of them another name.`, {
        name,
      });
    }
    names.add(name);
    for (const { start, end } of events) {
      if (Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= frames)
        continue;
      throw new AppError(
        'bad_input',
        `${name}: [${start}, ${end}) is not a range of its ${frames} frames. Correct the event.`,
        { video: name, start, end, frames },
      );
    }
  }
}

/**
 * Names for the videos, without extension: those of the files if they all differ, else the paths, and the paths with
 * extension if even those are shared. Nothing in a name is replaced.
 */
export function videoNames(videos: readonly Pick<ExportVideo, 'relPath'>[]): string[] {
  const paths = videos.map((video) => video.relPath);
  const stems = paths.map((path) => path.replace(/(?<=[^/])\.[^./]*$/, ''));
  const names = stems.map((stem) => stem.replace(/^.*\//, ''));
  return [names, stems].find((choice) => new Set(choice).size === choice.length) ?? paths;
}

/** The events of a run as labels, in the order of the export. */
export function labelledVideos({ videos }: ExportData): LabelledVideo[] {
  const names = videoNames(videos);
  return videos.map(({ frames, events }, v) => ({
    name: names[v],
    class: events.length > 0 ? ANOMALY : NORMAL,
    frames,
    events: events.map(({ start, end }) => ({ start, end })),
  }));
}
