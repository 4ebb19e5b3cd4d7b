// What a video file is: format, exact frames with their times, whether a browser plays it, whether it is whole.
// Role: the truth about frame numbers at import. Limits: long files are read to the end but decoded only at both ends
// (see WHOLE_SAMPLES); damage inside a picture in the middle of a long file shows first when its features are made.
import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { AV_CODEC_ID_VP8, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { avGetCodecName, Codec } from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';
import type { FrameTable } from '../../shared/labels/frame-table.ts';
import { breather, type Ratio, stopIfCancelled } from './ffmpeg.ts';
import {
  averageRate,
  buildFrameTable,
  isVariableRate,
  type PresentedFrame,
  showsEveryFrame,
} from './frame-table.ts';
import {
  type DecodeReport,
  decodeStream,
  openVideoInput,
  type PacketInfo,
  readPackets,
  timestampOf,
  type VideoInput,
} from './input.ts';

export interface VideoFacts {
  state: 'ready' | 'damaged' | 'unsupported';
  /** What is wrong, what of it can be used and what to do, in one or two sentences; null when nothing is. */
  problem: string | null;
  /** Short name of the container: mp4, mov, matroska, webm, avi, mpegts ... */
  container: string;
  /** FFmpeg's name of the codec: h264, hevc, mpeg4, vp9 ... */
  codec: string;
  /** Coded size in pixels. */
  width: number;
  height: number;
  /** Presented frames: the length of `table.pts`. */
  frames: number;
  /** Average frames a second as a fraction. */
  fpsNum: number;
  fpsDen: number;
  /** Variable frame rate. */
  vfr: boolean;
  /** From the start of the first frame to the end of the last. */
  durationSeconds: number;
  bytes: number;
  /** `pts[0]` may be above zero. Empty when no frame can be read. */
  table: FrameTable;
  /** Whether Chromium plays the file itself and can be sent to every frame. `no`: there is nothing to play. */
  playable: 'direct' | 'needs_proxy' | 'no';
  /** Whether Chromium would play the coded pictures as they are in an MP4. */
  copyable: boolean;
}

export interface InspectOptions {
  signal?: AbortSignal;
  /** Decode files up to this many luma samples (width * height * frames) from start to end. */
  wholeUpTo?: number;
}

/** About 2,000 frames of 640x360: a second of work. */
const WHOLE_SAMPLES = 5e8;
/** Packets decoded at the start and at least at the end of longer files. */
const CHECK_PACKETS = 120;

const EMPTY: FrameTable = {
  pts: new Float64Array(0),
  key: new Uint8Array(0),
  endPts: 0,
  timeBaseNum: 1,
  timeBaseDen: 1,
};

/** Facts about a file that holds nothing to work with. */
function unusable(state: 'damaged' | 'unsupported', problem: string, bytes: number): VideoFacts {
  return {
    state,
    problem,
    container: '',
    codec: '',
    width: 0,
    height: 0,
    frames: 0,
    fpsNum: 0,
    fpsDen: 1,
    vfr: false,
    durationSeconds: 0,
    bytes,
    table: EMPTY,
    playable: 'no',
    copyable: false,
  };
}

/** First bytes of containers, as hex, `.` for any digit: MP4 and MOV, AVI, Matroska, FLV, Ogg, MPEG, ASF. */
const SIGNATURES = [
  /^.{8}(66747970|6d6f6f76|6d646174|66726565|736b6970|77696465)/,
  /^52494646.{8}41564920/,
  /^(1a45dfa3|464c56|4f676753|000001b[3a]|3026b275)/,
];

/** Whether a file begins like a video container: then, when it does not open, it is damaged, else it is no video. */
async function looksLikeVideo(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(12), 0, 12, 0);
    const head = buffer.toString('hex', 0, bytesRead);
    return SIGNATURES.some((signature) => signature.test(head));
  } finally {
    await handle.close();
  }
}

function containerName(input: VideoInput): string {
  const name = input.format.iformat?.name ?? '';
  if (name.startsWith('mov,'))
    return input.format.metadata?.get('major_brand')?.trim() === 'qt' ? 'mov' : 'mp4';
  if (name.startsWith('matroska')) return extname(input.path).toLowerCase() === '.webm' ? 'webm' : 'matroska';
  return name.split(',')[0];
}

/** Which container and codec pairs Chromium plays: measured with files, not by canPlayType. */
function playsDirectly(container: string, codec: string, pixelFormat: number): boolean {
  const plain = pixelFormat === AV_PIX_FMT_YUV420P || pixelFormat === AV_PIX_FMT_YUVJ420P;
  switch (codec) {
    case 'h264':
      return plain && ['mp4', 'mov', 'matroska'].includes(container);
    case 'vp8':
      return ['webm', 'matroska'].includes(container);
    case 'vp9':
    case 'av1':
      return ['mp4', 'webm', 'matroska'].includes(container);
    default:
      return false;
  }
}

