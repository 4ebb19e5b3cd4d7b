import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  playOnceThere,
  type Repeatable,
  repeatableAfter,
  repeatedOf,
} from '../../../../renderer/features/review/playback.ts';
import {
  createPlayer,
  nextRate,
  nextSpeed,
  type Player,
  RATES,
} from '../../../../renderer/features/review/player/player.ts';
import { type FrameTable, frameAt, timeOfFrame } from '../../../../shared/labels/frame-table.ts';

/** Times in ms, as a table with 1/1000 s ticks. */
function tableOf(times: number[], end: number): FrameTable {
  return {
    pts: Float64Array.from(times),
    timeBaseNum: 1,
    timeBaseDen: 1000,
    endPts: end,
    key: new Uint8Array(times.length),
  };
}
const cfr = (n: number, first = 0) =>
  tableOf(
    Array.from({ length: n }, (_, i) => first + i * 40),
    first + n * 40,
  );

interface FakeOptions {
  /** Seconds the browser takes away from the file's own timestamps. */
  rebase?: number;
  /** Whether pictures are reported at all. */
  silent?: boolean;
  seekMs?: number;
  /** The same from the second seek on. */
  laterMs?: number;
  /** How long after its picture a seek says that it has arrived. */
  saysMs?: number;
  /** How long the browser thinks the file is at first; it learns the truth when it has been at that end. */
  thinksSeconds?: number;
}

/** An element that presents pictures as Chromium does: the frame under the time sought, reported with its own timestamp. */
function fakeVideo(
  file: FrameTable,
  {
    rebase = 0,
    silent = false,
    seekMs = 20,
    laterMs = seekMs,
    saysMs = 0,
    thinksSeconds = Infinity,
  }: FakeOptions = {},
) {
  const listeners = new Map<string, Set<() => void>>();
  let callback: ((now: number, metadata: { mediaTime: number }) => void) | null = null;
  let time = 0;
  let end = thinksSeconds;
  let seeking = false;
  const log: string[] = [];
  const emit = (name: string) => {
    for (const listener of [...(listeners.get(name) ?? [])]) listener();
  };
  const present = (frame: number) => {
    if (silent) return;
    const current = callback;
    callback = null;
    current?.(0, { mediaTime: timeOfFrame(file, frame) - rebase });
  };
  const element = {
    playbackRate: 1,
    paused: true,
    get seeking() {
      return seeking;
    },
    get currentTime() {
      return time;
    },
    set currentTime(wish: number) {
      const seconds = Math.min(wish, end);
      if (wish > end) end = Infinity;
      time = seconds;
      seeking = true;
      log.push(`seek ${frameAt(file, seconds + rebase)}`);
      setTimeout(
        () => {
          seeking = false;
          present(frameAt(file, seconds + rebase));
          setTimeout(() => emit('seeked'), saysMs);
        },
        log.length > 1 ? laterMs : seekMs,
      );
    },
    play: vi.fn(() => Promise.resolve()),
    pause: vi.fn(),
    requestVideoFrameCallback(next: typeof callback) {
      callback = next;
      return 1;
    },
    cancelVideoFrameCallback() {
      callback = null;
    },
    addEventListener: (name: string, listener: () => void) =>
      void listeners.set(name, (listeners.get(name) ?? new Set()).add(listener)),
    removeEventListener: (name: string, listener: () => void) => void listeners.get(name)?.delete(listener),
  };
  return { element: element as never, log, present, emit, spy: element };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (next: () => void) => setTimeout(next, 16));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function opened(file: FrameTable, options: FakeOptions = {}, trusted = true) {
  const player = createPlayer(file, trusted);
  const video = fakeVideo(file, options);
  player.attach(video.element);
  video.emit('loadeddata');
  video.present(0);
  return { player, video };
}
const shown = (player: Player) => {
  const { frame, settled, identity } = player.store.getState();
  return `${frame} ${settled ? identity : 'seeking'}`;
};

