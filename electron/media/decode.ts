// Frames as plain pictures. Role: what features and thumbnails look at. Limits: presentation order from the first frame
// on; frame k here is entry k of the frame table, for both come from the same decoding (input.ts).
import { AV_PIX_FMT_GRAY8, AV_PIX_FMT_RGB24, type AVPixelFormat } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { breather, check, setOptions, stopIfCancelled } from './ffmpeg.ts';
import { decodeStream, openVideoInput } from './input.ts';
import type { GreyFrame } from './types.ts';

export interface DecodeSize {
  /** Size of the pictures that come out, in pixels; the aspect ratio is not kept. */
  width: number;
  height: number;
  /** Every which frame: 0, step, 2*step, ... Frames between are decoded, for others refer to them, but not scaled. */
  step: number;
  signal?: AbortSignal;
}

export interface RgbPicture {
  /** Presentation index of the frame, 0-based. */
  index: number;
  /** RGB, 8 bit, `[height, width, 3]`; our own memory. */
  data: Uint8Array;
}

/** Scales pictures of any size and format to one size and format, averaging over areas. */
export interface Scaler {
  /** The scaled picture; the object is refilled by the next call. */
  scale(source: Frame): Frame;
  close(): void;
}

/** Opens a scaler. Size and format of the source may change from picture to picture. */
export function openScaler(width: number, height: number, format: AVPixelFormat): Scaler {
  const context = new SoftwareScaleContext();
  context.allocContext();
  setOptions(context, { sws_flags: 'area' }, 'Could not prepare scaling');
  const target = new Frame();
  target.alloc();
  return {
    scale(source) {
      target.unref();
      target.width = width;
      target.height = height;
      target.format = format;
      check(context.scaleFrameSync(target, source), `Could not scale a picture to ${width}x${height}`);
      return target;
    },
    close() {
      target.free();
      context.freeContext();
    },
  };
}

/**
 * The pixels of a picture without padding, in memory of our own: the only way decoded pixels leave this folder, because
 * Electron forbids buffers whose memory belongs to a library.
 */
export function pixelsOf(frame: Frame): Uint8Array {
  const packed = frame.toBuffer();
  const copy = new Uint8Array(packed.length);
  copy.set(packed);
  return copy;
}

async function* decodePictures(
  path: string,
  { width, height, step, signal }: DecodeSize,
  format: AVPixelFormat,
): AsyncGenerator<{ index: number; data: Uint8Array }, void, undefined> {
  const input = openVideoInput(path);
  const scaler = openScaler(width, height, format);
  const breathe = breather();
  try {
    let index = 0;
    for (const frame of decodeStream(input)) {
      stopIfCancelled(signal);
      if (index % step === 0) yield { index, data: pixelsOf(scaler.scale(frame)) };
      index++;
      await breathe();
    }
  } finally {
    scaler.close();
    input.close();
  }
}

/**
 * Luma of frames 0, step, 2*step, ... in presentation order, scaled over areas: bit for bit what FFmpeg's
 * `scale=W:H:flags=area,format=gray` gives. Pictures that cannot be decoded do not come.
 *
 * @returns `[height, width]` per frame, 8 bit; the caller may keep the arrays
 * @throws AppError `damaged`, `unsupported` when the file cannot be decoded at all, `cancelled`
 */
export function decodeGrey(path: string, size: DecodeSize): AsyncGenerator<GreyFrame, void, undefined> {
  return decodePictures(path, size, AV_PIX_FMT_GRAY8);
}

/** Like {@link decodeGrey}, in colour. */
export function decodeRgb(path: string, size: DecodeSize): AsyncGenerator<RgbPicture, void, undefined> {
  return decodePictures(path, size, AV_PIX_FMT_RGB24);
}
