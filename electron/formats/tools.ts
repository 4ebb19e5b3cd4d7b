// What the writers for annotation tools share: the videos they can take, titles and times of events, and what is told.
// Role: one answer to each for all tools. Limits: knows no format.
import {
  ANOMALY,
  classOf,
  type ExportData,
  type ExportEvent,
  type ExportedFile,
  type ExportVideo,
  fileStems,
  layerOf,
  textFile,
} from './data.ts';
import { someOf } from './lines.ts';
import { nearestEdge } from './resolve.ts';

/** A video that tools can show: its timestamps and its picture are known. */
export interface ShownVideo extends ExportVideo {
  /** Name of its own file, without extension. */
  stem: string;
  secondsAt: (frame: number) => number;
  size: { width: number; height: number };
}

/**
 * The videos a tool can show, and a sentence that names the others.
 * @param tool as the sentence calls it.
 */
export function shownVideos({ videos }: ExportData, tool: string): { shown: ShownVideo[]; notes: string[] } {
  const stems = fileStems(videos);
  const shown: ShownVideo[] = [];
  const others: string[] = [];
  for (const [v, video] of videos.entries()) {
    const { secondsAt, size } = video;
    if (secondsAt && size) shown.push({ ...video, stem: stems[v], secondsAt, size });
    else others.push(video.relPath);
  }
  if (others.length === 0) return { shown, notes: [] };
  const why = 'known by features only, without timestamps and pictures';
  const sentence =
    shown.length === 0
      ? `${tool}: nothing could be written, because every video is ${why}.`
      : `${tool}: left out, because ${others.length === 1 ? 'it is' : 'they are'} ${why}: ${others.join(', ')}.`;
  return { shown, notes: [sentence] };
}

/**
 * Files with their notes on the first. Where no file could be written, a text file says why: an empty folder would not.
 * @param folder of the format.
 * @param convention of the files that have none of their own.
 * @param limit what the format never holds, in a sentence.
 */
export function withNotes(
  folder: string,
  files: readonly ExportedFile[],
  convention: string,
  notes: readonly string[],
  limit?: string,
): ExportedFile[] {
  if (files.length === 0) {
    const text = notes.map((note) => `${note}\n`).join('');
    return [{ ...textFile(`${folder}/not-written.txt`, text), notes }];
  }
  const all = limit === undefined ? notes : [...notes, limit];
  return files.map((file, i) => ({ convention, ...file, ...(i === 0 && { notes: all }) }));
}

/** A text on one line: breaks and other control characters become spaces. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ');
}

/** `Anomaly 0.93`: the class with the highest score of the event, where there is one. */
export function title(event: ExportEvent): string {
  const name = oneLine(classOf(event)).trim() || ANOMALY;
  return event.max === null ? name : `${name} ${event.max.toFixed(2)}`;
}

/** `Anomaly 0.93 (model)`: the title and who says so. */
export const titleWithLayer = (event: ExportEvent): string => `${title(event)} (${layerOf(event)})`;

/**
 * A sentence for formats whose times are too coarse for the frames of a video, naming the videos where an edge of an
 * event reads back as another frame.
 * @param written the time that the file has for a frame, in seconds
 */
export function coarseNotes(
  shown: readonly ShownVideo[],
  tool: string,
  written: (video: ShownVideo, event: ExportEvent) => readonly [number, number],
): string[] {
  const lost = shown.filter((video) =>
    video.events.some((event) => {
      const [start, end] = written(video, event);
      return (
        nearestEdge(start, video.secondsAt, video.frames) !== event.start ||
        nearestEdge(end, video.secondsAt, video.frames) !== event.end
      );
    }),
  );
  if (lost.length === 0) return [];
  return [
    `${tool}: frames are closer together than its times can tell, or start before zero, so edges come back as other frames: ${someOf(lost.map((video) => video.relPath))}.`,
  ];
}

/** A sentence for formats that need a confidence, where labels have none. */
export function scorelessNotes(videos: readonly Pick<ExportVideo, 'events'>[], tool: string): string[] {
  const bare = videos.reduce(
    (sum, { events }) => sum + events.filter((event) => event.max === null).length,
    0,
  );
  return bare === 0 ? [] : [`${tool}: ${bare} events have no score and are written with confidence 1.`];
}

/** Distinct classes of all events, in the order in which they appear. */
export function classesOf(videos: readonly Pick<ExportVideo, 'events'>[]): string[] {
  return [...new Set(videos.flatMap((video) => video.events.map(classOf)))];
}

/** Start and end in whole milliseconds of media time, not negative and at least one apart. */
export function milliseconds(video: ShownVideo, event: { start: number; end: number }): [number, number] {
  const at = (frame: number) => Math.max(0, Math.round(video.secondsAt(frame) * 1000));
  const start = at(event.start);
  return [start, Math.max(start + 1, at(event.end))];
}

/** `01:02:03.004`, with the given mark before the fraction and as many digits in it; hours grow beyond two digits. */
export function clock(seconds: number, mark: '.' | ',', digits: 3 | 6): string {
  const unit = 10 ** digits;
  const ticks = Math.round(Math.max(0, seconds) * unit);
  const whole = Math.floor(ticks / unit);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(':');
  return `${time}${mark}${String(ticks % unit).padStart(digits, '0')}`;
}

/** Frames per second as a number. */
export function rate({ fpsNum, fpsDen }: Pick<ExportVideo, 'fpsNum' | 'fpsDen'>): number {
  return Number((fpsNum / fpsDen).toFixed(5));
}

/**
 * A sentence for tools that compute frame numbers from a constant rate, naming the videos where an edge of an event would
 * come out at another frame.
 */
export function paceNotes(shown: readonly ShownVideo[], tool: string): string[] {
  const uneven = shown.filter(({ events, secondsAt, fpsNum, fpsDen }) =>
    events
      .flatMap(({ start, end }) => [start, end])
      .some(
        (frame) =>
          Math.abs(secondsAt(frame) - secondsAt(0) - (frame * fpsDen) / fpsNum) * fpsNum >= fpsDen / 2,
      ),
  );
  if (uneven.length === 0) return [];
  const names = uneven.map((video) => video.relPath).join(', ');
  return [
    `${tool} counts frames at a constant rate and will show the events at other frames, because the frame rate varies: ${names}.`,
  ];
}
