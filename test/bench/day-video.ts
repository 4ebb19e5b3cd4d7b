// A video of any length from a short one, without encoding it: the sample tables of an MP4 say the same pictures again and
// again. Role: footage of 24 hours in a second and in a few megabytes. Limits: one video track, no edit list games; the
// pictures repeat, the frame table does not.
import { readFileSync, writeFileSync } from 'node:fs';

interface Box {
  type: string;
  /** Of the whole box, and of what is behind its header. */
  start: number;
  body: number;
  end: number;
}

function boxes(file: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const short = file.readUInt32BE(at);
    const size = short === 1 ? Number(file.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short;
    found.push({
      type: file.toString('latin1', at + 4, at + 8),
      start: at,
      body: at + (short === 1 ? 16 : 8),
      end: at + size,
    });
    at += size;
  }
  return found;
}

function only(file: Buffer, parent: { body: number; end: number }, type: string): Box {
  const found = boxes(file, parent.body, parent.end).find((box) => box.type === type);
  if (!found) throw new Error(`No ${type} in the file to repeat.`);
  return found;
}

const box = (type: string, ...parts: Buffer[]): Buffer => {
  const size = 8 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
};

/** A full box (version and flags 0) with a count and `values` of 32 bits. */
const table = (type: string, count: number, values: Uint32Array, before: readonly number[] = []): Buffer => {
  const bytes = Buffer.alloc(4 + 4 * before.length + 4 + 4 * values.length);
  before.forEach((value, i) => {
    bytes.writeUInt32BE(value, 4 + 4 * i);
  });
  bytes.writeUInt32BE(count, 4 + 4 * before.length);
  const at = 8 + 4 * before.length;
  for (let i = 0; i < values.length; i++) bytes.writeUInt32BE(values[i], at + 4 * i);
  return box(type, bytes);
};

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

/** Entries of a table as one row per sample: `[count, value]` pairs written out. */
function perSample(file: Buffer, { body }: Box): number[] {
  const out: number[] = [];
  for (let i = 0; i < file.readUInt32BE(body + 4); i++) {
    const value = file.readInt32BE(body + 12 + 8 * i);
    for (let n = file.readUInt32BE(body + 8 + 8 * i); n > 0; n--) out.push(value);
  }
  return out;
}

/**
 * Writes `target`: the pictures of the MP4 `source`, `times` times one after the other, every frame at its own time.
 * @param source H.264 in MP4 with `moov` in front, as encode.ts writes it; its first frame is a key frame
 * @returns frames in all
 */
export function repeatVideo(source: string, target: string, times: number): number {
  const file = readFileSync(source);
  const top = { body: 0, end: file.length };
  const moov = only(file, top, 'moov');
  const mdat = only(file, top, 'mdat');
  const trak = only(file, moov, 'trak');
  const mdia = only(file, trak, 'mdia');
  const minf = only(file, mdia, 'minf');
  const stbl = only(file, minf, 'stbl');
  const part = (type: string) => only(file, stbl, type);

  const stsz = part('stsz');
  const samples = file.readUInt32BE(stsz.body + 8);
  const sizes = Array.from({ length: samples }, (_, i) => file.readUInt32BE(stsz.body + 12 + 4 * i));
  // Ticks as long as they can be: a day of fine ones does not fit 32 bits.
  const unit = [...perSample(file, part('stts')), ...perSample(file, part('ctts'))].reduce(gcd, 0);
  const durations = perSample(file, part('stts')).map((ticks) => ticks / unit);
  const total = durations.reduce((sum, ticks) => sum + ticks, 0);
  const offsets = perSample(file, part('ctts')).map((ticks) => ticks / unit);
  const keys = part('stss');
  const keyNumbers = Array.from({ length: file.readUInt32BE(keys.body + 4) }, (_, i) =>
    file.readUInt32BE(keys.body + 8 + 4 * i),
  );

  const all = samples * times;
  const repeated = (values: readonly number[]) => {
    const out = new Uint32Array(all);
    for (let i = 0; i < all; i++) out[i] = values[i % samples];
    return out;
  };
  const pairs = new Uint32Array(2 * all);
  for (let i = 0; i < all; i++) {
    pairs[2 * i] = 1;
    pairs[2 * i + 1] = offsets[i % samples];
  }
  const keyTable = new Uint32Array(keyNumbers.length * times);
  for (let i = 0; i < keyTable.length; i++)
    keyTable[i] = keyNumbers[i % keyNumbers.length] + samples * Math.floor(i / keyNumbers.length);
  const head = file.subarray(0, moov.start);

  /** Everything but the place of the pictures, which lies behind all of it. */
  const build = (place: number): Buffer => {
    const tables = box(
      'stbl',
      file.subarray(part('stsd').start, part('stsd').end),
      table(
        'stts',
        times,
        new Uint32Array(2 * times).map((_, i) => (i % 2 === 0 ? samples : total / samples)),
      ),
      table('ctts', all, pairs),
      table('stss', keyTable.length, keyTable),
      // One chunk holds all samples of the source; there are as many chunks as repetitions, all at the same place.
      table('stsc', 1, Uint32Array.of(1, samples, 1)),
      table('stsz', all, repeated(sizes), [0]),
      table('stco', times, new Uint32Array(times).fill(place)),
    );
    const others = (parent: Box, changed: Record<string, Buffer>) =>
      box(
        parent.type,
        ...boxes(file, parent.body, parent.end).flatMap((child) =>
          child.type === 'edts' || child.type === 'udta'
            ? []
            : [changed[child.type] ?? file.subarray(child.start, child.end)],
        ),
      );
    /** A header whose 32-bit (version 0) duration lies `at` bytes into its body. */
    const lasting = (header: Box, at: number, scale: number) => {
      const copy = Buffer.from(file.subarray(header.start, header.end));
      if (copy[8] !== 0) throw new Error(`${header.type} of version 1 is not expected here.`);
      copy.writeUInt32BE(Math.round(scale), 8 + at);
      return copy;
    };
    const mdhd = only(file, mdia, 'mdhd');
    const mvhd = only(file, moov, 'mvhd');
    const mediaScale = file.readUInt32BE(mdhd.body + 12) / unit;
    const media = lasting(mdhd, 16, total * times);
    media.writeUInt32BE(mediaScale, 8 + 12);
    // The movie's clock is the track's: its own may be as fine as the ticks were.
    const movieTicks = total * times;
    const movie = lasting(mvhd, 16, movieTicks);
    movie.writeUInt32BE(mediaScale, 8 + 12);
    return others(moov, {
      mvhd: movie,
      trak: others(trak, {
        tkhd: lasting(only(file, trak, 'tkhd'), 20, movieTicks),
        mdia: others(mdia, {
          mdhd: media,
          minf: others(minf, { stbl: tables }),
        }),
      }),
    });
  };

  const length = build(0).length;
  const place = head.length + length + 8;
  writeFileSync(target, Buffer.concat([head, build(place), box('mdat', file.subarray(mdat.body, mdat.end))]));
  return all;
}
