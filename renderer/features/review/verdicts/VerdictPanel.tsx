// The verdict on the selected event. Role: edges, accept, reject, unsure, class, note, and what a person changed.
// Limits: says what is wanted; edits are sent by the review's actions, which keys share.
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { HumanEvent, ReviewClass } from '../../../../shared/contract/index.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { Badge } from '../../../components/Badge.tsx';
import { Button, IconButton } from '../../../components/Button.tsx';
import { cx } from '../../../components/cx.ts';
import { Check, Cross, Help, More, Probe } from '../../../components/icons.tsx';
import { Kbd } from '../../../components/Kbd.tsx';
import { count, score } from '../../../format.ts';
import { classColour } from '../../../styles/palette.ts';
import { keyOf } from '../keymap.ts';
import type { Session } from '../session.ts';
import { lengthText } from '../time.ts';
import { VERDICT } from './layers.ts';
import { movedBy, type Subject, signed } from './subject.ts';
import styles from './VerdictPanel.module.css';

export interface VerdictActions {
  accept(): void;
  reject(): void;
  unsure(): void;
  /** Gives the class; null takes it away. */
  setClass(name: string | null): void;
  setRange(range: FrameRange): void;
  editClass(): void;
  editNote(): void;
  /** Takes back what a person said or drew. */
  remove(): void;
}

export interface VerdictPanelProps {
  session: Session;
  subject: Subject;
  /** Machine events of this video. */
  total: number;
  classes: readonly ReviewClass[];
  actions: VerdictActions;
}

export function VerdictPanel({ session, subject, total, classes, actions }: VerdictPanelProps) {
  const { row, machine, range } = subject;
  const said = row?.verdict ?? null;
  const hidden = subject.probe && said === null;
  return (
    <>
      <div className={styles.title}>
        <h2 data-testid="selected-event">{titleOf(subject, total)}</h2>
        {machine && <Badge tone="model">Model</Badge>}
        {subject.probe && (
          <Badge tone="accent">
            <Probe size={12} />
            Probe
          </Badge>
        )}
        {row && row.kind === 'event' && <Badge tone="human">Human</Badge>}
        {machine && !hidden ? (
          <span className={styles.peak} title="Highest score">
            {score(machine.event.max)}
          </span>
        ) : (
          (row === null || row.kind === 'event') && (
            <span className={styles.state}>{said === null ? 'Unreviewed' : VERDICT[said]}</span>
          )
        )}
      </div>
      <div className={styles.edges}>
        <EdgeField
          label="In"
          kbd={keyOf('startHere')}
          value={range.start}
          min={0}
          max={range.end - 1}
          onChange={(start) => actions.setRange({ start, end: range.end })}
        />
        <EdgeField
          label="Out"
          kbd={keyOf('endHere')}
          value={range.end}
          min={range.start + 1}
          max={session.frames}
          onChange={(end) => actions.setRange({ start: range.start, end })}
        />
        <span>{lengthText(session, range.start, range.end)}</span>
      </div>
      {(row === null || row.kind === 'event') && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: three equal buttons, not the fields of a form */}
          <div className={styles.verdicts} role="group" aria-label="Verdict">
            <VerdictButton
              verdict="accepted"
              said={said}
              label="Accept"
              kbd={keyOf('accept')}
              icon={<Check size={14} />}
              onPress={actions.accept}
            />
            <VerdictButton
              verdict="rejected"
              said={said}
              label="Reject"
              kbd={keyOf('reject')}
              icon={<Cross size={14} />}
              onPress={actions.reject}
            />
            <VerdictButton
              verdict="unsure"
              said={said}
              label="Unsure"
              kbd={keyOf('unsure')}
              icon={<Help size={14} />}
              onPress={actions.unsure}
            />
          </div>
          <ClassChips row={row} classes={classes} actions={actions} />
        </>
      )}
      {row && <RowFacts row={row} onNote={actions.editNote} onRemove={actions.remove} />}
    </>
  );
}

/** What is selected, in a few words. @param total machine events of the video */
export function titleOf({ machine, row, probe }: Subject, total: number): string {
  if (machine) return `Event ${count(machine.index + 1)} of ${count(total)}`;
  if (probe) return 'Below the threshold';
  if (row?.kind === 'ignore') return 'Ignored range';
  if (row?.kind === 'watched') return 'Watched in full';
  if (row?.kind === 'note') return 'Note';
  return row?.origin ? 'Changed event' : row ? 'Drawn event' : 'Seen by another run';
}

