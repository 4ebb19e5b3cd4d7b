// Which video a feature file belongs to, by the tail of its path.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestMatches, stemOf } from '../../../shared/labels/matching.ts';

const named = (...stems: string[]) => stems.map((stem, id) => ({ id, stem }));
const match = (stem: string, ...stems: string[]) => bestMatches(stem, named(...stems)).map((m) => m.stem);

describe('stemOf', () => {
  it('drops the last extension of the last part only', () => {
    expect(stemOf('a.b/clip.x264.mp4')).toBe('a.b/clip.x264');
    expect(stemOf('a.b/clip')).toBe('a.b/clip');
    expect(stemOf('a/.hidden')).toBe('a/.hidden');
  });
});

describe('bestMatches', () => {
  it('takes whole parts: a stem inside another one is no match', () => {
    expect(match('Normal_Videos058_x264', 'Normal_Videos_058_x264', 'xNormal_Videos058_x264')).toEqual([]);
    expect(match('Normal_Videos058_x264', 'train/Normal_Videos058_x264')).toEqual([
      'train/Normal_Videos058_x264',
    ]);
  });

  it('prefers the longest common tail', () => {
    expect(match('features/test/01', 'data/train/01', 'data/test/01')).toEqual(['data/test/01']);
    expect(match('01', 'train/01', 'test/01')).toEqual(['train/01', 'test/01']);
  });

  it('finds a video under any prefix when all stems differ', () => {
    const part = fc.stringMatching(/^[a-z0-9_.#=]{1,6}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(part, { minLength: 1, maxLength: 8 }),
        fc.array(part, { maxLength: 3 }),
        fc.nat(),
        (stems, prefix, pick) => {
          const wanted = stems[pick % stems.length];
          const found = bestMatches(
            [...prefix, wanted].join('/'),
            named(...stems.map((stem) => `some/where/${stem}`)),
          );
          expect(found.map((f) => f.stem)).toEqual([`some/where/${wanted}`]);
        },
      ),
    );
  });
});