describe('player', () => {
  it('shows the frame asked for and says that it is exact', async () => {
    const { player, video } = await opened(cfr(100));
    expect(shown(player)).toBe('0 exact');
    player.seek(37);
    expect(shown(player)).toBe('37 seeking');
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('37 exact');
    expect(video.log).toEqual(['seek 37']);
    expect(video.spy.currentTime).toBeCloseTo(37.5 * 0.04);
  });

  it('takes over an element that stands on a frame already, without another seek', () => {
    for (const rebase of [0, 1.24]) {
      const file = cfr(50, 1240);
      const player = createPlayer(file);
      const video = fakeVideo(file, { rebase });
      const at = (frame: number) => timeOfFrame(file, frame) - rebase;
      player.attach(video.element, { first: at(0), shown: at(31), frame: 31 });
      expect(shown(player)).toBe('31 exact');
      player.seek(31);
      expect(shown(player)).toBe('31 exact');
      expect(video.log).toEqual([]);
      player.seek(32);
      vi.advanceTimersByTime(30);
      expect(shown(player)).toBe('32 exact');
      expect(video.log).toEqual(['seek 32']);
    }
  });

  it('takes over an element that is on its way, and goes on from where that is', () => {
    const file = cfr(50);
    for (const wish of [31, 12]) {
      const player = createPlayer(file);
      const video = fakeVideo(file);
      const there = { first: 0, shown: null, frame: 31 };
      player.attach(video.element, there);
      player.seek(wish);
      expect(shown(player)).toBe(`${wish} seeking`);
      expect(video.log).toEqual([]);
      video.present(31); // the seek that was under way
      video.emit('seeked');
      vi.advanceTimersByTime(30);
      expect(shown(player)).toBe(`${wish} exact`);
      expect(video.log).toEqual(wish === 31 ? [] : ['seek 12']);
    }
    const player = createPlayer(file);
    const video = fakeVideo(file);
    player.attach(video.element, { first: null, shown: null, frame: null });
    player.seek(31);
    video.present(0);
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('31 exact');
    expect(video.log).toEqual(['seek 31']);
  });

  it('takes over an element that has its first picture and was not told yet where to go', () => {
    const file = cfr(50, 1240);
    const player = createPlayer(file);
    const video = fakeVideo(file, { rebase: 1.24 });
    player.attach(video.element, { first: 0, shown: null, frame: null });
    player.seek(31);
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('31 exact');
    expect(video.log).toEqual(['seek 31']);
  });

  it('steps through a variable frame rate frame by frame', async () => {
    const times = [0, 10, 50, 51.5 * 1, 90, 1000, 1033];
    const { player } = await opened(
      tableOf(
        times.map((t) => Math.round(t)),
        1066,
      ),
    );
    for (const expected of [1, 2, 3, 4, 5, 6, 6]) {
      player.step(1);
      vi.advanceTimersByTime(30);
      expect(player.store.getState().frame).toBe(expected);
      expect(player.store.getState().settled).toBe(true);
    }
    for (const expected of [5, 4, 3, 2, 1, 0, 0]) {
      player.step(-1);
      vi.advanceTimersByTime(30);
      expect(player.store.getState().frame).toBe(expected);
    }
  });

  it('keeps one seek in flight and lets the newest wish win', async () => {
    const { player, video } = await opened(cfr(1000), { seekMs: 100 });
    for (let frame = 10; frame <= 500; frame += 10) player.seek(frame);
    expect(video.log).toEqual(['seek 10']);
    vi.advanceTimersByTime(300);
    expect(video.log).toEqual(['seek 10', 'seek 500']);
    expect(shown(player)).toBe('500 exact');
  });

  it('does not take the late word of the seek before for its own', async () => {
    const { player } = await opened(cfr(100), { seekMs: 20, laterMs: 700, saysMs: 5 });
    player.seek(22);
    player.seek(25);
    vi.advanceTimersByTime(21); // the picture of 22 is there, and 25 under way
    vi.advanceTimersByTime(600);
    expect(shown(player)).toBe('25 seeking');
    vi.advanceTimersByTime(200);
    expect(shown(player)).toBe('25 exact');
  });

  it('waits longer for a picture where another is on the screen', async () => {
    const file = cfr(100);
    const { player, video } = await opened(file, { seekMs: 20 });
    video.spy.requestVideoFrameCallback = () => 1; // the picture takes its time
    vi.advanceTimersByTime(20);
    player.seek(25);
    vi.advanceTimersByTime(500);
    expect(shown(player)).toBe('25 seeking');
    vi.advanceTimersByTime(1000);
    expect(shown(player)).toBe('25 approximate');
  });

  it('counts every step of a held key', async () => {
    const { player } = await opened(cfr(1000), { seekMs: 100 });
    for (let i = 0; i < 12; i++) player.step(1);
    expect(player.store.getState().frame).toBe(12);
    vi.advanceTimersByTime(300);
    expect(shown(player)).toBe('12 exact');
  });

  it.each([
    { name: 'keeps the times of the file', rebase: 0 },
    { name: 'starts its clock at the first frame', rebase: 1.24 },
  ])('finds the frame when the file starts late and the browser $name', async ({ rebase }) => {
    const { player } = await opened(cfr(50, 1240), { rebase });
    expect(shown(player)).toBe('0 exact');
    player.seek(31);
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('31 exact');
  });

  it('waits for the first picture before it seeks', () => {
    const file = cfr(100);
    const player = createPlayer(file);
    player.seek(60);
    const video = fakeVideo(file);
    player.attach(video.element);
    expect(video.log).toEqual([]);
    expect(shown(player)).toBe('60 seeking');
    video.present(0);
    expect(video.log).toEqual(['seek 60']);
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('60 exact');
  });

  it('goes on, and calls the frame approximate, when the browser reports no picture', () => {
    const file = cfr(100);
    const player = createPlayer(file);
    const video = fakeVideo(file, { silent: true });
    player.attach(video.element);
    video.emit('loadeddata');
    player.seek(8);
    vi.advanceTimersByTime(6000);
    expect(shown(player)).toBe('8 approximate');
    player.seek(9);
    vi.advanceTimersByTime(400);
    expect(shown(player)).toBe('9 approximate');
  });

  it('asks again when the browser stops short of the end, and gives up when it comes no nearer', async () => {
    const { player, video } = await opened(cfr(300), { thinksSeconds: 10.9 });
    player.seek(299);
    vi.advanceTimersByTime(200);
    expect(video.log).toEqual(['seek 272', 'seek 299']);
    expect(shown(player)).toBe('299 exact');

    const short = createPlayer(cfr(300)); // the table knows frames that the file does not show
    const broken = fakeVideo(cfr(280));
    short.attach(broken.element);
    broken.present(0);
    short.seek(299);
    vi.advanceTimersByTime(500);
    expect(broken.log).toEqual(['seek 279', 'seek 279']);
    expect(shown(short)).toBe('279 exact');
  });

  it('calls a picture whose time is not in the table approximate', async () => {
    const player = createPlayer(cfr(100));
    const video = fakeVideo(
      tableOf(
        Array.from({ length: 80 }, (_, i) => i * 50),
        4000,
      ),
    );
    player.attach(video.element);
    video.present(0);
    expect(shown(player)).toBe('0 exact');
    video.present(3); // 150 ms: frame 3 of the file, between frames 3 and 4 of the table
    expect(shown(player)).toBe('3 approximate');
  });

  it('never calls a table made of a nominal rate exact', async () => {
    const { player } = await opened(cfr(100), {}, false);
    expect(shown(player)).toBe('0 approximate');
  });

  it('follows the pictures while playing, and pauses before a step', async () => {
    const { player, video } = await opened(cfr(100));
    player.toggle();
    expect(video.spy.play).toHaveBeenCalledOnce();
    video.present(4);
    video.present(7);
    expect(shown(player)).toBe('7 exact');
    player.step(1);
    expect(video.spy.pause).toHaveBeenCalled();
    expect(player.store.getState().speed).toBe(0);
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('8 exact');
  });

  it('repeats a loop', async () => {
    const { player, video } = await opened(cfr(100));
    player.setLoop({ start: 20, end: 30 });
    player.seek(20);
    vi.advanceTimersByTime(30);
    player.shuttle(1);
    video.present(28);
    expect(player.store.getState().frame).toBe(28);
    video.present(29);
    expect(shown(player)).toBe('20 seeking');
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('20 exact');
  });

  it('moves the frame number of a video without pictures', () => {
    const player = createPlayer(cfr(100), false);
    player.seek(250);
    expect(shown(player)).toBe('99 none');
    player.step(-4);
    expect(shown(player)).toBe('95 none');
  });

  it('forgets an element that goes away', async () => {
    const player = createPlayer(cfr(100));
    const video = fakeVideo(cfr(100));
    const detach = player.attach(video.element);
    video.present(0);
    detach();
    player.seek(5);
    expect(shown(player)).toBe('5 none');
    expect(video.log).toEqual([]);
  });
});