/** The presented frames as the packets tell them, by time; null when packets alone cannot tell. */
function framesOfPackets(packets: PacketInfo[]): PresentedFrame[] | null {
  const shown = packets.filter((packet) => !packet.hidden);
  if (shown.length === 0 || shown.some((packet) => packet.pts === null)) return null;
  shown.sort((a, b) => (a.pts ?? 0) - (b.pts ?? 0));
  return shown.every((packet, i) => i === 0 || packet.pts !== shown[i - 1].pts) ? shown : null;
}

/** Presentation times of what decoding yields, `null` entries included, and the number of errors on the way. */
async function decodedTimes(
  path: string,
  options: { maxPackets?: number; from?: number },
  signal: AbortSignal | undefined,
): Promise<{ frames: PresentedFrame[]; errors: number }> {
  const input = openVideoInput(path);
  const report: DecodeReport = { errors: 0 };
  const breathe = breather();
  const frames: PresentedFrame[] = [];
  try {
    for (const frame of decodeStream(input, { ...options, countOnly: true, report })) {
      frames.push({ pts: timestampOf(frame), duration: Number(frame.duration), key: frame.keyFrame === 1 });
      await breathe();
      stopIfCancelled(signal);
    }
  } finally {
    input.close();
  }
  return { frames, errors: report.errors };
}

