// Picture, frame and time under the pointer. Role: a small plate above the timeline, written past React.
// Limits: the nearest thumbnail at once, the frame itself when the pointer rests.
import { useEffect, useRef } from 'react';
import { xOf } from '../../../canvas/viewport.ts';
import { count } from '../../../format.ts';
import type { Session } from '../session.ts';
import { timeText } from '../time.ts';
import type { Pictures } from './pictures.ts';
import styles from './Twins.module.css';

const WIDTH = 144;
/** The pointer rests when it has not moved to another frame for this long. */
const REST_MS = 120;

export function HoverPreview({
  session,
  pictures,
  bottom,
}: {
  session: Session;
  pictures: Pictures | null;
  bottom: number;
}) {
  const plate = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown: number | null = null;
    const draw = (frame: number, tolerance: number) => {
      const context = canvas.current?.getContext('2d');
      const picture = pictures?.at(frame, tolerance, true);
      if (!canvas.current || !context || !picture) return;
      context.drawImage(picture, 0, 0, canvas.current.width, canvas.current.height);
    };
    const follow = () => {
      const { hover, view } = session.timeline.getState();
      const element = plate.current;
      const body = element?.parentElement;
      if (!element || !body) return;
      if (element.hidden !== (hover === null)) element.hidden = hover === null;
      if (hover === null) {
        clearTimeout(timer);
        shown = null;
        return;
      }
      const width = body.clientWidth;
      const x = xOf(view, hover + 0.5, width) - WIDTH / 2;
      element.style.transform = `translateX(${Math.round(Math.min(Math.max(x, 4), width - WIDTH - 4))}px)`;
      if (hover === shown) return;
      shown = hover;
      if (text.current)
        text.current.textContent = [count(hover), timeText(session, hover)].filter(Boolean).join(' · ');
      draw(hover, Infinity);
      clearTimeout(timer);
      timer = setTimeout(() => draw(hover, 0), REST_MS);
    };
    const stops = [
      session.timeline.subscribe(follow),
      pictures?.onArrival(() => {
        if (shown !== null) draw(shown, 0);
      }),
      () => clearTimeout(timer),
    ];
    return () => {
      for (const stop of stops) stop?.();
    };
  }, [session, pictures]);
  return (
    <div ref={plate} className={styles.preview} style={{ bottom }} hidden aria-hidden="true">
      {pictures && (
        <canvas ref={canvas} width={2 * WIDTH} height={Math.round((2 * WIDTH) / pictures.aspect)} />
      )}
      <span ref={text} />
    </div>
  );
}
