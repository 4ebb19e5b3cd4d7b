import { describe, expect, it } from 'vitest';
import { chordOf, chordsOfPress, type Keyboard, typesSign } from '../../../../renderer/state/chords.ts';

type Held = 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey';
const US: Keyboard = { mac: false, plain: new Map() };
const press = (key: string, code: string, ...held: (Held | 'AltGraph')[]) => ({
  key,
  code,
  ctrlKey: held.includes('ctrlKey'),
  metaKey: held.includes('metaKey'),
  altKey: held.includes('altKey'),
  shiftKey: held.includes('shiftKey'),
  getModifierState: (name: string) => name === 'AltGraph' && held.includes('AltGraph'),
});

it('names chords with modifiers in one order', () => {
  expect(chordOf(press('I', 'KeyI', 'ctrlKey'), US)).toBe('ctrl+i');
  expect(chordOf(press('k', 'KeyK', 'metaKey'), US)).toBe('ctrl+k');
  expect(chordOf(press('F6', 'F6', 'shiftKey'), US)).toBe('shift+f6');
  expect(chordOf(press('[', 'BracketLeft', 'altKey'), US)).toBe('alt+[');
  expect(chordOf(press('ArrowLeft', 'ArrowLeft', 'altKey'), US)).toBe('alt+arrowleft');
  expect(chordOf(press(' ', 'Space'), US)).toBe('space');
  expect(chordOf(press('Z', 'KeyZ', 'ctrlKey', 'shiftKey'), US)).toBe('ctrl+shift+z');
});

it('takes a printed sign as it is, whatever the keyboard needs to hold for it', () => {
  expect(chordOf(press('?', 'Slash', 'shiftKey'), US)).toBe('?');
  expect(chordsOfPress(press('{', 'BracketLeft', 'altKey', 'shiftKey'), US)).toEqual(['alt+{']);
});

describe('on macOS', () => {
  const american: Keyboard = { mac: true, plain: new Map() };
  const german: Keyboard = {
    mac: true,
    plain: new Map([
      ['BracketLeft', 'ü'],
      ['BracketRight', '+'],
      ['Digit5', '5'],
      ['KeyY', 'z'],
    ]),
  };
  const french: Keyboard = {
    mac: true,
    plain: new Map([
      ['KeyQ', 'a'],
      ['Digit5', '('],
    ]),
  };

  it('Option and a bracket nudge an edge, whatever quote they would type', () => {
    expect(chordOf(press('“', 'BracketLeft', 'altKey'), american)).toBe('alt+[');
    expect(chordOf(press('”', 'BracketLeft', 'altKey', 'shiftKey'), american)).toBe('alt+{');
    expect(chordOf(press('‘', 'BracketRight', 'altKey'), american)).toBe('alt+]');
    expect(chordOf(press('’', 'BracketRight', 'altKey', 'shiftKey'), american)).toBe('alt+}');
    expect(chordOf(press('Dead', 'KeyN', 'altKey'), american)).toBe('alt+n');
    expect(chordOf(press('Í', 'KeyS', 'altKey', 'shiftKey'), american)).toBe('alt+shift+s');
  });

  it('a German keyboard types [ with Option 5, and nudges where [ would be', () => {
    expect(chordOf(press('[', 'Digit5', 'altKey'), german)).toBe('[');
    expect(chordsOfPress(press('•', 'BracketLeft', 'altKey'), german)).toEqual(['alt+ü', 'alt+[']);
    expect(chordsOfPress(press('±', 'BracketRight', 'altKey'), german)).toEqual(['alt++', 'alt+]']);
    expect(chordsOfPress(press('°', 'BracketLeft', 'altKey', 'shiftKey'), german)).toContain('alt+{');
    expect(chordOf(press('‡', 'KeyY', 'altKey'), german)).toBe('alt+z');
  });

  it('a French keyboard types [ with Option Shift 5, and Option a is a', () => {
    expect(chordOf(press('[', 'Digit5', 'altKey', 'shiftKey'), french)).toBe('[');
    expect(chordOf(press('æ', 'KeyQ', 'altKey'), french)).toBe('alt+a');
  });

  it('what Option types into a text is text', () => {
    expect(typesSign(press('“', 'BracketLeft', 'altKey'), american)).toBe(true);
    expect(typesSign(press('Dead', 'KeyE', 'altKey'), american)).toBe(true);
    expect(typesSign(press('ArrowLeft', 'ArrowLeft', 'altKey'), american)).toBe(false);
    expect(typesSign(press('z', 'KeyZ', 'metaKey'), american)).toBe(false);
  });
});

describe('on other keyboards', () => {
  it('AltGr types a sign, on Windows also where it counts as Ctrl and Alt', () => {
    expect(chordsOfPress(press('[', 'Digit8', 'AltGraph'), US)).toEqual(['[']);
    expect(chordsOfPress(press('[', 'Digit8', 'AltGraph', 'ctrlKey', 'altKey'), US)).toEqual(['[']);
    expect(chordsOfPress(press('ą', 'KeyA', 'AltGraph'), US)).toEqual(['ą']); // no verdict
  });

  it('Alt goes by the place where no key types the sign with it', () => {
    expect(chordsOfPress(press('ü', 'BracketLeft', 'altKey'), US)).toEqual(['alt+ü', 'alt+[']);
    expect(chordsOfPress(press('Dead', 'BracketLeft', 'altKey'), US)).toContain('alt+['); // AZERTY: ^
    expect(chordsOfPress(press('Ü', 'BracketLeft', 'altKey', 'shiftKey'), US)).toContain('alt+{');
  });

  it('AZERTY gives classes with and without Shift, and its minus stays a minus', () => {
    expect(chordOf(press('1', 'Digit1', 'shiftKey'), US)).toBe('1');
    expect(chordsOfPress(press('&', 'Digit1'), US)).toEqual(['&', '1']);
    expect(chordOf(press('-', 'Digit6'), US)).toBe('-');
  });

  it('letters of another script count by their place, Latin ones never', () => {
    expect(chordsOfPress(press('ф', 'KeyA'), US)).toEqual(['ф', 'a']);
    expect(chordsOfPress(press('я', 'KeyZ', 'ctrlKey'), US)).toEqual(['ctrl+я', 'ctrl+z']);
    expect(chordsOfPress(press('ü', 'BracketLeft'), US)).toEqual(['ü']);
    expect(chordsOfPress(press('a', 'KeyQ'), US)).toEqual(['a']);
  });
});
