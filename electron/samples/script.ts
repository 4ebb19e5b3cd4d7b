// What happens in a sample scene, as plain data: who is where at which time, doing what, and which part is anomalous.
// Role: the types and the motion along a track. Limits: nothing here draws or knows a camera's picture.
import type { Rgb } from './camera.ts';

/** A place at a time. Between two keys an actor moves in a straight line at constant speed; corners are rounded. */
export interface Key {
  /** Seconds. */
  readonly t: number;
  readonly x: number;
  readonly y: number;
  /** Where the actor looks until the next key, in radians, 0 = towards +x, counter-clockwise; without it, ahead. */
  readonly face?: number;
}

export interface Build {
  /** Metres. */
  readonly height: number;
  /** Thickness of body and limbs; 1 is average. */
  readonly girth: number;
  readonly skin: Rgb;
  readonly hair: Rgb;
  readonly top: Rgb;
  readonly bottom: Rgb;
  readonly shoes: Rgb;
  readonly coat: boolean;
  readonly backpack: Rgb | null;
}

/** Something a person does in place of, or on top of, walking; `from` and `to` in seconds. */
export interface Action {
  readonly what: 'fight' | 'stoop' | 'phone' | 'glance';
  readonly from: number;
  readonly to: number;
}

export interface Person {
  readonly kind: 'person';
  readonly id: string;
  readonly build: Build;
  /** Runs from this second on, walks before; null = never. Changes where the person stands still. */
  readonly runsFrom: number | null;
  readonly track: readonly Key[];
  readonly actions: readonly Action[];
  /** Carries a bag in the hand until this second. */
  readonly bagUntil: number | null;
  /** Shifts gait and sway, so that no two people move alike. */
  readonly phase: number;
}

export interface Vehicle {
  readonly kind: 'vehicle';
  readonly id: string;
  readonly model: 'hatchback' | 'van';
  readonly colour: Rgb;
  readonly track: readonly Key[];
}

export interface Bag {
  readonly kind: 'bag';
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** On the ground from this second to the end. */
  readonly from: number;
  readonly colour: Rgb;
}

export type Actor = Person | Vehicle | Bag;

export type AnomalyClass = 'running' | 'vehicle' | 'loitering' | 'fight' | 'left object';

/** An anomaly as scripted: it is one while it lasts and one of its actors can be seen. */
export interface Anomaly {
  readonly class: AnomalyClass;
  readonly actors: readonly string[];
  readonly from: number;
  readonly to: number;
}

export interface Scene {
  /** Path below the sample folder without extension: `<camera>/<camera>_<hhmm>`. */
  readonly name: string;
  readonly view: 'plaza-east' | 'entrance-north' | 'parking-west';
  readonly container: 'mp4' | 'avi';
  readonly codec: 'h264' | 'mpeg4';
  readonly fps: number;
  /** Presentation time of every frame in milliseconds, ascending. */
  readonly timesMs: readonly number[];
  /** Start on the camera's clock, `YYYY-MM-DD hh:mm:ss`. */
  readonly clock: string;
  /** Exposure of red, green and blue: the time of day. */
  readonly tint: Rgb;
  readonly seed: number;
  readonly actors: readonly Actor[];
  readonly anomalies: readonly Anomaly[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
  /** Direction of the body in radians. */
  readonly heading: number;
  /** Metres a second. */
  readonly speed: number;
  /** Metres walked since the track began. */
  readonly distance: number;
}

/** Half width of the window over which corners, starts and stops are rounded, in seconds. */
const ROUNDING = 0.36;
const TAPS = 9;

/** Whether an actor with this track exists at `t`. */
export function isOnTrack(track: readonly Key[], t: number): boolean {
  return t >= track[0].t && t <= track[track.length - 1].t;
}

/** Position, heading and speed at second `t`; before the first and after the last key the motion goes on straight. */
export function placeOn(track: readonly Key[], t: number): Place {
  let x = 0;
  let y = 0;
  let vx = 0;
  let vy = 0;
  let lookX = 0;
  let lookY = 0;
  let distance = 0;
  for (let i = 0; i < TAPS; i++) {
    const at = t + ROUNDING * ((2 * i) / (TAPS - 1) - 1);
    let k = 0;
    let walked = 0;
    while (k < track.length - 2 && track[k + 1].t <= at) {
      walked += Math.hypot(track[k + 1].x - track[k].x, track[k + 1].y - track[k].y);
      k++;
    }
    const a = track[k];
    const b = track[k + 1];
    const span = b.t - a.t;
    const sx = (b.x - a.x) / span;
    const sy = (b.y - a.y) / span;
    x += a.x + (at - a.t) * sx;
    y += a.y + (at - a.t) * sy;
    vx += sx;
    vy += sy;
    const speed = Math.hypot(sx, sy);
    distance += walked + (at - a.t) * speed;
    // Who stands still looks where told now or next, else where the last step led.
    const face = a.face ?? (speed > 0 ? undefined : b.face);
    const back = track[Math.max(0, k - 1)];
    if (face !== undefined) {
      lookX += Math.cos(face);
      lookY += Math.sin(face);
    } else if (speed > 0) {
      lookX += sx / speed;
      lookY += sy / speed;
    } else {
      const length = Math.hypot(a.x - back.x, a.y - back.y) || 1;
      lookX += (a.x - back.x) / length;
      lookY += (a.y - back.y) / length;
    }
  }
  return {
    x: x / TAPS,
    y: y / TAPS,
    heading: Math.atan2(lookY, lookX),
    speed: Math.hypot(vx, vy) / TAPS,
    distance: distance / TAPS,
  };
}

/** How far into an action `t` is: 0 outside, rising to 1 within `ease` seconds of either end. */
export function actionLevel(
  actions: readonly Action[],
  what: Action['what'],
  t: number,
  ease: number,
): number {
  let level = 0;
  for (const action of actions) {
    if (action.what !== what || t <= action.from || t >= action.to) continue;
    const v = Math.min(1, (t - action.from) / ease, (action.to - t) / ease);
    level = Math.max(level, v * v * (3 - 2 * v));
  }
  return level;
}