/** Decodes both ends of a long file and says whether they give exactly the frames that the packets promise. */
async function endsAgree(
  path: string,
  packets: PacketInfo[],
  promised: PresentedFrame[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const head = await decodedTimes(path, { maxPackets: CHECK_PACKETS }, signal);
  const expected = framesOfPackets(packets.slice(0, CHECK_PACKETS)) ?? [];
  if (head.errors > 0 || head.frames.length !== expected.length) return false;
  if (head.frames.some((frame, i) => frame.pts !== expected[i].pts)) return false;

  let key = packets.length - CHECK_PACKETS;
  while (key > 0 && !packets[key].key) key--;
  const from = packets[key].pts ?? 0;
  const tail = await decodedTimes(path, { from }, signal);
  // Frames shown before the key frame but stored after it may be missing when decoding starts there.
  const times = tail.frames.map((frame) => frame.pts ?? Number.NaN).filter((pts) => pts >= from);
  const promisedTail = promised.filter((frame) => (frame.pts ?? 0) >= from);
  return (
    tail.errors === 0 &&
    times.length === promisedTail.length &&
    times.every((pts, i) => pts === promisedTail[i].pts)
  );
}

/** Finds the presented frames: from packets where those can be trusted, by decoding everything where not. */
async function findFrames(
  path: string,
  input: VideoInput,
  packets: PacketInfo[],
  wholeUpTo: number,
  signal: AbortSignal | undefined,
): Promise<{ frames: PresentedFrame[]; errors: number }> {
  const { codecpar } = input.stream;
  const promised = framesOfPackets(packets);
  const long =
    codecpar.width * codecpar.height * packets.length > wholeUpTo && packets.length > 3 * CHECK_PACKETS;
  // VP8 keeps pictures that are never shown in packets of their own, which look like any other.
  if (
    promised &&
    long &&
    codecpar.codecId !== AV_CODEC_ID_VP8 &&
    (await endsAgree(path, packets, promised, signal))
  ) {
    return { frames: promised, errors: 0 };
  }
  const { frames, errors } = await decodedTimes(path, {}, signal);
  // The packet knows best where one can seek to, and how long its frame is shown.
  const byTime = new Map(
    packets.filter((packet) => packet.pts !== null).map((packet) => [packet.pts, packet]),
  );
  const merged = frames.map((frame) => {
    const packet = byTime.get(frame.pts);
    return packet ? { pts: frame.pts, duration: packet.duration || frame.duration, key: packet.key } : frame;
  });
  return { frames: merged, errors };
}

const count = (n: number, thing: string) => `${n.toLocaleString('en')} ${thing}${n === 1 ? '' : 's'}`;

/**
 * How many frames the container announces, if that is more than there are; 0 when it is whole or says nothing reliable.
 * @param start of the first frame, `end` of the last one or, if later, of another stream; seconds
 */
function announcedFrames(
  input: VideoInput,
  packets: number,
  { start, end }: { start: number; end: number },
  rate: Ratio,
): number {
  const { stream, format } = input;
  const tick = stream.timeBase.toDouble();
  const announced = Number(stream.nbFrames);
  const framesIn = (seconds: number) => Math.round((seconds * rate.num) / rate.den);
  switch (containerName(input)) {
    case 'mp4':
    case 'mov': {
      // Both must say so: an edit list leaves frames out of the count, and a last frame may be held for long.
      const announcedEnd = (Math.max(0, Number(stream.startTime)) + Number(stream.duration)) * tick;
      return announced > packets && framesIn(announcedEnd - end) > 0 ? announced : 0;
    }
    case 'avi': // one tick a frame; the count includes frames that were left out while recording
      return framesIn(announced * tick - end) > 0 ? announced : 0;
    case 'matroska':
    case 'webm': {
      // It announces a time, not a count, for all streams together.
      const announcedEnd = Number(format.duration) / 1e6;
      return announcedEnd - end > 0.5 && framesIn(announcedEnd - end) > 2
        ? framesIn(announcedEnd - start)
        : 0;
    }
    default:
      return 0;
  }
}

/**
 * Inspects a video. Broken, foreign and empty files are described, not thrown.
 *
 * @param path absolute path
 * @throws AppError `not_found`, `no_access` when the file cannot be read at all, `cancelled`
 */
export async function inspectVideo(path: string, options: InspectOptions = {}): Promise<VideoFacts> {
  const { signal, wholeUpTo = WHOLE_SAMPLES } = options;
  const name = basename(path);
  const bytes = (await stat(path)).size;
  if (bytes === 0)
    return unusable('damaged', `${name} is empty (0 bytes). Copy it again from its source.`, bytes);
  const resembles = await looksLikeVideo(path);
  let input: VideoInput;
  try {
    input = openVideoInput(path, true);
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'damaged' && error.code !== 'unsupported'))
      throw error;
    if (error.code === 'unsupported') {
      return unusable('unsupported', `${name} holds no video stream. Choose a video file.`, bytes);
    }
    return resembles
      ? unusable(
          'damaged',
          `${name} is damaged: its table of contents is missing or broken, so that no frame can be read. Copy it again from its source, or repair it with the recorder's own tool.`,
          bytes,
        )
      : unusable(
          'unsupported',
          `${name} is not a video that can be read, whatever its name says. Choose a video file.`,
          bytes,
        );
  }
  try {
    const { codecpar, timeBase, avgFrameRate, rFrameRate } = input.stream;
    const codec = avGetCodecName(codecpar.codecId) ?? 'unknown';
    const container = containerName(input);
    const facts = {
      ...unusable('damaged', '', bytes),
      container,
      codec,
      width: codecpar.width,
      height: codecpar.height,
    };
    if (!Codec.findDecoder(codecpar.codecId)) {
      return {
        ...facts,
        state: 'unsupported',
        problem: `${name} is coded as ${codec}, for which there is no decoder here. Convert it to H.264 in MP4 first.`,
      };
    }
    const nominal: Ratio | null =
      avgFrameRate.num > 0 ? avgFrameRate : rFrameRate.num > 0 ? rFrameRate : null;
    const packets: PacketInfo[] = [];
    let otherEnd = 0;
    const breathe = breather();
    for (const packet of readPackets(input)) {
      if ('video' in packet) packets.push(packet.video);
      else otherEnd = Math.max(otherEnd, packet.otherEndSeconds);
      await breathe();
      stopIfCancelled(signal);
    }
    const contents = await findFrames(path, input, packets, wholeUpTo, signal);
    const { table, moved } = buildFrameTable(contents.frames, timeBase, nominal);
    const frames = table.pts.length;
    if (frames === 0) {
      return {
        ...facts,
        problem: `${name} is damaged: none of its ${count(packets.length, 'frame')} can be decoded. Copy it again from its source.`,
      };
    }
    const rate = averageRate(table, nominal);
    const seconds = (ticks: number) => (ticks * table.timeBaseNum) / table.timeBaseDen;
    const span = { start: seconds(table.pts[0]), end: Math.max(seconds(table.endPts), otherEnd) };
    const announced = announcedFrames(input, packets.length, span, nominal ?? rate);
    const problem =
      announced > frames
        ? `${name} is cut short: it announces ${count(announced, 'frame')}, and ${count(frames, 'frame')} can be read. These can be used; copy the file again from its source to get the rest.`
        : contents.errors > 0
          ? `${name} is damaged: decoding failed or guessed in ${count(contents.errors, 'place')}, and ${count(frames, 'frame')} can be read. These can be used; copy the file again from its source if you can.`
          : null;
    // Times that the file does not give, or gives twice, are ours; a browser would go by its own.
    const pixelFormat = codecpar.format as number;
    const direct =
      problem === null &&
      moved === 0 &&
      playsDirectly(container, codec, pixelFormat) &&
      showsEveryFrame(contents.frames);
    return {
      ...facts,
      state: problem === null ? 'ready' : 'damaged',
      problem,
      frames,
      fpsNum: rate.num,
      fpsDen: rate.den,
      vfr: isVariableRate(table),
      durationSeconds: seconds(table.endPts - table.pts[0]),
      table,
      playable: direct ? 'direct' : 'needs_proxy',
      copyable: playsDirectly('mp4', codec, pixelFormat),
    };
  } finally {
    input.close();
  }
}
