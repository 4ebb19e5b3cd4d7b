// Reviewed events that look like the selected one. Role: the three nearest with their verdicts, and the way to give the
// same verdict to all that are as near, as a rule. Limits: shows what the engine compared; changes nothing by itself.
import { type RefObject, useEffect } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { SimilarEvent, Verdict, VideoRow } from '../../../../shared/contract/index.ts';
import { Section } from '../../../components/Panel.tsx';
import { count, score } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import { useRested } from '../use-slow.ts';
import { SIGN, VERDICT } from '../verdicts/layers.ts';
import { usePass } from '../verdicts/reviewer.ts';
import type { Subject } from '../verdicts/subject.ts';
import { EventThumbs } from './EventThumbs.tsx';
import styles from './LooksLike.module.css';

export interface Like {
  videoId: number;
  start: number;
  end: number;
  radius: number;
  verdict: Verdict;
  class: string | null;
}

export interface LooksLikeProps {
  runId: number;
  videoId: number;
  subject: Subject;
  videos: ReadonlyMap<number, VideoRow>;
  /** Whether anything was reviewed at all. */
  reviewed: boolean;
  onApply(like: Like): void;
  /** Holds what a key does here, null for nothing. */
  offer: RefObject<(() => void) | null>;
}

const NOTHING: readonly SimilarEvent[] = [];

/** A radius with a little room above the distance of the farthest that is shown. */
const radiusOf = (similar: readonly SimilarEvent[]): number =>
  Math.max(0.05, Math.ceil((similar.at(-1)?.distance ?? 0) * 105) / 100);

export function LooksLike({ runId, videoId, subject, videos, reviewed, onApply, offer }: LooksLikeProps) {
  const pass = usePass();
  // The keys of a queue go through events faster than they can be compared: an edit on the one that was left, which makes
  // its answer stale, compares nothing.
  const range = useRested(subject.range, 300);
  const rests = range.start === subject.range.start && range.end === subject.range.end;
  const found = useCall('review.similar', { runId, videoId, range, pass }, { enabled: reviewed && rests });
  const similar = (reviewed && rests && found.data?.reviewed) || NOTHING;
  const radius = radiusOf(similar);
  const within = found.data?.open.filter((d) => d <= radius).length ?? 0;
  const [nearest] = similar;
  const apply =
    pass === 1 && nearest && within > 0
      ? () =>
          onApply({
            videoId,
            ...subject.range,
            radius,
            verdict: subject.row?.verdict ?? nearest.verdict,
            class: subject.row?.class ?? nearest.class,
          })
      : null;
  useEffect(() => {
    offer.current = apply;
    return () => {
      offer.current = null;
    };
  });
  if (!reviewed) return null;
  if (found.error) {
    return (
      <Section title="Looks like">
        <p className={styles.hint}>{found.error.message}</p>
      </Section>
    );
  }
  if (similar.length === 0) return null;
  return (
    <Section
      title="Looks like"
      aux={
        apply ? (
          <AriaButton className={styles.link} onPress={apply}>
            Apply to {count(within)} within {score(radius)}…
          </AriaButton>
        ) : undefined
      }
    >
      <EventThumbs
        label="Reviewed events that look like this one"
        columns={3}
        videos={videos}
        events={similar.map((one) => ({
          ...one,
          text: (
            <>
              <span className={styles.said}>
                {SIGN[one.verdict]} {one.class ?? VERDICT[one.verdict]}
              </span>
              <span title="Distance in feature space">{score(one.distance)}</span>
            </>
          ),
        }))}
      />
    </Section>
  );
}
