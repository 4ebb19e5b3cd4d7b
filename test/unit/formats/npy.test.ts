// .npy files against bytes and hashes of files that numpy.save (NumPy 2.4) wrote, and round trips.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../electron/formats/npy.ts';

/** A version 1 file with the header text and data given, padded as NumPy pads. */
function file(header: string, dataHex: string, { version = 1, length = 128 } = {}): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  const size = Buffer.alloc(lengthBytes);
  size.writeUIntLE(length - start, 0, lengthBytes);
  const text = Buffer.from(header.padEnd(length - start - 1) + '\n', 'latin1');
  return Buffer.concat([
    Buffer.from('934e554d505900', 'hex').fill(version, 6),
    Buffer.alloc(1),
    size,
    text,
    Buffer.from(dataHex, 'hex'),
  ]);
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe('writeNpy', () => {
  it.each([
    [[3], 'c03d6ae57a2a6e07646376c9d702d86a7bede33a316b1cc8a69d5dab444bb9e8'],
    [[7, 48, 19], '236897562306acefb3e9f771f8d76594677a73c2c6e13f414cb2e18a50765c29'],
    [[0, 4], '74c76010cb63e5e4e59ec3e34d6becc468f0038b8b742f2842fa1c2d36eb614e'],
    [[], '25b1313316fef127cb527c8ec54f131e92a1d9155913172b1a36d9486e3668a0'],
    [[12345678, 0], 'fe26eef36f8261d046755e009dfb8e5832dabd87618d483ff6772e44f64ac31d'],
    [
      [1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 1, 1],
      '13f11235500602e33ea56f44cf4aef7d7a59e3881af92c0566b42dbaeb899f4f',
    ],
    [Array<number>(15).fill(1), 'a11c930f390ba5ac0f8eed1862a55dff2764c929761f804a26e706eaf4c0f44d'],
    [Array<number>(17).fill(1), '8d0e020460ee06f83b5031092afc361b1022b93450c7763735181332b64d43a1'],
  ])('equals numpy.save for arange float32 of shape %j', (shape, expected) => {
    const count = shape.reduce((a, b) => a * b, 1);
    expect(
      sha256(
        writeNpy(
          Float32Array.from({ length: count }, (_, i) => i),
          shape,
          'f4',
        ),
      ),
    ).toBe(expected);
  });

  it('equals numpy.save for every type', () => {
    const six = [0, 1, 2, 3, 4, 5];
    const hashes = [
      writeNpy(Uint8Array.from(six), [2, 3], 'u1'),
      writeNpy(Int8Array.from(six), [2, 3], 'i1'),
      writeNpy(Uint8Array.from([0, 1, 1, 1, 1, 1]), [2, 3], 'b1'),
      writeNpy(Int16Array.from(six), [2, 3], 'i2'),
      writeNpy(Int32Array.from(six), [2, 3], 'i4'),
      writeNpy(BigInt64Array.from(six.map(BigInt)), [2, 3], 'i8'),
      writeNpy(Float64Array.from(six), [2, 3], 'f8'),
    ].map(sha256);
    expect(hashes).toEqual([
      '1aa49be8db2728d7ecdcc4ec0f3f18181827aaeffc9b890db59bda865076448a',
      '63e376fdd33d87d423da02304d8e9348b8ac0089c14f458cc69b79e318201bf4',
      '1f0766811dec0c4ab65ef711e66c7b9f5f0102933ebf48248dcdf31606a3457a',
      '4c6c78ed5e2780a5b2acf41a13bdd322ea64a73251e247a0db57109f7d402408',
      '13c3cd0866e72d1598ffe111222ab361cfdb9f90686c6b33dec4297fd5449290',
      '93667f9d4ebb559bf5edd298e9a5d5fbf21929dabcbc44c344a8124b82a1fe76',
      '8cc97358caab52235176ec3a51d735d7ff7465b525d3849bad2d98c86c98d47d',
    ]);
  });

  it('refuses a shape that does not fit', () => {
    expect(() => writeNpy(new Float32Array(5), [2, 3], 'f4')).toThrow(/does not fit/);
  });
});

