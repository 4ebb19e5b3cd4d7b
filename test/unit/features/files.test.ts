// Ready features from files: finding, reading, loading; and what is refused, with the file named.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFeatureFiles } from '../../../electron/features/files.ts';
import { loadFeatures } from '../../../electron/features/load.ts';
import { readReadyFeatures } from '../../../electron/features/ready.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (content: string) => new TextEncoder().encode(content);

describe('readReadyFeatures', () => {
  it('takes (T, D) as one crop, and (T, crops, D), in float16, float32 and float64', () => {
    const flat = writeNpy(Float64Array.of(1, 2, 3, 4, 5, 0.1), [2, 3], 'f8');
    expect(readReadyFeatures(flat, 'a.npy')).toEqual({
      segments: 2,
      crops: 1,
      dim: 3,
      data: Float32Array.of(1, 2, 3, 4, 5, 0.1),
      float16: false,
    });
    const cropped = writeNpy(Float32Array.of(1, 2, 3, 4), [1, 2, 2], 'f4');
    expect(readReadyFeatures(cropped, 'a.npy')).toMatchObject({ segments: 1, crops: 2, dim: 2 });
    const half = Buffer.from(writeNpy(Int16Array.of(0x3c00, -0x3f00), [1, 2], 'i2'));
    half.write("'<f2'", half.indexOf("'<i2'"), 'latin1');
    expect(readReadyFeatures(half, 'a.npy')).toMatchObject({ data: Float32Array.of(1, -2.5), float16: true });
    expect(writeNpy(Float32Array.of(1, -2.5), [1, 2], 'f2')).toEqual(Uint8Array.from(half));
  });

  it('reads text with one row per segment, blanks or commas, with or without a last line end', () => {
    for (const content of ['0.5 1e-3 -2\n1 2 3\n', ' 0.5  1e-3 -2 \r\n1 2 3\r\n\r\n', '0.5,1e-3,-2\n1,2,3']) {
      expect(readReadyFeatures(text(content), 'a.txt')).toEqual({
        segments: 2,
        crops: 1,
        dim: 3,
        data: Float32Array.of(0.5, 0.001, -2, 1, 2, 3),
        float16: false,
      });
    }
  });

  it('keeps what was written as text', () => {
    const row = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const content = rows.map((values) => values.join(' ')).join('\n');
        expect([...readReadyFeatures(text(content), 'a.txt').data]).toEqual(rows.flat().map((x) => x + 0));
      }),
    );
  });

  const floats = (shape: number[], fill = 1) =>
    writeNpy(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill), shape, 'f4');
  it.each([
    ['rank 1', 'v.npy', floats([4]), /v\.npy has shape \(4\)/],
    ['rank 4', 'v.npy', floats([1, 2, 3, 4]), /v\.npy has shape \(1, 2, 3, 4\)/],
    ['no segments', 'v.npy', floats([0, 10, 2048]), /v\.npy is empty/],
    ['integers', 'v.npy', writeNpy(Int32Array.of(1, 2), [1, 2], 'i4'), /v\.npy holds elements of type i4/],
    [
      'NaN',
      'v.npy',
      writeNpy(Float32Array.of(1, 2, 3, Number.NaN), [2, 2], 'f4'),
      /v\.npy holds NaN in segment 1/,
    ],
    ['infinity', 'v.npy', floats([2, 2], Number.NEGATIVE_INFINITY), /v\.npy holds -Infinity in segment 0/],
    ['beyond float32', 'v.npy', writeNpy(Float64Array.of(1e300), [1, 1], 'f8'), /v\.npy holds Infinity/],
    ['a truncated file', 'v.npy', floats([2, 2]).subarray(0, 140), /v\.npy is cut short/],
    ['ragged rows', 'v.txt', text('1 2 3\n4 5\n'), /v\.txt, line 2: 2 numbers where the first line has 3/],
    ['an empty line', 'v.txt', text('1\n\n2\n'), /v\.txt, line 2: "" is not a number/],
    ['words', 'v.txt', text('1 2\n3 four\n'), /v\.txt, line 2: "four" is not a number/],
    ['nan in text', 'v.txt', text('1 2\n3 nan\n'), /v\.txt holds NaN in segment 1/],
    ['an empty text', 'v.txt', text('\n\n'), /v\.txt is empty/],
  ])('refuses %s', (_, name, bytes, message) => {
    expect(() => readReadyFeatures(bytes, name)).toThrow(message);
  });
});

