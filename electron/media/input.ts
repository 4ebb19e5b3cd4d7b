// Opens the video stream of a file and decodes it. Role: the one place where a file becomes pictures, so that the frame
// table, features, thumbnails and proxies all see the same frames in the same order. Limits: calls are synchronous
// (FFmpeg's own threads decode ahead meanwhile, several times faster than a promise per packet); callers breathe between.
import {
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_DISCARD,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  FF_THREAD_FRAME,
  FF_THREAD_SLICE,
} from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet, type Stream } from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';
import { check, setOptions } from './ffmpeg.ts';

export interface VideoInput {
  path: string;
  format: FormatContext;
  stream: Stream;
  close(): void;
}

/**
 * Opens `path` and finds its main video stream. Packets of other streams are left out unless `allStreams`.
 * @throws AppError `damaged` when the container cannot be opened, `unsupported` when it holds no video
 */
export function openVideoInput(path: string, allStreams = false): VideoInput {
  const format = new FormatContext();
  check(format.openInputSync(path), `${path} cannot be opened`, 'damaged');
  try {
    check(format.findStreamInfoSync(), `${path} cannot be read`, 'damaged');
    const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
    if (index < 0) throw new AppError('unsupported', `${path} holds no video. Choose another file.`);
    const stream = format.streams[index];
    if (!allStreams)
      for (const other of format.streams) if (other.index !== index) other.discard = AVDISCARD_ALL;
    return { path, format, stream, close: () => format.closeInputSync() };
  } catch (error) {
    format.closeInputSync();
    throw error;
  }
}

/** What happened in one pass of {@link decodeStream} besides the frames. */
export interface DecodeReport {
  /** Packets that the decoder refused, and frames it could only conceal. */
  errors: number;
}

export interface DecodeOptions {
  /** Leaves the deblocking filter out: faster, worse pictures, the same frames. For counting. */
  countOnly?: boolean;
  /** Stop after this many packets of the stream, then drain the decoder. */
  maxPackets?: number;
  /** Start at the key frame at or before this time, in ticks of the stream. */
  from?: number;
  /** Filled while decoding. */
  report?: DecodeReport;
}

/**
 * Decodes the presented frames in order: frames that the container hides (edit lists, discarded packets) do not come,
 * and a broken packet costs its own frames only. The yielded frame is one object that is refilled; copy what you keep.
 * Its presentation time is {@link timestampOf}.
 *
 * @throws AppError `unsupported` when there is no decoder
 */
export function* decodeStream(
  input: VideoInput,
  options: DecodeOptions = {},
): Generator<Frame, void, undefined> {
  const { stream, format, path } = input;
  const decoder = Codec.findDecoder(stream.codecpar.codecId);
  if (!decoder) throw new AppError('unsupported', `No decoder for the video in ${path}.`);
  const report = options.report ?? { errors: 0 };
  const codec = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  try {
    codec.allocContext3(decoder);
    check(codec.parametersToContext(stream.codecpar), `${path} cannot be decoded`, 'damaged');
    codec.pktTimebase = stream.timeBase;
    codec.threadCount = 0; // as many as there are cores
    codec.threadType = (FF_THREAD_FRAME | FF_THREAD_SLICE) as typeof FF_THREAD_FRAME;
    if (options.countOnly) setOptions(codec, { skip_loop_filter: 'all' }, path);
    check(codec.open2Sync(decoder), `${path} cannot be decoded`, 'unsupported');
    if (options.from !== undefined) {
      check(
        format.seekFrameSync(stream.index, BigInt(Math.round(options.from)), AVSEEK_FLAG_BACKWARD),
        `Cannot seek in ${path}`,
      );
    }

    let packets = 0;
    for (let draining = false; ; ) {
      if (!draining) {
        const read = packets === options.maxPackets ? AVERROR_EOF : format.readFrameSync(packet);
        // A read error is the end of what can be read; probe.ts compares with what the container announced.
        if (read < 0) draining = true;
        else if (packet.streamIndex !== stream.index) {
          packet.unref();
          continue;
        } else packets++;
        // Every frame is received after each packet, so the decoder never answers "full".
        if (codec.sendPacketSync(draining ? null : packet) < 0) report.errors++;
        packet.unref();
      }
      for (;;) {
        const received = codec.receiveFrameSync(frame);
        if (received === AVERROR_EOF) return;
        if (received === AVERROR_EAGAIN) break;
        if (received < 0) {
          report.errors++;
          if (draining) continue;
          break;
        }
        if (frame.decodeErrorFlags !== 0) report.errors++;
        yield frame;
        frame.unref();
      }
    }
  } finally {
    frame.free();
    packet.free();
    codec.freeContext();
  }
}

/** Presentation time of a decoded frame in ticks of its stream, `null` when the file does not say. */
export function timestampOf(frame: Frame): number | null {
  const ticks = frame.pts === AV_NOPTS_VALUE ? frame.bestEffortTimestamp : frame.pts;
  return ticks === AV_NOPTS_VALUE ? null : Number(ticks);
}

/** One packet of the video stream, in the order of the file. */
export interface PacketInfo {
  pts: number | null;
  duration: number;
  key: boolean;
  /** The container says that its frame is not presented. */
  hidden: boolean;
}

/** All packets of the video stream, and how far the other streams reach. Costs reading, not decoding. */
export function* readPackets(
  input: VideoInput,
): Generator<{ video: PacketInfo } | { otherEndSeconds: number }, void, undefined> {
  const packet = new Packet();
  packet.alloc();
  const bases = input.format.streams.map((stream) => stream.timeBase.toDouble());
  try {
    while (input.format.readFrameSync(packet) >= 0) {
      const pts = packet.pts === AV_NOPTS_VALUE ? null : Number(packet.pts);
      if (packet.streamIndex === input.stream.index) {
        yield {
          video: {
            pts,
            duration: Number(packet.duration),
            key: packet.isKeyframe,
            hidden: packet.hasFlags(AV_PKT_FLAG_DISCARD),
          },
        };
      } else if (pts !== null) {
        yield { otherEndSeconds: (pts + Number(packet.duration)) * (bases[packet.streamIndex] ?? 0) };
      }
      packet.unref();
    }
  } finally {
    packet.free();
  }
}
