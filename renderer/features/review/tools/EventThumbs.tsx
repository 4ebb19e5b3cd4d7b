// Pictures of a few events beside each other. Role: where each is, and what was said. Limits: pictures are the video's own
// thumbnails, the nearest one.
import type { ReactNode } from 'react';
import { resourceUrl, type VideoRow } from '../../../../shared/contract/index.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { Film } from '../../../components/icons.tsx';
import { thumbnailAt } from '../../../components/Picture.tsx';
import { baseName, count } from '../../../format.ts';
import styles from './EventThumbs.module.css';

export interface Thumb extends FrameRange {
  videoId: number;
  /** Below the picture. */
  text: ReactNode;
}

export interface EventThumbsProps {
  events: readonly Thumb[];
  videos: ReadonlyMap<number, VideoRow>;
  label: string;
  columns: 3 | 4;
}

export function EventThumbs({ events, videos, label, columns }: EventThumbsProps) {
  return (
    <ul className={styles.all} data-columns={columns} aria-label={label}>
      {events.map((event) => {
        const video = videos.get(event.videoId);
        const middle = (event.start + event.end) / 2 / Math.max(1, video?.frames ?? 1);
        const where = `${baseName(video?.relPath ?? '')}, frames ${count(event.start)} to ${count(event.end)}`;
        return (
          <li key={`${event.videoId}:${event.start}:${event.end}`} title={where}>
            <span className={styles.picture}>
              {video && video.thumbnails > 0 ? (
                <img
                  src={resourceUrl.thumbnail(video.id, thumbnailAt(middle, video.thumbnails))}
                  alt={where}
                  loading="lazy"
                  draggable={false}
                />
              ) : (
                <Film size={14} />
              )}
            </span>
            <span className={styles.text}>{event.text}</span>
          </li>
        );
      })}
    </ul>
  );
}