describe('what is repeated', () => {
  it('is the newer of what is marked and what is selected', () => {
    const [first, second, mark] = [0, 100, 40].map((start) => ({ start, end: start + 16 }));
    let seen: Repeatable = { marked: null, selected: null, newest: 'marked' };
    const repeated = (marked: Repeatable['marked'], selected: Repeatable['selected']) => {
      seen = repeatableAfter(seen, marked, selected);
      return repeatedOf(seen);
    };
    expect(repeated(null, first)).toBe(first);
    expect(repeated(mark, first)).toBe(mark);
    expect(repeated({ ...mark }, { ...first })).toEqual(mark); // nothing else than before
    expect(repeated(mark, second)).toBe(second); // one goes to the next event
    expect(repeated(mark, null)).toBe(mark);
    expect(repeated(null, null)).toBeNull();
    expect(repeated(null, second)).toBe(second);
  });
});

describe('playing on arrival', () => {
  it('waits for the frame to be on the screen, also where the element comes later', () => {
    const player = createPlayer(cfr(100));
    player.seek(40);
    playOnceThere(player, 2, true);
    expect(player.store.getState().speed).toBe(0); // settled, but there is no picture
    const video = fakeVideo(cfr(100));
    player.attach(video.element);
    video.present(0);
    expect(player.store.getState().speed).toBe(0);
    vi.advanceTimersByTime(30);
    expect(shown(player)).toBe('40 exact');
    expect(player.store.getState().speed).toBe(2);
    expect(video.spy.playbackRate).toBe(2);
    expect(video.spy.play).toHaveBeenCalledTimes(1);
  });

  it('plays at once where no picture will come', () => {
    const player = createPlayer(cfr(100), false);
    player.seek(40);
    playOnceThere(player, 4, false);
    expect(player.store.getState().speed).toBe(4);
    player.dispose();
  });

  it.each([
    { name: 'goes elsewhere', act: (player: Player) => player.step(1), speed: 0 },
    { name: 'plays', act: (player: Player) => player.shuttle(0.5), speed: 0.5 },
  ])('leaves a person alone who $name before that', async ({ act, speed }) => {
    const { player } = await opened(cfr(100));
    player.seek(40);
    playOnceThere(player, 2, true);
    act(player);
    vi.advanceTimersByTime(500);
    expect(player.store.getState().speed).toBe(speed);
  });

  it('is given up by whoever asks for it', async () => {
    const { player } = await opened(cfr(100));
    player.seek(40);
    playOnceThere(player, 2, true)();
    vi.advanceTimersByTime(500);
    expect(shown(player)).toBe('40 exact');
    expect(player.store.getState().speed).toBe(0);
  });
});

describe('shuttle', () => {
  it('has a chosen speed that climbs and falls by one step, from between two as well', () => {
    expect([1, 16, 1.5].map((rate) => nextRate(rate, 1))).toEqual([2, 16, 2]);
    expect([1, 0.1, 1.5].map((rate) => nextRate(rate, -1))).toEqual([0.5, 0.1, 1]);
  });

  it('starts at 1x either way and climbs through all speeds', () => {
    expect([nextSpeed(0, 1), nextSpeed(0, -1)]).toEqual([1, -1]);
    const up: number[] = [];
    for (let s = 1; up.length < 5; s = nextSpeed(s, 1)) up.push(s);
    expect(up).toEqual([1, 2, 4, 8, 16]);
    expect(nextSpeed(16, 1)).toBe(16);
    expect(nextSpeed(-16, -1)).toBe(-16);
  });

  it('slows down to rest before it turns', () => {
    const down: number[] = [];
    for (let s = 1; down.length < 6; s = nextSpeed(s, -1)) down.push(s);
    expect(down).toEqual([1, 0.5, 0.25, 0.1, 0, -1]);
    expect(RATES[0]).toBe(0.1);
    expect(RATES.at(-1)).toBe(16);
  });
});
