// Boxes and poses to videos. Role: which video each name in the files means, and the report of an import.
// Limits: names and lengths only; reading the files is the trainer's part.
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { type DetectionReport, detectionReport, type MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { DetectionKind } from '../../shared/labels/detections.ts';
import { type Meaning, matchInFile, type Named, stemOf } from '../../shared/labels/matching.ts';
import { videoOfFile } from '../features/detections/files.ts';
import { artifactPath } from '../files/atomic.ts';
import { methods } from '../methods/index.ts';
import type { Store } from '../store/store.ts';
import type { FoundDetections, TaskResult, TrainTask } from '../tasks/protocol.ts';

const REPORT = 'detections.report';

/** The name of an entry with the folders of its file: as much as there is to match by. */
function nameOf({ key, file }: FoundDetections): string {
  if (key === '') return videoOfFile(file);
  const folder = dirname(file);
  return folder === '.' ? key : `${folder}/${key}`;
}

/** One meaning per entry. Entries that only the name of their file can tell are matched with those of other such files. */
function meanings(
  found: readonly FoundDetections[],
  videos: readonly Named[],
  below: string | null,
): Meaning[] {
  const groups = Map.groupBy(found, ({ key, file, kind }) => `${kind}\n${key === '' ? '' : file}`);
  const result = new Map<FoundDetections, Meaning>();
  for (const group of groups.values()) {
    const names = group.map(nameOf);
    const { file } = group[0];
    const first = matchInFile(names, file, videos, below);
    // A name may end in the extension of the video.
    const second = matchInFile(names.map(stemOf), file, videos, below);
    for (const [i, entry] of group.entries())
      result.set(entry, first[i].videoId === null && second[i].videoId !== null ? second[i] : first[i]);
  }
  return found.map((entry) => result.get(entry)!);
}

/**
 * Stores what fits a video, in place of earlier detections of the same kind, and keeps the report.
 * @returns the report
 */
export function storeDetections(
  store: Store,
  jobId: number,
  files: number,
  { found, problems, notes }: Extract<TaskResult, { kind: 'detections' }>,
  below: string | null,
): DetectionReport {
  const matched: DetectionReport['matched'] = [];
  const unmatched: DetectionReport['unmatched'] = [];
  const taken = new Map<string, string>();
  for (const [i, meaning] of meanings(found, store.videos.named(), below).entries()) {
    const { key, file, kind, objects, frames, tracks, length, artifact } = found[i];
    const name = key || nameOf(found[i]);
    const refuse = (why: string): void => void unmatched.push({ key: name, file, why });
    if (meaning.videoId === null) {
      refuse(meaning.problem ?? 'No video of the project has this name.');
      continue;
    }
    const video = store.videos.get(meaning.videoId);
    const place = `${video.id} ${kind}`;
    const other = taken.get(place);
    if (other !== undefined) {
      refuse(`${video.relPath} has its ${kind} from ${other} already.`);
      continue;
    }
    if (length > video.frames) {
      const why =
        length === video.frames + 1
          ? 'If the file counts frames from 1, say so and import it again.'
          : 'This is another video, or another version of it.';
      refuse(
        `It goes up to frame ${length - 1}, and ${video.relPath} ends with frame ${video.frames - 1}. ${why}`,
      );
      continue;
    }
    taken.set(place, file);
    store.detections.put({ videoId: video.id, kind, objects, frames, tracks, source: file, ...artifact });
    matched.push({
      key: name,
      file,
      kind,
      objects,
      frames,
      tracks,
      source: file,
      videoId: video.id,
      relPath: video.relPath,
    });
  }
  const kinds = new Set(found.map(({ kind }) => kind));
  const without = store.detections
    .summary()
    .filter(({ kind }) => kinds.has(kind))
    .map(({ kind, without: videos }) => ({ kind, videos }));
  const report = { jobId, files, matched, unmatched, problems, notes, without };
  store.settings.set(REPORT, report);
  return report;
}

/** The report of a job, or the last one; null when it is not there (any more). */
export function lastDetectionReport(store: Store, jobId: number | null): DetectionReport | null {
  const { data } = detectionReport.safeParse(store.settings.get(REPORT));
  return data && (jobId === null || data.jobId === jobId) ? data : null;
}

/** What a training task is told about boxes and poses: nothing where its configuration needs none. */
export function seenBy(
  store: Store,
  method: MethodName,
  config: Record<string, unknown>,
  features: readonly { videoId: number }[],
): Pick<TrainTask, 'seen'> {
  const kinds = methods[method].detections(config);
  if (kinds.length === 0) return {};
  const file = (videoId: number, kind: DetectionKind): string | null => {
    const stored = kinds.includes(kind) ? store.detections.get(videoId, kind) : null;
    return stored && artifactPath(store.artifactsFolder, stored.sha256);
  };
  const videos = features.map(({ videoId }) => {
    const { path, fingerprint, frames, width, height } = store.videos.get(videoId);
    const [boxes, poses] = [file(videoId, 'boxes'), file(videoId, 'poses')];
    return { boxes, poses, path, fingerprint, frames, width, height };
  });
  return { seen: { kinds, videos, cache: join(store.cacheFolder, 'cubes') } };
}

/** What somebody who asks for such a run has to do first. */
const WAY_OUT: Record<DetectionKind, string> = {
  poses:
    'Import the poses of a tracker first: in the library, Import, "Boxes and poses", or zerolabel detections.',
  boxes:
    'Import the boxes of a detector first, for videos whose footage is there: in the library, Import, "Boxes and poses", or zerolabel detections.',
};

/**
 * @throws AppError `conflict` when a configuration needs boxes or poses, and no video with these features has any
 */
export function requireDetections(
  store: Store,
  {
    method,
    featureSetId,
    config,
  }: { method: MethodName; featureSetId: number; config: Record<string, unknown> },
): void {
  for (const kind of methods[method].detections(config)) {
    const has = store.features.ofSet(featureSetId).some(({ videoId }) => {
      const stored = store.detections.get(videoId, kind);
      const usable = kind === 'poses' || store.videos.get(videoId).path !== null;
      return stored !== null && stored.objects > 0 && usable;
    });
    if (has) continue;
    const { title } = methods[method].info;
    throw new AppError(
      'conflict',
      `${title} with these options needs ${kind}, and no video has any. ${WAY_OUT[kind]}`,
      {
        kind,
      },
    );
  }
}
