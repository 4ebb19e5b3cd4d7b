// Picture, frame and time under the pointer. Role: a small plate above the timeline, written past React.
// Limits: shows the nearest thumbnail, not the frame itself.
import { useEffect, useRef } from 'react';
import { xOf } from '../../../canvas/viewport.ts';
import { count } from '../../../format.ts';
import type { Session } from '../session.ts';
import { timeText } from '../time.ts';
import type { Pictures } from './pictures.ts';
import styles from './Twins.module.css';

const WIDTH = 144;

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
  const image = useRef<HTMLImageElement>(null);
  const text = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      session.timeline.subscribe(({ hover, view }) => {
        const element = plate.current;
        const body = element?.parentElement;
        if (!element || !body) return;
        if (element.hidden !== (hover === null)) element.hidden = hover === null;
        if (hover === null) return;
        const width = body.clientWidth;
        const x = xOf(view, hover + 0.5, width) - WIDTH / 2;
        element.style.transform = `translateX(${Math.round(Math.min(Math.max(x, 4), width - WIDTH - 4))}px)`;
        if (text.current)
          text.current.textContent = [count(hover), timeText(session, hover)].filter(Boolean).join(' · ');
        const url = pictures?.url(hover);
        if (image.current && url && !image.current.src.endsWith(url)) image.current.src = url;
      }),
    [session, pictures],
  );
  return (
    <div ref={plate} className={styles.preview} style={{ bottom }} hidden aria-hidden="true">
      {pictures && (
        <img
          ref={image}
          alt=""
          width={WIDTH}
          height={Math.round(WIDTH / pictures.aspect)}
          draggable={false}
        />
      )}
      <span ref={text} />
    </div>
  );
}
