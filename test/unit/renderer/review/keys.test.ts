import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { frameOf, parsePosition } from '../../../../renderer/features/review/GoToFrame.tsx';
import { chordText, KEYMAP } from '../../../../renderer/features/review/keymap.ts';
import { nominalTable } from '../../../../renderer/features/review/time.ts';
import { scoreAt } from '../../../../renderer/features/review/timeline/gestures.ts';
import { slowly } from '../../../../renderer/features/review/use-slow.ts';

describe('keys', () => {
  it('are bound once each', () => {
    const chords = KEYMAP.flatMap((key) => key.chords);
    expect(new Set(chords).size).toBe(chords.length);
    expect(new Set(KEYMAP.map((key) => key.action)).size).toBe(KEYMAP.length);
  });

  it('are written as on the keyboard', () => {
    expect(['space', 'shift+arrowleft', 'ctrl+arrowright', '+', 'f1', 'm', 'pageup'].map(chordText)).toEqual([
      'Space',
      'Shift ←',
      'Ctrl →',
      '+',
      'F1',
      'M',
      'Page Up',
    ]);
  });
});

describe('going to a frame or time', () => {
  it('reads frames and times', () => {
    expect(['1382', '1,382', '2:18.2', '1:02:03', '40s', '0.5 s'].map(parsePosition)).toEqual([
      { frame: 1382 },
      { frame: 1382 },
      { seconds: 138.2 },
      { seconds: 3723 },
      { seconds: 40 },
      { seconds: 0.5 },
    ]);
    expect(['', 'x', '-4', '1.5', '2:', '1,38', '12,34'].map(parsePosition)).toEqual(Array(7).fill(null));
  });

  it('stays inside the video', () => {
    const session = { table: nominalTable(100, 25, 1), frames: 100, timed: true };
    expect(['0', '99', '100', '0:03.96', '0:04.5', '1s'].map((text) => frameOf(text, session))).toEqual([
      0,
      99,
      null,
      99,
      null,
      25,
    ]);
  });
});

describe('a threshold on the curve', () => {
  it('is a hundredth under the pointer, inside the row', () => {
    const row = { y: 100, height: 82 };
    expect([100, 181, 140.5, 90, 300].map((y) => scoreAt(row, y))).toEqual([1, 0, 0.5, 1, 0]);
  });
});

describe('writing slowly', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes at once, then a few times a second, and the last value always', () => {
    const store = createStore(() => ({ frame: 0 }));
    const written: number[] = [];
    const stop = slowly(
      store,
      ({ frame }) => written.push(frame),
      () => 100,
    );
    expect(written).toEqual([0]);
    for (let frame = 1; frame <= 60; frame++) {
      store.setState({ frame });
      vi.advanceTimersByTime(16);
    }
    vi.advanceTimersByTime(200);
    expect(written.length).toBeGreaterThan(5);
    expect(written.length).toBeLessThanOrEqual(12);
    expect(written.at(-1)).toBe(60);
    stop();
    store.setState({ frame: 99 });
    vi.advanceTimersByTime(500);
    expect(written.at(-1)).toBe(60);
  });

  it('writes every change where no gap is wanted, also when a slower one is waiting', () => {
    const store = createStore(() => ({ frame: 0, speed: 1 }));
    const written: number[] = [];
    slowly(
      store,
      ({ frame }) => written.push(frame),
      ({ speed }) => (speed === 0 ? 0 : 100),
    );
    store.setState({ frame: 1 });
    store.setState({ frame: 2, speed: 0 });
    store.setState({ frame: 3 });
    expect(written).toEqual([0, 2, 3]);
    vi.advanceTimersByTime(500);
    expect(written.at(-1)).toBe(3);
  });
});
