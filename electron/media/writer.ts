// Writes one video stream into a container. Role: encoder and muxer behind three calls, for encode.ts and proxy.ts.
// Limits: frames come in presentation order, already in the encoder's pixel format and size; no audio.
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_GLOBALHEADER,
  type FFVideoEncoder,
} from 'node-av/constants';
import { Codec, CodecContext, FormatContext, type Frame, Packet, Rational } from 'node-av/lib';
import { AppError } from '../../shared/errors.ts';
import { check, type Ratio, setOptions } from './ffmpeg.ts';

export type ContainerName = 'mp4' | 'avi' | 'matroska';

export interface WriterOptions {
  container: ContainerName;
  encoder: FFVideoEncoder;
  width: number;
  height: number;
  /** Unit of every frame's `pts` and `duration`. */
  timeBase: Ratio;
  /** Nominal rate: for rate control and headers only. */
  frameRate: Ratio;
  gop: number;
  maxBFrames: number;
  /** Private options of the encoder, such as `preset` and `crf`. */
  codecOptions: Record<string, string | number>;
  /** Shape of a pixel; 0/1 means unknown. */
  pixelAspect?: Ratio;
  /** Rotation for players, as FFmpeg's 36-byte display matrix. */
  displayMatrix?: Buffer;
  /** Last settings before the encoder is opened. */
  prepare?: (codec: CodecContext) => void;
}

export interface VideoWriter {
  /** Encodes one frame; its `pts` must be larger than the one before. The frame stays the caller's. */
  write(frame: Frame): void;
  /** Drains the encoder and completes the file; returns the number of packets written. */
  finish(): number;
  /** Frees everything; safe at any time, also after `finish`. An unfinished file stays on disk for the caller to remove. */
  close(): void;
}

/** Opens `path` for writing. @throws AppError when the encoder or the file cannot be opened. */
export function openVideoWriter(path: string, options: WriterOptions): VideoWriter {
  const doing = `Could not write ${path}`;
  const encoder = Codec.findEncoderByName(options.encoder);
  if (!encoder) throw new AppError('unavailable', `This build of FFmpeg has no ${options.encoder} encoder.`);
  const format = new FormatContext();
  const codec = new CodecContext();
  const packet = new Packet();
  packet.alloc();
  let open = false;
  let closed = false;

  function close(): void {
    if (closed) return;
    closed = true;
    packet.free();
    codec.freeContext();
    if (open) format.closeOutputSync();
    format.freeContext();
  }

  try {
    check(format.allocOutputContext2(null, options.container, path), doing);
    codec.allocContext3(encoder);
    codec.width = options.width;
    codec.height = options.height;
    codec.pixelFormat = AV_PIX_FMT_YUV420P;
    codec.timeBase = new Rational(options.timeBase.num, options.timeBase.den);
    codec.framerate = new Rational(options.frameRate.num, options.frameRate.den);
    codec.gopSize = options.gop;
    codec.maxBFrames = options.maxBFrames;
    codec.threadCount = 0;
    if (options.pixelAspect)
      codec.sampleAspectRatio = new Rational(options.pixelAspect.num, options.pixelAspect.den);
    if (format.oformat?.hasFlags(AVFMT_GLOBALHEADER)) codec.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    options.prepare?.(codec);
    setOptions(codec, options.codecOptions, doing);
    check(codec.open2Sync(encoder), `${doing} with ${options.encoder}`);
    const stream = format.newStream(encoder);
    check(codec.parametersFromContext(stream.codecpar), doing);
    stream.timeBase = codec.timeBase;
    stream.avgFrameRate = codec.framerate;
    stream.sampleAspectRatio = codec.sampleAspectRatio;
    if (options.displayMatrix) {
      check(stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, options.displayMatrix), doing);
    }
    check(format.openOutputSync(), doing);
    open = true;
    if (options.container === 'mp4') setOptions(format, { movflags: '+faststart' }, doing);
    check(format.writeHeaderSync(), doing);
  } catch (error) {
    close();
    throw error;
  }

  const stream = format.streams[0];
  const target = stream.timeBase; // the muxer may have chosen another one than asked for
  let packets = 0;

  function drain(): void {
    for (;;) {
      const result = codec.receivePacketSync(packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      check(result, doing);
      packet.rescaleTs(options.timeBase, target);
      packet.streamIndex = 0;
      check(format.interleavedWriteFrameSync(packet), doing);
      packets++;
    }
  }

  return {
    write(frame) {
      check(codec.sendFrameSync(frame), doing);
      drain();
    },
    finish() {
      check(codec.sendFrameSync(null), doing);
      drain();
      check(format.writeTrailerSync(), doing);
      close();
      return packets;
    },
    close,
  };
}
