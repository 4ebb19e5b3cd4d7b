// A copy of a video that a browser plays. Role: same frames, same times, quick seeking. Limits: for looking at only,
// the original stays what features are made from; no audio.
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  AV_NOPTS_VALUE,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_PROFILE_H264_HIGH,
  AVCOL_RANGE_MPEG,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { FormatContext, Packet } from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';
import type { FrameTable } from '../../shared/labels/frame-table.ts';
import { openScaler } from './decode.ts';
import { breather, check, setOptions, stopIfCancelled } from './ffmpeg.ts';
import { decodeStream, openVideoInput, type VideoInput } from './input.ts';
import { inspectVideo, type VideoFacts } from './probe.ts';
import { openVideoWriter } from './writer.ts';

/** Frames between key frames: a seek decodes at most so many. */
const GOP = 24;

export interface ProxyOptions {
  signal?: AbortSignal;
  /** Called after every frame. */
  onFrame?: (done: number, total: number) => void;
}

export interface ProxyResult {
  frames: number;
  /** `copied`: the coded pictures were put into another container; `encoded`: made anew. */
  made: 'copied' | 'encoded';
}

/** Where the times of two videos differ by more than a tick of the second one; -1 when nowhere. */
function firstDifference(source: FrameTable, proxy: FrameTable): number {
  const length = Math.max(source.pts.length, proxy.pts.length);
  for (let i = 0; i < length; i++) {
    const ticks =
      (source.pts[i] * source.timeBaseNum * proxy.timeBaseDen) / (source.timeBaseDen * proxy.timeBaseNum);
    if (!(Math.abs(ticks - proxy.pts[i]) <= 1)) return i; // also where one has ended
  }
  return -1;
}

/** Puts the coded pictures into an MP4. False when a packet has no time, which MP4 cannot express. */
async function copyStream(
  input: VideoInput,
  target: string,
  total: number,
  options: ProxyOptions,
): Promise<boolean> {
  const doing = `Could not write ${target}`;
  const output = new FormatContext();
  const packet = new Packet();
  packet.alloc();
  const breathe = breather();
  let open = false;
  try {
    check(output.allocOutputContext2(null, 'mp4', target), doing);
    const stream = output.newStream();
    check(input.stream.codecpar.copy(stream.codecpar), doing);
    stream.codecpar.codecTag = 0; // tags of other containers mean nothing in MP4
    stream.timeBase = input.stream.timeBase;
    stream.avgFrameRate = input.stream.avgFrameRate;
    stream.sampleAspectRatio = input.stream.sampleAspectRatio;
    check(output.openOutputSync(), doing);
    open = true;
    setOptions(output, { movflags: '+faststart' }, doing);
    check(output.writeHeaderSync(), doing);
    let done = 0;
    while (input.format.readFrameSync(packet) >= 0) {
      if (packet.streamIndex === input.stream.index) {
        if (packet.pts === AV_NOPTS_VALUE || packet.dts === AV_NOPTS_VALUE) return false;
        packet.streamIndex = 0;
        packet.rescaleTs(input.stream.timeBase, stream.timeBase);
        check(output.interleavedWriteFrameSync(packet), doing);
        options.onFrame?.(Math.min(++done, total), total);
      }
      packet.unref();
      await breathe();
      stopIfCancelled(options.signal);
    }
    check(output.writeTrailerSync(), doing);
    return true;
  } finally {
    packet.free();
    if (open) output.closeOutputSync();
    output.freeContext();
  }
}

