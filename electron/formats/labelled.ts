// Labels of videos as the published formats know them: a name, a class and frame ranges.
// Role: the plain data that those writers take and readers give, and how an export becomes it. Limits: one class per
// video, that of its longest event.
import { AppError } from '../../shared/errors.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { ANOMALY, classOf, type ExportData, type ExportEvent, type ExportVideo } from './data.ts';
import { someOf } from './lines.ts';

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

/** The class of the longest event, of equal ones the earlier. */
function videoClass(events: readonly ExportEvent[]): string {
  const longest = events.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a));
  const name = classOf(longest);
  return name === NORMAL ? ANOMALY : name;
}

/** A sentence that names the videos with events of several classes, for formats with one class per video. */
export function classNotes({ videos }: ExportData, format: string): string[] {
  const several = videos.filter((video) => new Set(video.events.map(classOf)).size > 1);
  if (several.length === 0) return [];
  return [
    `${format} holds one class per video; that of the longest event is written for: ${someOf(several.map((video) => video.relPath))}.`,
  ];
}

/** The events as labels, in the order of the export. */
export function labelledVideos({ videos }: ExportData): LabelledVideo[] {
  const names = videoNames(videos);
  return videos.map(({ frames, events }, v) => ({
    name: names[v],
    class: events.length > 0 ? videoClass(events) : NORMAL,
    frames,
    events: events.map(({ start, end }) => ({ start, end })),
  }));
}