describe('readNpy', () => {
  it('reads big-endian, Fortran order, half floats, booleans, 64-bit integers and a scalar', () => {
    expect(
      readNpy(file(header('>i4', '(2, 3)'), '0000000100000002000000030000000400000005fffffffa'), 'x'),
    ).toEqual({
      shape: [2, 3],
      dtype: 'i4',
      data: Int32Array.of(1, 2, 3, 4, 5, -6),
    });
    const fortran =
      '00000c00040010000800140001000d00050011000900150002000e00060012000a00160003000f00070013000b001700';
    expect(readNpy(file(header('<i2', '(2, 3, 4)', 'True'), fortran), 'x').data).toEqual(
      Int16Array.from({ length: 24 }, (_, i) => i),
    );
    expect([...readNpy(file(header('<f2', '(7,)'), '003c00c1ff7b01005435007c0080'), 'x').data]).toEqual([
      1,
      -2.5,
      65504,
      2 ** -24,
      0.3330078125,
      Number.POSITIVE_INFINITY,
      -0,
    ]);
    expect(readNpy(file(header('<f2', '(1,)'), '007e'), 'x').data[0]).toBeNaN();
    expect(readNpy(file(header('|b1', '(3,)'), '010001'), 'x').data).toEqual(Uint8Array.of(1, 0, 1));
    expect(readNpy(file(header('<i8', '(2,)'), '010000000000200000000000000000c0'), 'x').data).toEqual(
      BigInt64Array.of(2n ** 53n + 1n, -(2n ** 62n)),
    );
    expect(readNpy(file(header('<f8', '()'), '0000000000000c40'), 'x')).toEqual({
      shape: [],
      dtype: 'f8',
      data: Float64Array.of(3.5),
    });
  });

  it('takes any header length, versions 2 and 3, and shapes written by Python 2', () => {
    for (const { version, length } of [
      { version: 1, length: 80 },
      { version: 2, length: 127 },
      { version: 3, length: 70_000 },
    ]) {
      expect(readNpy(file(header('|i1', '(2L,)'), '807f', { version, length }), 'x').data).toEqual(
        Int8Array.of(-128, 127),
      );
    }
  });

  it('reads out of a Buffer that shares its memory, and leaves it alone', () => {
    const shared = Buffer.concat([Buffer.alloc(3), file(header('>i2', '(2,)'), '00010002')]);
    const before = Buffer.from(shared);
    const { data } = readNpy(shared.subarray(3), 'x');
    expect(data).toEqual(Int16Array.of(1, 2));
    data[0] = 9;
    expect(shared.equals(before)).toBe(true);
  });

  it('refuses object arrays because they are pickles, and says so', () => {
    expect(() => readNpy(file(header('|O', '(1,)'), '80'), 'gt_label.npy')).toThrow(
      /gt_label\.npy is an object array.*runs code/,
    );
    expect(() =>
      readNpy(file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", '00000000'), 'x'),
    ).toThrow(/type record/);
    expect(() => readNpy(file(header('<c8', '(1,)'), '0000000000000000'), 'x')).toThrow(/type <c8/);
  });

  it('checks the size before it allocates', () => {
    expect(() => readNpy(file(header('<f4', '(1000000, 1000000, 1000)'), '00000000'), 'big.npy')).toThrow(
      /big\.npy is cut short/,
    );
    expect(() => readNpy(file(header('<f4', '(1,)'), '0000000000'), 'x')).toThrow(/more than one array/);
    expect(() => readNpy(file(header('<f4', '(99999999999999999999,)'), ''), 'x')).toThrow(
      /shape is not possible/,
    );
  });

  it('refuses every proper prefix of a file, and other files', () => {
    const whole = writeNpy(Float32Array.of(1, 2, 3), [3], 'f4');
    for (let n = 0; n < whole.length; n++)
      expect(() => readNpy(whole.subarray(0, n), 'part.npy')).toThrow(/part\.npy/);
    expect(() => readNpy(Buffer.from('PK\x03\x04 an archive of several arrays'), 'x.npz')).toThrow(
      /x\.npz is not a readable/,
    );
    expect(() => readNpy(Buffer.from(whole).fill(9, 6, 7), 'x')).toThrow(/version 9/);
  });

  it('reads back what was written', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.double()), (shape, numbers) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const values = Array.from({ length: count }, () => numbers.next().value as number);
        for (const [dtype, data] of [
          ['f8', Float64Array.from(values)],
          ['f4', Float32Array.from(values)],
          ['i2', Int16Array.from(values)],
          ['u1', Uint8Array.from(values)],
        ] as const) {
          const bytes = writeNpy(data as never, shape, dtype);
          expect((bytes.byteLength - data.byteLength) % 64).toBe(0);
          expect(readNpy(bytes, 'x')).toEqual({ shape, dtype, data });
        }
      }),
    );
  });
});
