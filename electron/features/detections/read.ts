// Any file of boxes or poses. Role: which reader it is for, by what it holds. Limits: a file is held in memory as a whole,
// hence a limit on its size.
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';
import { decodeText } from '../../formats/lines.ts';
import { isOwnPoses, readOwnPoses } from '../poses/own.ts';
import { personsFrom } from '../poses/read.ts';
import { posesByFrame } from '../poses/stored.ts';
import { isCoco, readCoco } from './coco.ts';
import { readBoxTable } from './tables.ts';
import type { DetectionContents, DetectionEntry } from './types.ts';

/** Larger files are refused: an hour of a crowded scene stays well below. Bytes. */
export const MAX_DETECTION_FILE = 256 * 2 ** 20;

function poses(key: string, persons: Parameters<typeof posesByFrame>[0], base: 0 | 1): DetectionEntry {
  const objects = posesByFrame(persons).map((object) => ({ ...object, frame: object.frame - base }));
  return { key, kind: 'poses', objects };
}

function readJson(text: string, file: string, firstFrame: 0 | 1 | null): DetectionContents {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new AppError('damaged', `${file} is not readable JSON. Export it again.`, { file }, thrown);
  }
  if (isOwnPoses(value)) {
    const { video, persons } = readOwnPoses(value, file);
    return { entries: [poses(video, persons, 0)], notes: [] };
  }
  if (isCoco(value)) return readCoco(value, file, firstFrame);
  const base = firstFrame ?? 0;
  const entry = poses('', personsFrom(value, file), base);
  if (entry.objects.some(({ frame }) => frame < 0))
    throw new AppError('bad_input', `${file} has a frame 0, so its frames do not count from 1.`, { file });
  return { entries: [entry], notes: [] };
}

/**
 * Boxes and poses of a file: JSON of AlphaPose and STG-NF, COCO-style JSON, pose files of our own, tables of boxes.
 * @param firstFrame number of the first frame in the file; null: what is usual for the format.
 * @throws AppError `unsupported` above 256 MiB, `damaged`, `bad_input`; the file system's error
 */
export async function readDetectionFile(path: string, firstFrame: 0 | 1 | null): Promise<DetectionContents> {
  const { size } = await stat(path);
  if (size > MAX_DETECTION_FILE) {
    throw new AppError(
      'unsupported',
      `${path} has ${Math.round(size / 2 ** 20)} MiB; files of boxes and poses are read up to ${MAX_DETECTION_FILE / 2 ** 20} MiB. Write one file per video.`,
      { path, size },
    );
  }
  const text = decodeText(path, await readFile(path));
  return /^\s*[[{]/.test(text.slice(0, 200))
    ? readJson(text, path, firstFrame)
    : readBoxTable(text, path, firstFrame);
}