/** Encodes every frame anew, at the times of the table. */
async function encodeStream(
  input: VideoInput,
  facts: VideoFacts,
  target: string,
  options: ProxyOptions,
): Promise<void> {
  const { table } = facts;
  const total = table.pts.length;
  const { codecpar, sampleAspectRatio } = input.stream;
  const width = Math.max(2, codecpar.width - (codecpar.width % 2)); // 4:2:0 knows no odd sizes
  const height = Math.max(2, codecpar.height - (codecpar.height % 2));
  const writer = openVideoWriter(target, {
    container: 'mp4',
    encoder: FF_ENCODER_LIBX264,
    width,
    height,
    timeBase: { num: table.timeBaseNum, den: table.timeBaseDen },
    frameRate: { num: facts.fpsNum, den: facts.fpsDen },
    gop: GOP,
    maxBFrames: 0, // no reordering: one step back costs no more than one step forward
    codecOptions: { preset: 'veryfast', crf: 20 },
    pixelAspect: sampleAspectRatio,
    displayMatrix: codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX) ?? undefined,
    prepare: (codec) => {
      codec.profile = AV_PROFILE_H264_HIGH;
      codec.colorSpace = codecpar.colorSpace;
      codec.colorPrimaries = codecpar.colorPrimaries;
      codec.colorTrc = codecpar.colorTrc;
      codec.colorRange = AVCOL_RANGE_MPEG;
    },
  });
  const scaler = openScaler(width, height, AV_PIX_FMT_YUV420P);
  const breathe = breather();
  try {
    let index = 0;
    for (const frame of decodeStream(input)) {
      if (index < total) {
        const picture = scaler.scale(frame);
        picture.pts = BigInt(table.pts[index]);
        picture.duration = BigInt(
          (index + 1 < total ? table.pts[index + 1] : table.endPts) - table.pts[index],
        );
        writer.write(picture);
      }
      index++;
      options.onFrame?.(Math.min(index, total), total);
      await breathe();
      stopIfCancelled(options.signal);
    }
    if (index !== total) {
      throw new AppError(
        'damaged',
        `${basename(input.path)} gave ${index} frames while its preview was made, and ${total} when it was inspected. Import it again; if that does not help, the file is damaged.`,
      );
    }
    writer.finish();
  } finally {
    scaler.close();
    writer.close();
  }
}

/**
 * Makes a copy at `target` (MP4) that Chromium plays, with the frames and times of the source: by copying the coded
 * pictures when only the container is in the way, else as H.264 high, 4:2:0, a key frame every 24 frames. The result
 * is inspected before it gets its name; `target` appears whole or not at all.
 *
 * @returns the number of frames, equal to the source's
 * @throws AppError `damaged`, `unsupported` when the source has no readable frame; `internal` when the copy would not
 *   show the same frames at the same times; `cancelled`
 */
export async function makeProxy(
  path: string,
  target: string,
  options: ProxyOptions = {},
): Promise<ProxyResult> {
  const { signal } = options;
  const facts = await inspectVideo(path, { signal });
  const total = facts.frames;
  if (total === 0) {
    throw new AppError(
      facts.state === 'unsupported' ? 'unsupported' : 'damaged',
      facts.problem ?? `${path} has no frames.`,
    );
  }
  const temporary = `${target}.part`;

  /** Runs one way of making the copy and says where it differs from the source. */
  async function attempt(make: (input: VideoInput) => Promise<unknown>): Promise<number> {
    const input = openVideoInput(path);
    try {
      if ((await make(input)) === false) return 0;
    } finally {
      input.close();
    }
    const made = await inspectVideo(temporary, { signal });
    return made.state === 'ready' && made.playable === 'direct'
      ? firstDifference(facts.table, made.table)
      : 0;
  }

  try {
    if (facts.state === 'ready' && facts.copyable) {
      const differs = await attempt((input) => copyStream(input, temporary, total, options)).catch(
        (error: unknown) => {
          if (error instanceof AppError && ['cancelled', 'disk_full', 'no_access'].includes(error.code))
            throw error;
          return 0; // the muxer does not take these packets: encode
        },
      );
      if (differs === -1) {
        await rename(temporary, target);
        return { frames: total, made: 'copied' };
      }
    }
    const differs = await attempt((input) => encodeStream(input, facts, temporary, options));
    if (differs >= 0) {
      throw new AppError(
        'internal',
        `The preview of ${basename(path)} does not show the same frames as the original from frame ${differs} on, so it was thrown away.`,
        { path, frame: differs },
      );
    }
    await rename(temporary, target);
    return { frames: total, made: 'encoded' };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
