// Joins stores, canvases and the scheduler. Role: draws the right layer when something changes, and keeps the DOM twins
// in place through custom properties. Limits: no React; nothing here runs while nothing changes.
import type { ScoredEvent } from '../../../../shared/labels/events.ts';
import { createScheduler } from '../../../canvas/scheduler.ts';
import { prepareSurface } from '../../../canvas/surface.ts';
import { reveal } from '../../../canvas/viewport.ts';
import { readPalette } from '../../../styles/palette.ts';
import { eventAt, type Live, type Session } from '../session.ts';
import type { Layout } from './layout.ts';
import { drawMoving, drawStill, noPixels, type Scene } from './scene.ts';

export interface TimelineElements {
  /** Holds both canvases. */
  body: HTMLElement;
  /** Holds playhead, edges and thresholds; gets `--from`, `--scale`, `--frame`, and of the rule `--on`, `--off`, `--min` and `--gap`. */
  marks: HTMLElement;
  still: HTMLCanvasElement;
  moving: HTMLCanvasElement;
}

export interface Mounted {
  /** Draws the lower layer again, for data that came by another way (pictures). */
  refresh(): void;
  dispose(): void;
}

/** A view that was not moved for this long rests. */
const REST_MS = 180;
const NO_EVENTS: readonly ScoredEvent[] = [];

export function mountTimeline(
  { body, marks, still, moving }: TimelineElements,
  session: Session,
  scene: Scene,
  live: Live | null,
  layout: Layout,
): Mounted {
  const scheduler = createScheduler();
  const palette = readPalette();
  const font = getComputedStyle(body).fontFamily;
  const { player, timeline } = session;

  const pixels = noPixels();
  let gesture: ReturnType<typeof setTimeout> | undefined;

  const below = scheduler.layer(() => {
    const { view } = timeline.getState();
    const rule = live?.store.getState().rule ?? null;
    marks.style.setProperty('--from', String(view.from));
    marks.style.setProperty('--scale', String(body.clientWidth / (view.to - view.from)));
    if (rule) {
      marks.style.setProperty('--on', String(rule.on));
      marks.style.setProperty('--off', String(rule.off));
      marks.style.setProperty('--min', String(rule.minFrames));
      marks.style.setProperty('--gap', String(rule.gapFrames));
    }
    const surface = prepareSurface(still);
    if (!surface) return;
    const events = live?.store.getState().events ?? NO_EVENTS;
    const { held } = timeline.getState();
    const effects = held === 'minFrames' || held === 'gapFrames' ? (live?.effects() ?? null) : null;
    const shown = { view, rule, events, effects, asks: gesture === undefined };
    drawStill(surface, pixels, layout, scene, shown, palette, font);
  });
  const above = scheduler.layer(() => {
    const surface = prepareSurface(moving);
    const { view, hover, anchor, chosen, marked, draft } = timeline.getState();
    const { frame } = player.store.getState();
    marks.style.setProperty('--frame', String(frame + 0.5));
    const selected = chosen ?? eventAt(live?.store.getState().events ?? NO_EVENTS, anchor)?.event ?? null;
    if (surface)
      drawMoving(
        surface,
        layout,
        scene,
        { view, frame, hover, selected, marked: draft ?? marked },
        palette,
        font,
      );
  });
  /** While the view moves, known pictures are enough; when it rests, better ones are asked for. */
  const moved = () => {
    if (gesture === undefined) scene.pictures?.forget();
    clearTimeout(gesture);
    gesture = setTimeout(() => {
      gesture = undefined;
      below.invalidate();
    }, REST_MS);
  };
  const both = () => {
    below.invalidate();
    above.invalidate();
  };

  const observer = new ResizeObserver(both);
  observer.observe(body);
  const stops = [
    timeline.subscribe((state, before) => {
      if (state.view !== before.view) {
        moved();
        below.invalidate();
      }
      if (state.held !== before.held) below.invalidate();
      above.invalidate();
    }),
    player.store.subscribe((state, before) => {
      if (state.frame === before.frame) return;
      above.invalidate();
      const { view } = timeline.getState();
      // A view that was moved away from a running video stays where the person put it.
      const followed = before.frame >= view.from && before.frame < view.to;
      const next = state.speed === 0 || followed ? reveal(view, state.frame, session.frames) : view;
      if (next !== view) timeline.setState({ view: next });
    }),
    live?.store.subscribe(both),
  ];
  // Text on a canvas does not wait for its font by itself.
  void document.fonts.ready.then(both);
  both();
  return {
    refresh: () => below.invalidate(),
    dispose() {
      for (const stop of stops) stop?.();
      clearTimeout(gesture);
      observer.disconnect();
      scheduler.dispose();
    },
  };
}