describe('findFeatureFiles', () => {
  it('lists .npy files and numeric text below folders, sorted, and picked files as they are', async () => {
    const root = join(folder, 'found');
    await mkdir(join(root, 'b', '.cache'), { recursive: true });
    for (const [name, content] of [
      ['b/2.npy', 'x'],
      ['b/10.NPY', 'x'],
      ['a.txt', '0.1 2e-3\n'],
      ['README.txt', 'Notes on 10 videos'],
      ['list.txt', '01_0014.mp4 3\n'],
      ['b/.cache/1.npy', 'x'],
      ['b/clip.mp4', 'x'],
    ]) {
      await writeFile(join(root, name), content);
    }
    const found = await findFeatureFiles([root]);
    expect(found).toEqual(
      ['a.txt', 'b/10.NPY', 'b/2.npy'].map((relPath) => ({ path: join(root, relPath), relPath })),
    );
    expect(
      await findFeatureFiles([join(root, 'README.txt'), join(root, 'b/2.npy'), join(root, 'b')]),
    ).toEqual([
      { path: join(root, 'b/10.NPY'), relPath: '10.NPY' },
      { path: join(root, 'b/2.npy'), relPath: '2.npy' },
      { path: join(root, 'README.txt'), relPath: 'README.txt' },
    ]);
    await expect(findFeatureFiles([join(root, 'gone')])).rejects.toThrow(/ENOENT/);
  });
});

describe('loadFeatures', () => {
  const stored = async (name: string, values: number[], shape: number[]) => {
    const path = join(folder, name);
    await writeFile(path, writeNpy(Float32Array.from(values), shape, 'f4'));
    return path;
  };

  it('reads files in order', async () => {
    const first = await stored('first.npy', [1, 2, 3, 4], [2, 1, 2]);
    const second = await stored('second.npy', [5, 6], [1, 1, 2]);
    const sources = [
      { videoId: 7, path: second, segments: 1, crops: 1, dim: 2 },
      { videoId: 3, path: first, segments: 2, crops: 1, dim: 2 },
    ];
    expect(await loadFeatures(sources)).toEqual([
      { videoId: 7, segments: 1, crops: 1, dim: 2, data: Float32Array.of(5, 6) },
      { videoId: 3, segments: 2, crops: 1, dim: 2, data: Float32Array.of(1, 2, 3, 4) },
    ]);
  });

  it('refuses other shapes, mixed kinds, NaN and missing files, naming the file', async () => {
    const good = {
      videoId: 1,
      path: await stored('good.npy', [1, 2], [1, 1, 2]),
      segments: 1,
      crops: 1,
      dim: 2,
    };
    const source = (path: string, more = {}) => [good, { ...good, videoId: 2, path, ...more }];
    const wide = await stored('wide.npy', [1, 2, 3], [1, 1, 3]);
    await expect(loadFeatures(source(wide))).rejects.toThrow(
      /wide\.npy.*\(1, 1, 3\) instead of f4 of shape \(1, 1, 2\)/,
    );
    await expect(loadFeatures(source(wide, { dim: 3 }))).rejects.toThrow(
      /video 2 .*wide\.npy.*video 1 has 1 of 2/,
    );
    const nan = await stored('nan.npy', [1, Number.NaN], [1, 1, 2]);
    await expect(loadFeatures(source(nan))).rejects.toThrow(/nan\.npy\) holds NaN in segment 0/);
    const doubles = join(folder, 'doubles.npy');
    await writeFile(doubles, writeNpy(Float64Array.of(1, 2), [1, 1, 2], 'f8'));
    await expect(loadFeatures(source(doubles))).rejects.toThrow(/doubles\.npy.*holds f8/);
    await expect(loadFeatures(source(join(folder, 'gone.npy')))).rejects.toThrow(/gone\.npy/);
  });
});
