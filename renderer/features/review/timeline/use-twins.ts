// Where elements stand over the canvas. Role: a list of twins is placed for the view as it rested last, and moved and
// stretched as a whole while the view moves on: nothing of it is laid out or styled anew in a gesture. Limits: one list.
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import type { Viewport } from '../../../canvas/viewport.ts';
import type { Session } from '../session.ts';

/** A view that was not moved for this long rests. */
const REST_MS = 120;

/** The view to place elements for, in shares of the list's width. @param list gets its `transform` from here */
export function useTwins({ timeline }: Session, list: RefObject<HTMLElement | null>): Viewport {
  const [rested, setRested] = useState(() => ({ timeline, view: timeline.getState().view }));
  const view = rested.timeline === timeline ? rested.view : timeline.getState().view;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = () => {
      const now = timeline.getState().view;
      setRested((before) =>
        before.timeline === timeline && before.view === now ? before : { timeline, view: now },
      );
    };
    take();
    const stop = timeline.subscribe((state, before) => {
      if (state.view === before.view) return;
      clearTimeout(timer);
      timer = setTimeout(take, REST_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [timeline]);
  useLayoutEffect(() => {
    const place = () => {
      if (!list.current) return;
      const now = timeline.getState().view;
      const span = now.to - now.from;
      const transform =
        now === view
          ? 'none'
          : `translateX(${(100 * (view.from - now.from)) / span}%) scaleX(${(view.to - view.from) / span})`;
      if (list.current.style.transform !== transform) list.current.style.transform = transform;
    };
    place();
    return timeline.subscribe((state, before) => {
      if (state.view !== before.view) place();
    });
  }, [timeline, view, list]);
  return view;
}

/** Place of a range in a list of twins, as its style sheet reads it. */
export const placeIn = (
  view: Viewport,
  start: number,
  end: number,
): Record<'--start' | '--width', string> => {
  const span = view.to - view.from;
  return {
    '--start': `${(100 * (start - view.from)) / span}%`,
    '--width': `${(100 * (end - start)) / span}%`,
  };
};
