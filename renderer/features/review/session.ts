// What lives as long as a video is open: player, view of the timeline, and the events of the chosen run as the rule
// makes them now. Role: plain stores that canvases read; pages subscribe slowly. Limits: no React, no drawing.
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  eventsOf,
  type LengthEffects,
  lengthEffects,
  type ScoredEvent,
} from '../../../shared/labels/events.ts';
import type { FrameTable } from '../../../shared/labels/frame-table.ts';
import { segmentOfFrame } from '../../../shared/labels/segments.ts';
import type { EventRule, FrameRange } from '../../../shared/labels/types.ts';
import { type Viewport, wholeVideo } from '../../canvas/viewport.ts';
import { createPlayer, type Player } from './player/player.ts';
import { addPlayed } from './player/watched.ts';
import type { RuleState } from './rule.ts';

export interface ViewState {
  view: Viewport;
  /** The frame under the pointer, null when it is elsewhere. */
  hover: number | null;
  /** The selected event is the one that holds this frame, so that a moving threshold keeps it. */
  anchor: number | null;
  /** Edges drawn as the selection instead of the machine event's: what a person changed, or an item of the queue. */
  chosen: FrameRange | null;
  /** What was marked by in and out, or drawn with Shift: to be repeated, or made an event of. */
  marked: FrameRange | null;
  /** The edges of an event while they are being moved. */
  draft: FrameRange | null;
  /** The part of the rule that is in a person's hand. */
  held: 'on' | 'off' | 'minFrames' | 'gapFrames' | null;
}

/** Edges that a person may move. */
export interface EdgeEdit {
  range: FrameRange;
  /** Stores other edges. */
  onChange(range: FrameRange): void;
}

export interface Session {
  readonly videoId: number;
  readonly table: FrameTable;
  /** Whether the times of frames are known, be it by a nominal rate. */
  readonly timed: boolean;
  readonly frames: number;
  readonly player: Player;
  readonly timeline: StoreApi<ViewState>;
}

/**
 * @param trusted whether the table is the file's own; one of a nominal rate makes every frame approximate
 * @param timed whether its times mean anything
 */
export function createSession(videoId: number, table: FrameTable, trusted: boolean, timed: boolean): Session {
  const frames = table.pts.length;
  return {
    videoId,
    table,
    timed,
    frames,
    player: createPlayer(table, trusted, timed ? addPlayed : undefined),
    timeline: createStore<ViewState>(() => ({
      view: wholeVideo(frames),
      hover: null,
      anchor: null,
      chosen: null,
      marked: null,
      draft: null,
      held: null,
    })),
  };
}

export interface LiveState {
  rule: EventRule;
  /** Events of the open video under `rule`, ascending. */
  events: readonly ScoredEvent[];
}

export interface Live {
  readonly store: StoreApi<LiveState>;
  /** What the lengths of the rule do here now; worked out when it is asked for. */
  effects(): LengthEffects;
  /** Begins to follow the rule. @returns a function that stops it. */
  follow(): () => void;
}

/** The events of one video in step with a rule, at once: a day of video takes a millisecond or two. */
export function createLive(scores: Float32Array, frames: number, rules: StoreApi<RuleState>): Live {
  const stateOf = (rule: EventRule): LiveState => ({ rule, events: eventsOf(scores, frames, rule) });
  const store = createStore<LiveState>(() => stateOf(rules.getState().rule));
  let known: { rule: EventRule; effects: LengthEffects } | null = null;
  const update = () => {
    const { rule } = rules.getState();
    if (rule !== store.getState().rule) store.setState(stateOf(rule));
  };
  return {
    store,
    effects() {
      const { rule } = store.getState();
      if (known?.rule !== rule) known = { rule, effects: lengthEffects(scores, frames, rule) };
      return known.effects;
    },
    follow() {
      update();
      return rules.subscribe(update);
    },
  };
}

/** The event that holds `frame`, with its index; null for none. */
export function eventAt<T extends FrameRange>(
  events: readonly T[],
  frame: number | null,
): { event: T; index: number } | null {
  if (frame === null) return null;
  const index = events.findIndex((e) => e.start <= frame && frame < e.end);
  return index < 0 ? null : { event: events[index], index };
}

/** First frame of the highest segment of an event: what stays selected when a threshold rises. */
export function peakOf(scores: Float32Array, { start, end }: FrameRange): number {
  const last = segmentOfFrame(end - 1, scores.length);
  let peak = segmentOfFrame(start, scores.length);
  for (let k = peak + 1; k <= last; k++) if (scores[k] > scores[peak]) peak = k;
  return Math.max(start, peak * 16);
}
