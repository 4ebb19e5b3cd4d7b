import { expect, it } from 'vitest';
import { lengthAt, lengthText } from '../../../../renderer/features/review/timeline/LengthHandle.tsx';

it('lengths are whole segments unless single frames are asked for, from none to the whole video', () => {
  expect(lengthAt(39, false, 160)).toBe(32);
  expect(lengthAt(41, false, 160)).toBe(48);
  expect(lengthAt(41, true, 160)).toBe(41);
  expect([lengthAt(-30, false, 160), lengthAt(999, true, 160)]).toEqual([0, 160]);
});

it('a length is said in frames, segments and, where frames have one, time', () => {
  expect(lengthText(48, 0.04)).toBe('48 frames, 3 segments, 1.9 s');
  expect(lengthText(16, null)).toBe('16 frames, 1 segment');
  expect(lengthText(40, null)).toBe('40 frames, 2.5 segments');
});
