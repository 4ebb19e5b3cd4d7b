// The thumbnail of a video. Role: picture, length, scrubbing under the pointer. Limits: pictures are made by the engine.
import { useState } from 'react';
import { resourceUrl } from '../../shared/contract/index.ts';
import { clock } from '../format.ts';
import { thumbnailAt } from './chart-math.ts';
import { cx } from './cx.ts';
import { Film, Warning } from './icons.tsx';
import styles from './Picture.module.css';

export { thumbnailAt };

export interface PictureProps {
  videoId: number;
  /** Number of thumbnails, evenly spread; 0 when there are none. */
  thumbnails: number;
  /** Length for the plate in the corner. */
  seconds?: number;
  /** Instead of a picture: the video is damaged, or the file is away. */
  problem?: 'bad' | 'warn' | null;
}

/** A thumbnail; moving the pointer over it goes through the video. */
export function Picture({ videoId, thumbnails, seconds, problem = null }: PictureProps) {
  const [place, setPlace] = useState<number | null>(null);
  const [broken, setBroken] = useState(false);
  if (thumbnails === 0 || problem || broken) {
    return (
      <div className={cx(styles.picture, problem && styles[problem])}>{problem ? <Warning /> : <Film />}</div>
    );
  }
  const index = thumbnailAt(place ?? 0.5, thumbnails);
  return (
    <div
      className={styles.picture}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        setPlace((event.clientX - box.left) / box.width);
      }}
      onPointerLeave={() => setPlace(null)}
    >
      <img
        src={resourceUrl.thumbnail(videoId, index)}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setBroken(true)}
      />
      {seconds !== undefined && <span className={styles.length}>{clock(seconds)}</span>}
      {place !== null && <span className={styles.place} style={{ width: `${100 * place}%` }} />}
    </div>
  );
}
