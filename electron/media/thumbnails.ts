// Small pictures of a video. Role: what lists and timelines show before anything is played. Limits: seeks, so that a
// long video costs no more than a short one; a picture may then be up to MAX_WALK frames from its exact place.
import {
  AV_CODEC_FLAG_QSCALE,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_MJPEG,
  FF_QP2LAMBDA,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';
import type { FrameTable } from '../../shared/labels/frame-table.ts';
import { openScaler } from './decode.ts';
import { breather, check, stopIfCancelled } from './ffmpeg.ts';
import { decodeStream, openVideoInput, timestampOf, type VideoInput } from './input.ts';

const COUNT = 12;
const WIDTH = 240;
/** Frames decoded at most after a seek. */
const MAX_WALK = 150;

export interface Thumbnail {
  /** Frame that is shown, 0-based. */
  frame: number;
  jpeg: Uint8Array;
}

/** Even numbers that keep the displayed shape of the video: about 240 wide, or less tall than wide videos would be. */
function sizeOf(input: VideoInput): { width: number; height: number } {
  const { codecpar } = input.stream;
  const pixel = codecpar.sampleAspectRatio.num > 0 ? codecpar.sampleAspectRatio.toDouble() : 1;
  const height = Math.round((WIDTH * codecpar.height) / (codecpar.width * pixel) / 2) * 2;
  return { width: WIDTH, height: Math.min(Math.max(height, 2), 4 * WIDTH) };
}

/** One picture as a JPEG file. */
function encodeJpeg(picture: Frame): Uint8Array {
  const encoder = Codec.findEncoderByName(FF_ENCODER_MJPEG);
  if (!encoder) throw new AppError('unavailable', 'This build of FFmpeg has no JPEG encoder.');
  const codec = new CodecContext();
  const packet = new Packet();
  packet.alloc();
  try {
    codec.allocContext3(encoder);
    codec.width = picture.width;
    codec.height = picture.height;
    codec.pixelFormat = AV_PIX_FMT_YUVJ420P;
    codec.colorRange = AVCOL_RANGE_JPEG;
    codec.timeBase = new Rational(1, 25);
    codec.threadCount = 1;
    codec.setFlags(AV_CODEC_FLAG_QSCALE);
    codec.globalQuality = 4 * FF_QP2LAMBDA;
    check(codec.open2Sync(encoder), 'Could not start the JPEG encoder');
    picture.quality = codec.globalQuality;
    picture.pts = 0n;
    check(codec.sendFrameSync(picture), 'Could not make a thumbnail');
    check(codec.sendFrameSync(null), 'Could not make a thumbnail');
    check(codec.receivePacketSync(packet), 'Could not make a thumbnail');
    return Uint8Array.from(packet.data ?? []);
  } finally {
    packet.free();
    codec.freeContext();
  }
}

/** Middles of up to 12 equal parts of `frames` frames, ascending, without repetition. */
export function thumbnailFrames(frames: number): number[] {
  const count = Math.min(COUNT, frames);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * frames) / count));
}

/** Entry of the last frame that starts at or before `ticks`. */
function entryAt(table: FrameTable, ticks: number): number {
  let low = 0;
  let high = table.pts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.pts[middle] <= ticks) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/**
 * Makes up to 12 JPEGs, spread evenly over the video. One pass where wanted frames lie close together, seeking to the
 * key frame before each where not.
 *
 * @param table of this very file, from `inspectVideo`
 * @returns ascending; fewer than asked for where seeking fails or the video is damaged
 * @throws AppError `cancelled`; `damaged`, `unsupported` when the file cannot be decoded at all
 */
export async function makeThumbnails(
  path: string,
  table: FrameTable,
  options: { signal?: AbortSignal } = {},
): Promise<Thumbnail[]> {
  const wanted = thumbnailFrames(table.pts.length);
  const input = openVideoInput(path);
  const { width, height } = sizeOf(input);
  const scaler = openScaler(width, height, AV_PIX_FMT_YUVJ420P);
  const breathe = breather();
  const made: Thumbnail[] = [];
  let position = 0; // next frame that `frames` will yield
  let frames = decodeStream(input);
  try {
    for (const target of wanted) {
      let key = target;
      while (key > 0 && table.key[key] === 0) key--;
      const goal = Math.min(target, key + MAX_WALK);
      if (position > goal || goal - position > MAX_WALK || key > position + MAX_WALK / 4) {
        frames.return();
        frames = decodeStream(input, { from: table.pts[key] });
        position = key;
      }
      try {
        for (let next = frames.next(); !next.done; next = frames.next()) {
          stopIfCancelled(options.signal);
          const ticks = timestampOf(next.value);
          const frame = ticks === null ? position : entryAt(table, ticks);
          position = frame + 1;
          if (frame >= goal) {
            if (made.at(-1)?.frame !== frame)
              made.push({ frame, jpeg: encodeJpeg(scaler.scale(next.value)) });
            break;
          }
          await breathe();
        }
      } catch (error) {
        if (error instanceof AppError && error.code !== 'internal') throw error;
        position = Number.POSITIVE_INFINITY; // seeking failed here: go on with the next one
      }
    }
  } finally {
    frames.return();
    scaler.close();
    input.close();
  }
  return made;
}
