import { expect, it } from 'vitest';
import { chordOf, keyText } from '../../../../renderer/state/keys.ts';

const key = (
  name: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

it('names chords with modifiers in one order', () => {
  expect(chordOf(key('I', { ctrlKey: true }))).toBe('ctrl+i');
  expect(chordOf(key('k', { metaKey: true }))).toBe('ctrl+k');
  expect(chordOf(key('F6', { shiftKey: true }))).toBe('shift+f6');
  expect(chordOf(key('[', { altKey: true }))).toBe('alt+[');
  expect(chordOf(key(' '))).toBe('space');
  expect(chordOf(key('Z', { ctrlKey: true, shiftKey: true }))).toBe('ctrl+shift+z');
});

it('takes a printed sign as it is, whatever the keyboard needs to hold for it', () => {
  expect(chordOf(key('?', { shiftKey: true }))).toBe('?');
});

it('writes chords for people', () => {
  expect([keyText('ctrl+enter'), keyText('ctrl+i'), keyText('f6')]).toEqual(['Ctrl Enter', 'Ctrl I', 'F6']);
});
