// Keys that a person changed: no key twice where it counts, back to what they were, and as a file.
import { describe, expect, it } from 'vitest';
import { KEY_ACTIONS, LIBRARY_KEYS, SHELL_KEYS } from '../../../../renderer/features/keys/actions.ts';
import {
  chordsUnder,
  exportKeys,
  importKeys,
  isWholeChord,
  obstacleTo,
  withChords,
} from '../../../../renderer/state/bindings.ts';

const action = (id: string) => {
  const found = KEY_ACTIONS.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};
const goTo = action('review.goTo');

describe('keys as they come', () => {
  it('are nowhere in each other’s way', () => {
    for (const one of KEY_ACTIONS) {
      for (const chord of one.chords) expect(obstacleTo(chord, one, KEY_ACTIONS, {}), chord).toBeNull();
    }
  });
});

describe('another key', () => {
  it('is refused where it is taken, in the same screen or everywhere, and free elsewhere', () => {
    expect(obstacleTo('n', goTo, KEY_ACTIONS, {})).toEqual({
      kind: 'taken',
      by: action('review.nextEvent'),
    });
    expect(obstacleTo('ctrl+k', goTo, KEY_ACTIONS, {})).toEqual({ kind: 'taken', by: SHELL_KEYS.palette });
    expect(obstacleTo('ctrl+i', goTo, KEY_ACTIONS, {})).toBeNull(); // the library's
    expect(obstacleTo('ctrl+i', SHELL_KEYS.palette, KEY_ACTIONS, {})).toEqual({
      kind: 'taken',
      by: LIBRARY_KEYS.import,
    });
    expect(obstacleTo('tab', goTo, KEY_ACTIONS, {})?.kind).toBe('reserved');
    expect(obstacleTo('3', goTo, KEY_ACTIONS, {})?.kind).toBe('reserved');
  });

  it('is free once its action has another one, and taken by the action it was given to', () => {
    const overrides = withChords({}, action('review.nextEvent'), ['ctrl+j']);
    expect(obstacleTo('n', goTo, KEY_ACTIONS, overrides)).toBeNull();
    expect(obstacleTo('ctrl+j', goTo, KEY_ACTIONS, overrides)?.kind).toBe('taken');
  });

  it('is no change when it is the one it came with', () => {
    const changed = withChords({}, goTo, ['g', 'ctrl+g']);
    expect(changed).toEqual({ 'review.goTo': ['g', 'ctrl+g'] });
    expect(withChords(changed, goTo, ['g'])).toEqual({});
    expect(withChords({}, goTo, [])).toEqual({ 'review.goTo': [] });
  });

  it('that a person gave wins over one that an action of the same screen came with', () => {
    const given = { 'review.goTo': ['r', 'ctrl+k'] };
    const under = (id: string) => chordsUnder(given, id, action(id).chords);
    expect(under('review.goTo')).toEqual(['r', 'ctrl+k']);
    expect(under('review.bulk')).toEqual([]);
    expect(under('shell.palette')).toEqual([]);
    expect(chordsUnder({ 'library.find': ['r'] }, 'review.bulk', ['r'])).toEqual(['r']);
  });

  it('is more than a modifier', () => {
    expect(['ctrl+control', 'shift+shift', 'a', '+', 'ctrl+shift+arrowleft'].map(isWholeChord)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('a file of keys', () => {
  it('comes back as it was, without what is not known here', () => {
    const overrides = { 'review.goTo': ['ctrl+g'], 'review.nextEvent': ['+', 'alt+shift+n'].slice(1) };
    expect(importKeys(exportKeys(overrides), KEY_ACTIONS)).toEqual({ overrides, unknown: [] });
    const other = exportKeys({ ...overrides, 'later.action': ['q'] });
    expect(importKeys(other, KEY_ACTIONS)).toEqual({ overrides, unknown: ['later.action'] });
  });

  it('is refused with a sentence when it is none or contradicts itself', () => {
    for (const text of ['', '{}', '[1]', '{"zerolabelKeys":1,"keys":{"review.goTo":["not a chord"]}}'])
      expect(importKeys(text, KEY_ACTIONS)).toHaveProperty('problem');
    const twice = importKeys(exportKeys({ 'review.goTo': ['n'] }), KEY_ACTIONS);
    expect('problem' in twice && twice.problem).toContain('Nothing was changed');
  });
});
