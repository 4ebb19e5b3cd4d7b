// The player: which frame is on the screen, and how to get another one there.
// Role: a store that canvas and page subscribe to, over a <video> (or over none: a video known only by its features is
// played as a moving frame number). Limits: no React, no layout; one player for one open video.
//
// What is measured to hold in Chromium (design.md 4): `requestVideoFrameCallback` reports the presentation timestamp of
// the picture on the screen, and a seek to the middle of a frame's interval shows that frame. `currentTime` says
// neither, so it is never read as an answer.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type FrameTable, frameAt, seekTimeOf, timeOfFrame } from '../../../../shared/labels/frame-table.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { type Pictured, watchPictures } from './pictures.ts';

export interface PlayerState {
  /** The frame the page speaks about: the one on the screen, or the one asked for while a seek is under way. */
  frame: number;
  /** Whether `frame` is known to be on the screen. */
  settled: boolean;
  /**
   * `exact`: the timestamp of the picture on the screen is the frame's own in the frame table; `approximate`: the
   * browser did not say, or said something that is not in the table; `none`: there is no picture.
   */
  identity: 'exact' | 'approximate' | 'none';
  /** Signed speed at which frames pass, 0 when paused. */
  speed: number;
  /** The speed that play starts with. */
  rate: number;
  /** Frames that repeat during playback, null for none. */
  loop: FrameRange | null;
  /** Whether forward playback goes fast where there is little to see, see `setPace`. */
  smart: boolean;
}

/** How many times faster than the chosen speed a frame may pass; 1 where one wants to look. */
export type Pace = (frame: number) => number;

/** What the player needs of an HTMLVideoElement. */
export type VideoElement = Pictured &
  Pick<
    HTMLVideoElement,
    'currentTime' | 'seeking' | 'playbackRate' | 'play' | 'pause' | 'addEventListener' | 'removeEventListener'
  >;

/** What an element that is on its way to a frame has told so far. */
export interface Underway {
  /** Media time of its first picture; null: not there yet. */
  first: number | null;
  /** Media time of the picture it shows at that frame; null: not there yet. */
  shown: number | null;
  /** The frame it goes to; null: to none yet. */
  frame: number | null;
}

export interface Player {
  readonly store: StoreApi<PlayerState>;
  readonly table: FrameTable;
  readonly frames: number;
  /**
   * Takes over a fresh element before its source is set, so that no picture is missed; or one that is on its way already.
   * @param known what such an element has told
   * @returns a function that lets go of it
   */
  attach(video: VideoElement, known?: Underway): () => void;
  /** Shows a frame, clamped to the video. Pauses nothing. One seek is under way at a time, and the newest wish wins. */
  seek(frame: number): void;
  /** Pauses and moves by whole frames from the frame asked for last, so that a held key loses no step. */
  step(frames: number): void;
  /** Plays at a signed speed of 0.1 to 16; 0 pauses. Backwards is a row of seeks. */
  shuttle(speed: number): void;
  toggle(): void;
  setRate(rate: number): void;
  setLoop(range: FrameRange | null): void;
  /**
   * Playing forwards rests before frame `end`, once, and tells; null: it goes on. Forgotten when one goes elsewhere; what is
   * repeated does not end.
   */
  setEnd(end: number | null, onEnd?: () => void): void;
  /** The pace of smart playback; null when nothing is known of this video. */
  setPace(pace: Pace | null): void;
  setSmart(on: boolean): void;
  dispose(): void;
}

/** The speeds of the menu and of J and L. */
export const RATES = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16] as const;

/** Speed after another press of L (`direction` 1) or J (-1): from rest 1x that way, then the next step of the ladder. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  if (speed === 0) return direction;
  const ladder = [...RATES.map((r) => -r).reverse(), 0, ...RATES];
  const at = ladder.findIndex((rung) => rung >= speed);
  return ladder[Math.min(Math.max(at + direction, 0), ladder.length - 1)];
}

/** The chosen speed one step up or down the ladder. */
export function nextRate(rate: number, direction: 1 | -1): number {
  const beyond = direction === 1 ? RATES.find((rung) => rung > rate) : RATES.findLast((rung) => rung < rate);
  return beyond ?? rate;
}

/** What Chromium plays at most and at least; beyond that `playbackRate` throws. */
const FASTEST = 16;
const SLOWEST = 0.1;

/** A timestamp this close to the table's is the same one, told in other units. Seconds. */
const TOLERANCE = 0.002;
/** How long after `seeked` the picture's own timestamp may still come: it does not where that picture is there already. */
const GRACE_MS = 150;
/** The same where another picture is on the screen, which a loaded machine may take its time to replace. */
const SLOW_MS = 1000;
/** After this long a seek without any answer counts as done, as well as it could be. */
const SAFETY_MS = 2500;

interface Presented {
  frame: number;
  exact: boolean;
}

