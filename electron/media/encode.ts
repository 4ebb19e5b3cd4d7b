// Makes a video file from pictures. Role: sample footage, tests. Limits: RGB in, 8 bit 4:2:0 out, one video stream.
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  AV_CODEC_FLAG_QSCALE,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
  FF_ENCODER_MJPEG,
  FF_ENCODER_MPEG4,
  FF_QP2LAMBDA,
  SWS_AREA,
} from 'node-av/constants';
import { type CodecContext, Frame, SoftwareScaleContext } from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';
import { breather, check, type Ratio } from './ffmpeg.ts';
import type { RgbFrame } from './types.ts';
import { type ContainerName, openVideoWriter } from './writer.ts';

export interface EncodeOptions {
  /** Pixels; h264 and hevc want even numbers. */
  width: number;
  height: number;
  codec: 'h264' | 'hevc' | 'mpeg4' | 'mjpeg';
  /** Nominal rate. The times of the frames decide when each is shown; this sets the last frame's length. */
  fps: number;
}

// Constant quality: the encoder's rate control takes fine ticks for frames and spends many times the bits.
const constantQuality = (context: CodecContext): void => {
  context.setFlags(AV_CODEC_FLAG_QSCALE);
  context.globalQuality = 4 * FF_QP2LAMBDA;
};

const CODECS = {
  h264: {
    encoder: FF_ENCODER_LIBX264,
    gop: 48,
    maxBFrames: 3,
    codecOptions: { preset: 'veryfast', crf: 20 },
  },
  hevc: {
    encoder: FF_ENCODER_LIBX265,
    gop: 48,
    maxBFrames: 3,
    codecOptions: { preset: 'ultrafast', crf: 20, 'x265-params': 'log-level=error' },
  },
  mpeg4: { encoder: FF_ENCODER_MPEG4, gop: 12, maxBFrames: 0, codecOptions: {}, prepare: constantQuality },
  mjpeg: {
    encoder: FF_ENCODER_MJPEG,
    gop: 1,
    maxBFrames: 0,
    codecOptions: {},
    prepare(context: CodecContext): void {
      constantQuality(context);
      context.pixelFormat = AV_PIX_FMT_YUVJ420P;
      context.colorRange = AVCOL_RANGE_JPEG;
    },
  },
} as const;

const CONTAINERS: Record<string, ContainerName> = { '.mp4': 'mp4', '.avi': 'avi', '.mkv': 'matroska' };

/** A rate as a fraction: n/1001 for the television rates, else thousandths. */
function rateOf(fps: number): Ratio {
  const television = Math.round(fps * 1.001) * 1000;
  if (Math.abs(fps - Math.round(fps)) > 1e-9 && Math.abs(television / 1001 - fps) < 0.005)
    return { num: television, den: 1001 };
  const thousandths = Math.round(fps * 1000);
  return thousandths % 1000 === 0 ? { num: thousandths / 1000, den: 1 } : { num: thousandths, den: 1000 };
}

/**
 * Ticks in which the usual rates (24 to 60, NTSC ones included) are whole numbers. AVI counts frames and has no other
 * clock; MPEG-4 part 2 allows at most 65,535 ticks a second.
 */
function timeBaseOf(container: ContainerName, codec: EncodeOptions['codec'], rate: Ratio): Ratio {
  if (container === 'avi') return { num: rate.den, den: rate.num };
  return { num: 1, den: codec === 'mpeg4' ? 60_000 : 120_000 };
}

/**
 * Encodes pictures into `target`; the container follows from its extension (.mp4, .avi, .mkv). The file appears whole
 * or not at all. h264 and hevc use B-frames; times may be at a constant or variable rate and may start above zero.
 *
 * @param frames RGB, 8 bit, `[height, width, 3]`, `timeMs` strictly ascending and not negative
 * @returns how many frames were written
 * @throws AppError `bad_input` for another extension, a wrong picture size, an odd size with h264 or hevc, times that do not
 *   ascend (in AVI: two frames within one frame interval)
 */
export async function encodeVideo(
  target: string,
  options: EncodeOptions,
  frames: AsyncIterable<RgbFrame> | Iterable<RgbFrame>,
): Promise<{ frames: number }> {
  const { width, height, codec, fps } = options;
  const container = CONTAINERS[extname(target).toLowerCase()];
  if (!container)
    throw new AppError('bad_input', `Cannot write ${target}: use the extension .mp4, .avi or .mkv.`);
  if (!(fps > 0 && fps <= 1000))
    throw new AppError('bad_input', `Cannot write ${target} at ${fps} frames a second.`);
  if ((codec === 'h264' || codec === 'hevc') && (width % 2 || height % 2)) {
    throw new AppError(
      'bad_input',
      `Cannot write ${target}: ${codec === 'h264' ? 'H.264' : 'HEVC'} needs an even width and height, not ${width}x${height}.`,
    );
  }
  const frameRate = rateOf(fps);
  const timeBase = timeBaseOf(container, codec, frameRate);
  const ticksPerMs = timeBase.den / timeBase.num / 1000;
  const duration = BigInt(Math.max(1, Math.round((1000 / fps) * ticksPerMs)));
  const temporary = `${target}.part`;
  const writer = openVideoWriter(temporary, {
    container,
    ...CODECS[codec],
    width,
    height,
    timeBase,
    frameRate,
  });
  const scaler = new SoftwareScaleContext();
  const wanted = codec === 'mjpeg' ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  scaler.getContext(width, height, AV_PIX_FMT_RGB24, width, height, wanted, SWS_AREA);
  const breathe = breather();
  let count = 0;
  let last = -1;
  try {
    for await (const picture of frames) {
      if (picture.data.length !== width * height * 3) {
        throw new AppError(
          'bad_input',
          `Frame ${count} for ${target} has ${picture.data.length} bytes instead of ${width * height * 3}.`,
        );
      }
      const pts = Math.round(picture.timeMs * ticksPerMs);
      if (pts <= last || !Number.isSafeInteger(pts)) {
        throw new AppError(
          'bad_input',
          `Frame ${count} for ${target} at ${picture.timeMs} ms does not come after the frame before it.`,
        );
      }
      last = pts;
      const { buffer, byteOffset, byteLength } = picture.data;
      const source = Frame.fromVideoBuffer(Buffer.from(buffer, byteOffset, byteLength), {
        width,
        height,
        format: AV_PIX_FMT_RGB24,
      });
      const converted = new Frame();
      converted.alloc();
      try {
        check(scaler.scaleFrameSync(converted, source), `Could not convert a picture for ${target}`);
        converted.pts = BigInt(pts);
        converted.duration = duration;
        writer.write(converted);
      } finally {
        source.free();
        converted.free();
      }
      count++;
      await breathe();
    }
    writer.finish();
    await rename(temporary, target);
  } catch (error) {
    writer.close();
    await rm(temporary, { force: true });
    throw error;
  } finally {
    scaler.freeContext();
  }
  return { frames: count };
}
