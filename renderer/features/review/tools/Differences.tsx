// Where two reviews differ, one after another. Role: what each said, and settling it for one of them, by button or digit; goes
// on to the next by itself. Limits: any other answer is given on the video, and then settled for the first.
import { useEffect, useRef, useState } from 'react';
import type { HumanEvent, ReviewDifference, SettledAs, VideoRow } from '../../../../shared/contract/index.ts';
import { Badge } from '../../../components/Badge.tsx';
import { Button } from '../../../components/Button.tsx';
import { Check } from '../../../components/icons.tsx';
import { baseName, count } from '../../../format.ts';
import { VERDICT } from '../verdicts/layers.ts';
import styles from './SecondDialog.module.css';

export interface DifferencesProps {
  /** By video and time. */
  differences: readonly ReviewDifference[];
  videos: ReadonlyMap<number, VideoRow>;
  onLook(one: ReviewDifference): void;
  onSettle(one: ReviewDifference, as: SettledAs): void;
}

const WHAT = { only_first: 'only the first', only_second: 'only the second', edges: 'other edges' } as const;
const ANSWERS: readonly { as: SettledAs; key: string; label: string }[] = [
  { as: 'first', key: '1', label: 'First' },
  { as: 'second', key: '2', label: 'Second' },
  { as: 'unsure', key: '3', label: 'Unsure' },
];

const lineOf = ({ videoId, start, end }: ReviewDifference): string => `${videoId}:${start}:${end}`;

/** `accepted 96 to 160, Cart` */
const saidBy = (row: HumanEvent | null): string =>
  row
    ? [
        `${(row.verdict === null ? 'Changed' : VERDICT[row.verdict]).toLowerCase()} ${count(row.start)} to ${count(row.end)}`,
        row.class,
      ]
        .filter(Boolean)
        .join(', ')
    : 'nothing';

export function Differences({ differences, videos, onLook, onSettle }: DifferencesProps) {
  const list = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const wanted = useRef(true);
  const index = Math.max(
    0,
    differences.findIndex((one) => lineOf(one) === chosen),
  );
  // Keys work where the focus is: in the line that comes next, also when the one before has gone from the list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list, or another line, may have taken the focus away
  useEffect(() => {
    if (!wanted.current && document.activeElement !== document.body) return;
    wanted.current = false;
    list.current?.children[index]?.querySelector('button')?.focus();
  }, [differences, index]);

  const goTo = (to: number): void => {
    const one = differences[Math.min(Math.max(to, 0), differences.length - 1)];
    if (!one) return;
    wanted.current = true;
    setChosen(lineOf(one));
  };
  const settle = (at: number, as: SettledAs): void => {
    const open = (one: ReviewDifference, i: number) => i !== at && one.settled === null;
    const after = differences.findIndex((one, i) => i > at && open(one, i));
    const next = after < 0 ? differences.findIndex(open) : after;
    goTo(next < 0 ? at : next);
    onSettle(differences[at], as);
  };
  const onKey =
    (at: number) =>
    (event: React.KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const answer = ANSWERS.find(({ key }) => key === event.key);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: differences.length - 1 }[event.key];
      if (!answer && to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (to !== undefined) goTo(to);
      else if (answer && !event.repeat) settle(at, answer.as);
    };
  if (differences.length === 0) return <p className={styles.hint}>They agree everywhere.</p>;
  const settled = differences.filter((one) => one.settled !== null).length;
  return (
    <>
      <p className={styles.hint}>
        <b data-testid="settled">
          {count(settled)} of {count(differences.length)} settled.
        </b>{' '}
        First: what the first said stays. Second: it becomes the label. Unsure: the frames are left out. For
        any other answer look there, change it, and settle for the first. Undo takes each back.
      </p>
      <ul ref={list} className={styles.list} aria-label="Differences">
        {differences.map((one, i) => (
          <li
            key={lineOf(one)}
            className={styles.line}
            data-settled={one.settled !== null || undefined}
            onKeyDown={onKey(i)}
          >
            <span className={styles.where}>
              {baseName(videos.get(one.videoId)?.relPath ?? '')} {count(one.start)} to {count(one.end)}
              <small>
                first: {saidBy(one.first)} · second: {saidBy(one.second)}
              </small>
            </span>
            {one.settled === null ? (
              <Badge tone={one.what === 'edges' ? 'neutral' : 'warn'}>{WHAT[one.what]}</Badge>
            ) : (
              <Badge tone="human">
                <Check size={12} />
                {one.settled === 'unsure' ? 'unsure' : `for the ${one.settled}`}
              </Badge>
            )}
            <Button small onPress={() => onLook(one)}>
              Look
            </Button>
            {ANSWERS.map(({ as, key, label }) => (
              <Button key={as} small kbd={key} on={one.settled === as} onPress={() => settle(i, as)}>
                {label}
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