interface VerdictButtonProps {
  verdict: 'accepted' | 'rejected' | 'unsure';
  said: string | null;
  label: string;
  kbd: string;
  icon: React.ReactNode;
  onPress(): void;
}

function VerdictButton({ verdict, said, label, kbd, icon, onPress }: VerdictButtonProps) {
  return (
    <AriaButton
      className={cx(styles.verdict, said === null && verdict === 'accepted' && styles.offered)}
      data-verdict={verdict}
      aria-pressed={said === verdict}
      onPress={onPress}
    >
      {icon}
      {label}
      <Kbd>{kbd}</Kbd>
    </AriaButton>
  );
}

interface EdgeFieldProps {
  label: string;
  kbd: string;
  value: number;
  min: number;
  max: number;
  onChange(value: number): void;
}

/** A frame number; taken over on Enter or when the field is left, so that half a number moves nothing. */
function EdgeField({ label, kbd, value, min, max, onChange }: EdgeFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const take = (): void => {
    const wanted = Number(draft?.replaceAll(/[,\s]/g, '') ?? Number.NaN);
    setDraft(null);
    if (!Number.isInteger(wanted) || draft?.trim() === '') return;
    const next = Math.min(max, Math.max(min, wanted));
    if (next !== value) onChange(next);
  };
  return (
    <label className={styles.edge}>
      <span>{label}</span>
      <input
        value={draft ?? count(value)}
        inputMode="numeric"
        aria-label={`${label}, frame`}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(null);
          const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
          if (by === 0) return;
          event.preventDefault();
          setDraft(null);
          onChange(Math.min(max, Math.max(min, value + by)));
        }}
      />
      <Kbd>{kbd}</Kbd>
    </label>
  );
}

function ClassChips({
  row,
  classes,
  actions,
}: {
  row: HumanEvent | null;
  classes: readonly ReviewClass[];
  actions: VerdictActions;
}) {
  const chosen = row?.class ?? null;
  const stray = chosen !== null && !classes.some(({ name }) => name === chosen);
  const shown = stray ? [...classes, { name: chosen, colour: 0, key: null }] : classes;
  return (
    // biome-ignore lint/a11y/useSemanticElements: chips, not the fields of a form
    <div className={styles.classes} role="group" aria-label="Class">
      {shown.map(({ name, colour, key }) => (
        <AriaButton
          key={name}
          className={styles.chip}
          style={{ '--class': `var(--${classColour(colour)})` }}
          aria-pressed={chosen === name}
          onPress={() => actions.setClass(chosen === name ? null : name)}
        >
          {key && <b>{key}</b>}
          {name}
        </AriaButton>
      ))}
      {shown.length === 0 ? (
        <Button small variant="quiet" kbd={keyOf('editClass')} onPress={actions.editClass}>
          Name a class
        </Button>
      ) : (
        <IconButton
          small
          label="Classes"
          kbd={keyOf('editClass')}
          icon={<More size={14} />}
          onPress={actions.editClass}
        />
      )}
    </div>
  );
}

interface RowFactsProps {
  row: HumanEvent;
  onNote(): void;
  onRemove(): void;
}

function RowFacts({ row, onNote, onRemove }: RowFactsProps) {
  const moved = movedBy(row);
  const edges =
    moved === null
      ? 'drawn by hand'
      : moved.start === 0 && moved.end === 0
        ? 'as proposed'
        : `in ${signed(moved.start)}, out ${signed(moved.end)} frames`;
  return (
    <dl className={styles.facts}>
      {row.kind === 'event' && (
        <div>
          <dt>Edges</dt>
          <dd>{edges}</dd>
        </div>
      )}
      <div>
        <dt>By</dt>
        <dd data-selectable="">
          {row.reviewer}{' '}
          <AriaButton className={styles.link} onPress={onRemove}>
            {row.origin ? 'Take back' : 'Delete'} <Kbd>{keyOf('remove')}</Kbd>
          </AriaButton>
        </dd>
      </div>
      <div>
        <dt>Note</dt>
        <dd data-selectable="">
          {row.note || 'none'}{' '}
          <AriaButton className={styles.link} onPress={onNote}>
            {row.note ? 'Change' : 'Add'} <Kbd>{keyOf('note')}</Kbd>
          </AriaButton>
        </dd>
      </div>
    </dl>
  );
}
