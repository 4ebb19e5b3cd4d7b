// Stored boxes and poses. Role: reads a range of frames without reading the rest, for files of hours of video.
// Limits: the layout is shared/labels/detections.ts; finds no objects itself.
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';
import {
  DETECTIONS_HEADER,
  type Detections,
  decodeDetections,
  detectionsParts,
  encodeDetections,
  readDetectionsHeader,
  valuesPerObject,
} from '../../../shared/labels/detections.ts';

async function bytesAt(handle: FileHandle, path: string, from: number, length: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
    if (bytesRead === 0)
      throw new AppError('damaged', `${path} is cut short. Import the boxes or poses again.`, { path });
    done += bytesRead;
  }
  return bytes.buffer;
}

/** All that a file holds. @throws AppError `damaged`; the file system's error */
export async function readDetections(path: string): Promise<Detections> {
  return decodeDetections(await readFile(path));
}

/**
 * Objects of frames [start, end), cut to what the file holds, in the same layout.
 * @throws AppError `damaged`; the file system's error
 */
export async function readDetectionRange(
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(path);
  try {
    const header = readDetectionsHeader(new Uint8Array(await bytesAt(handle, path, 0, DETECTIONS_HEADER)));
    const parts = detectionsParts(header);
    const from = Math.min(Math.max(0, start - header.first), header.frames);
    const to = Math.min(Math.max(from, end - header.first), header.frames);
    const starts = new Uint32Array(await bytesAt(handle, path, parts.starts + 4 * from, 4 * (to - from + 1)));
    const [low, high] = [starts[0], starts[to - from]];
    const width = valuesPerObject(header.kind);
    return encodeDetections({
      kind: header.kind,
      first: header.first + from,
      starts: starts.map((value) => value - low),
      tracks: new Int32Array(await bytesAt(handle, path, parts.tracks + 4 * low, 4 * (high - low))),
      values: new Float32Array(
        await bytesAt(handle, path, parts.values + 4 * low * width, 4 * (high - low) * width),
      ),
    });
  } finally {
    await handle.close();
  }
}
