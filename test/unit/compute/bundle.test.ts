import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBundle, writeBundle } from '../../../electron/compute/bundle.ts';

test('a bundle comes back as it was written', () => {
  const arrays = fc.dictionary(
    fc.string(),
    fc
      .array(fc.float(), { maxLength: 20 })
      .map((list) => ({ shape: [list.length], data: Float32Array.from(list) })),
  );
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, arrays, (note, values) => {
      const read = readBundle(writeBundle({ note }, values), 'The file');
      expect(read.content).toEqual({ note });
      expect({ ...read.arrays }).toEqual({ ...values });
    }),
  );
});

test('shapes, scalars and views are kept', () => {
  const data = Float32Array.of(9, 1, 2, 3, 4, 9).subarray(1, 5);
  const scalar = { shape: [], data: Float32Array.of(7) };
  const { arrays } = readBundle(writeBundle(null, { matrix: { shape: [2, 2], data }, scalar }), 'The file');
  expect(arrays).toEqual({ matrix: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, scalar });
});

test('anything else is refused by name', () => {
  const whole = writeBundle({ a: 1 }, { x: { shape: [3], data: new Float32Array(3) } });
  for (let length = 0; length < whole.length; length++) {
    expect(() => readBundle(whole.subarray(0, length), 'The checkpoint')).toThrow(
      /^The checkpoint is damaged/,
    );
  }
  expect(() => readBundle(new Uint8Array([...whole, 0]), 'The checkpoint')).toThrow(
    'longer than its header says',
  );
  expect(() => readBundle(whole.with(0, 0), 'The checkpoint')).toThrow('does not begin');
  expect(() => readBundle(whole.with(14, 0), 'The checkpoint')).toThrow('its header cannot be read');
});

test('reads from a Buffer that shares its memory with others, as readFile gives', () => {
  const bytes = writeBundle(null, { values: { shape: [3], data: new Float32Array([1, 2, 3]) } });
  const shared = Buffer.alloc(bytes.length + 64, 0xff);
  shared.set(bytes, 32);
  const { arrays } = readBundle(shared.subarray(32, 32 + bytes.length), 'The checkpoint');
  expect([...arrays.values!.data]).toEqual([1, 2, 3]);
});

test('an array may be called __proto__', () => {
  const data = Float32Array.of(1);
  const { arrays } = readBundle(writeBundle(null, { ['__proto__']: { shape: [1], data } }), 'The file');
  expect(Object.entries(arrays)).toEqual([['__proto__', { shape: [1], data }]]);
});