/** A seek under way. */
interface Seek {
  frame: number;
  /** The browser says that it has arrived; the picture may still be on its way. */
  arrived: boolean;
  /** The newest picture since the seek began. */
  picture: Presented | null;
  /** How far off the attempt before this one ended, in frames. */
  missedBy: number;
}

/**
 * @param table frame table of the video; its count is the count of the player.
 * @param trusted false when the table is computed from a nominal rate: then nothing is ever called exact.
 * @param onPlayed told a few times a second how many seconds of footage passed in how many seconds of watching.
 */
export function createPlayer(
  table: FrameTable,
  trusted = true,
  onPlayed?: (footage: number, watched: number) => void,
): Player {
  const frames = Math.max(1, table.pts.length);
  const store = createStore<PlayerState>(() => ({
    frame: 0,
    settled: true,
    identity: 'none',
    speed: 0,
    rate: 1,
    loop: null,
    smart: false,
  }));
  const get = store.getState;
  const set = store.setState;

  let video: VideoElement | null = null;
  /** Seconds to add to the browser's media time; null until the first picture has told. */
  let offset: number | null = null;
  let inFlight: Seek | null = null;
  let presented: Presented | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ticker: number | undefined;
  let pace: Pace | null = null;
  /** Where playing forwards rests. */
  let end: { frame: number; onEnd?: () => void } | null = null;
  /** Where and when playback was last seen, to tell how much of it passed since. */
  let seen: { seconds: number; at: number } | null = null;

  /** The speed at a frame: the chosen one, or faster where smart playback sees no reason to look. */
  const speedAt = (speed: number, frame: number): number => {
    if (speed <= 0 || !pace || !get().smart || get().loop) return speed;
    return Math.min(FASTEST, Math.max(SLOWEST, speed * pace(frame)));
  };

  /** Counts what passed since the last call; jumps (a seek, a repeat) count as nothing. */
  function count(seconds: number): void {
    const at = performance.now();
    const before = seen;
    seen = { seconds, at };
    if (!before) return;
    const footage = Math.abs(seconds - before.seconds);
    const watched = (at - before.at) / 1000;
    if (watched <= 0 || watched > 1 || footage > 2 * FASTEST * watched + 0.5) return;
    onPlayed?.(footage, watched);
  }

  /** The browser's clock starts at the first frame, or at the file's own time: the first picture shows which. */
  function calibrate(mediaTime: number): number {
    const first = timeOfFrame(table, 0);
    return mediaTime < first - TOLERANCE ? first - mediaTime : 0;
  }

  function present(mediaTime: number): void {
    offset ??= calibrate(mediaTime);
    const seconds = mediaTime + offset;
    const frame = frameAt(table, seconds);
    // Neighbours closer than the tolerance cannot be told apart by their timestamps.
    const alone =
      timeOfFrame(table, frame + 1) - timeOfFrame(table, frame) > TOLERANCE || frame === frames - 1;
    presented = {
      frame,
      exact: trusted && alone && Math.abs(seconds - timeOfFrame(table, frame)) <= TOLERANCE,
    };
    if (inFlight === null) {
      if (get().settled) show(presented);
      else pump(); // a wish that waited for the first picture
    } else {
      inFlight.picture = presented;
      if (presented.frame === inFlight.frame || inFlight.arrived) finish(presented);
    }
    if (get().speed > 0) {
      count(seconds);
      const wish = speedAt(get().speed, presented.frame);
      if (video && video.playbackRate !== wish) video.playbackRate = wish;
      if (!rest(presented.frame)) repeat();
    }
  }

  /** Rests where playing is to end. @returns whether it does */
  function rest(frame: number): boolean {
    if (!end || get().loop || get().speed <= 0 || frame < end.frame - 1) return false;
    const { frame: last, onEnd } = end;
    end = null;
    shuttle(0);
    seek(last - 1);
    onEnd?.();
    return true;
  }

  function show(picture: Presented): void {
    set({ frame: picture.frame, settled: true, identity: picture.exact ? 'exact' : 'approximate' });
  }

  function pump(missedBy = Infinity): void {
    if (!video || offset === null || inFlight !== null) return;
    const { frame, speed } = get();
    if (speed === 0 && presented?.exact && presented.frame === frame) {
      show(presented); // it is on the screen
      return;
    }
    inFlight = { frame, arrived: false, picture: null, missedBy };
    video.currentTime = seekTimeOf(table, frame) - offset;
    wait(SAFETY_MS);
  }

  function wait(ms: number): void {
    clearTimeout(timer);
    // Nobody told which picture it is: it is the one asked for as far as one can know, and said so.
    timer = setTimeout(() => {
      if (inFlight === null) return;
      const { frame, picture } = inFlight;
      const same = presented?.frame === frame ? presented : null;
      finish(picture ?? same ?? { frame, exact: false });
    }, ms);
  }

  function finish(picture: Presented): void {
    clearTimeout(timer);
    const done = inFlight;
    inFlight = null;
    if (!done || get().frame !== done.frame) {
      pump();
      return;
    }
    // A browser that has misjudged the length of a file stops short of its end, and knows better each time it was there:
    // ask again as long as that brings it nearer.
    const missedBy = Math.abs(picture.frame - done.frame);
    if (missedBy > 0 && missedBy < done.missedBy) pump(missedBy);
    else show(picture);
  }

  function repeat(): void {
    const { frame, loop } = get();
    if (loop && (frame >= loop.end - 1 || frame < loop.start - 1)) seek(loop.start);
  }

  function seek(wish: number): void {
    const frame = Math.min(Math.max(Math.round(wish), 0), frames - 1);
    if (!video) {
      set({ frame, settled: true });
      return;
    }
    set({ frame, settled: false });
    pump();
  }

  /** Moves the frame by the clock: backwards, which browsers cannot, and without a picture. */
  function tick(speed: number): void {
    let seconds = timeOfFrame(table, get().frame);
    let last = performance.now();
    const move = () => {
      ticker = requestAnimationFrame(move);
      const now = performance.now();
      seconds += ((now - last) / 1000) * speedAt(speed, get().frame);
      last = now;
      const { loop } = get();
      const low = loop?.start ?? 0;
      const high = loop?.end ?? frames;
      if (loop && (seconds >= timeOfFrame(table, high) || seconds < timeOfFrame(table, low))) {
        seek(speed > 0 ? low : high - 1);
        seconds = timeOfFrame(table, get().frame);
        seen = null;
        return;
      }
      count(seconds);
      const frame = frameAt(table, seconds);
      if (rest(frame)) return;
      if (frame !== get().frame) seek(frame);
      if (speed < 0 ? frame === 0 : frame === frames - 1) shuttle(0);
    };
    ticker = requestAnimationFrame(move);
  }

  function shuttle(speed: number): void {
    if (ticker !== undefined) cancelAnimationFrame(ticker);
    ticker = undefined;
    seen = null;
    if (speed === 0) {
      set({ speed: 0 });
      video?.pause();
      return;
    }
    if (speed > 0 && get().frame === frames - 1) seek(get().loop?.start ?? 0);
    set({ speed });
    if (speed < 0 || !video) {
      video?.pause();
      tick(speed);
      return;
    }
    video.playbackRate = speedAt(speed, get().frame);
    // A refusal (the element went away, or the file broke) is shown by the element's own events.
    video.play().catch(() => set({ speed: 0 }));
  }

  function attach(element: VideoElement, known?: Underway): () => void {
    video = element;
    offset = null;
    inFlight = null;
    presented = null;
    set({ settled: get().frame === 0, identity: 'none' });
    const unwatch = watchPictures(element, present);
    const onSeeked = () => {
      // The seek before this one may tell late that it has arrived.
      if (inFlight === null || element.seeking) return;
      inFlight.arrived = true;
      const { frame, picture } = inFlight;
      const another = trusted && picture === null && presented !== null && presented.frame !== frame;
      wait(another ? SLOW_MS : GRACE_MS);
    };
    const onLoaded = () => {
      // A page in the background presents nothing; then the file's own clock is the best guess.
      timer = setTimeout(() => {
        if (offset === null) {
          offset = 0;
          pump();
        }
      }, SAFETY_MS);
    };
    const onEnded = () => {
      set({ speed: 0 });
      const ended = end;
      end = null;
      ended?.onEnd?.();
    };
    element.addEventListener('seeked', onSeeked);
    element.addEventListener('loadeddata', onLoaded);
    element.addEventListener('ended', onEnded);
    if (known?.first === null) onLoaded();
    else if (known) {
      offset = calibrate(known.first);
      if (known.frame === null) present(known.first);
      else if (known.shown !== null) present(known.shown);
      else {
        inFlight = { frame: known.frame, arrived: false, picture: null, missedBy: Infinity };
        set({ frame: known.frame, settled: false });
        wait(SAFETY_MS);
      }
    }
    return () => {
      unwatch();
      element.removeEventListener('seeked', onSeeked);
      element.removeEventListener('loadeddata', onLoaded);
      element.removeEventListener('ended', onEnded);
      clearTimeout(timer);
      if (video === element) {
        video = null;
        shuttle(0);
        set({ settled: true, identity: 'none' });
      }
    };
  }

  return {
    store,
    table,
    frames,
    attach,
    seek(wish) {
      end = null;
      seek(wish);
    },
    step(delta) {
      end = null;
      if (get().speed !== 0) shuttle(0);
      seek(get().frame + delta);
    },
    shuttle,
    toggle: () => shuttle(get().speed === 0 ? get().rate : 0),
    setRate(rate) {
      set({ rate });
      if (get().speed !== 0) shuttle(Math.sign(get().speed) * rate);
    },
    setLoop: (loop) => set({ loop }),
    setEnd(frame, onEnd) {
      end = frame === null ? null : { frame, onEnd };
    },
    setPace(next) {
      pace = next;
    },
    setSmart: (smart) => set({ smart }),
    dispose() {
      if (ticker !== undefined) cancelAnimationFrame(ticker);
      clearTimeout(timer);
    },
  };
}
