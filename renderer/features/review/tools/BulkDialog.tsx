// A verdict by rule on many events. Role: conditions, what they take, twelve of them to look at, and doing it.
// Limits: nobody looks at these events, so they never count as reviewed, and the dialog says so.
import { useState } from 'react';
import type { QueueFilter, Run, Verdict, VideoRow } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { NumberField } from '../../../components/NumberField.tsx';
import { ErrorLine } from '../../../components/State.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { type Option, Segments } from '../../../components/Toggle.tsx';
import { count, duration, plural, score } from '../../../format.ts';
import { useAction, useCall } from '../../../state/queries.ts';
import { FilterBounds } from '../queue/FilterBounds.tsx';
import { NO_FILTER } from '../queue/orders.ts';
import { useRested } from '../use-slow.ts';
import styles from './BulkDialog.module.css';
import { EventThumbs } from './EventThumbs.tsx';
import type { Like } from './LooksLike.tsx';

export interface BulkDialogProps {
  isOpen: boolean;
  onClose(): void;
  run: Run;
  videos: ReadonlyMap<number, VideoRow>;
  /** Around which event, when the rule is about what looks like one. */
  like: Like | null;
}

export function BulkDialog(props: BulkDialogProps) {
  return (
    <Dialog title="Decide by rule" isOpen={props.isOpen} onClose={props.onClose} width={640}>
      {props.isOpen && <BulkForm {...props} />}
    </Dialog>
  );
}

const VERDICTS: readonly Option<Verdict>[] = [
  { value: 'rejected', label: 'Reject' },
  { value: 'accepted', label: 'Accept' },
  { value: 'unsure', label: 'Unsure' },
];

function BulkForm({ onClose, run, videos, like }: BulkDialogProps) {
  const [verdict, setVerdict] = useState<Verdict>(like?.verdict ?? 'rejected');
  const [name, setName] = useState(like?.class ?? '');
  const [radius, setRadius] = useState(like?.radius ?? 0);
  const [filter, setFilter] = useState<QueueFilter>(NO_FILTER);
  const change = (part: Partial<QueueFilter>): void => setFilter((now) => ({ ...now, ...part }));
  const input = {
    runId: run.id,
    verdict,
    class: name.trim() === '' ? null : name.trim(),
    filter,
    like: like && { videoId: like.videoId, start: like.start, end: like.end, radius },
  };
  const asked = useRested(JSON.stringify(input), 250);
  const preview = useCall(
    'review.bulk',
    { ...(JSON.parse(asked) as typeof input), dryRun: true },
    { keepPrevious: true },
  );
  const apply = useAction('review.bulk', (done) => {
    if (done.change) onClose();
  });
  const found = preview.data;
  const problem = apply.error ?? preview.error;
  return (
    <div className={styles.all}>
      <div className={styles.fields}>
        <Segments<Verdict> label="Verdict" value={verdict} onChange={setVerdict} options={VERDICTS} />
        <TextField label="Class (may be empty)" value={name} onChange={setName} />
        {like && (
          <NumberField
            label="Distance at most"
            value={radius}
            min={0.01}
            max={100}
            step={0.05}
            onChange={(value) => value > 0 && setRadius(value)}
          />
        )}
        <FilterBounds filter={filter} onChange={change} />
        <TextField label="Path" value={filter.path} placeholder="any" onChange={(path) => change({ path })} />
      </div>
      <div className={styles.preview} aria-live="polite" aria-busy={preview.isFetching}>
        {found && (
          <>
            <p className={styles.sentence} data-testid="bulk-affected">
              <b>{plural(found.affected, 'open event')}</b> of {run.name}, {duration(found.seconds)} of
              looking
            </p>
            <p className={styles.hint}>{found.text}</p>
            {found.sample.length > 0 && (
              <EventThumbs
                label="Twelve of them, at random"
                columns={4}
                videos={videos}
                events={found.sample.map((item) => ({ ...item, text: <span>{score(item.max)}</span> }))}
              />
            )}
          </>
        )}
      </div>
      {problem && <ErrorLine error={problem} />}
      <p className={styles.hint}>
        Nobody looks at these events. They are kept as a rule with these conditions, shown hatched, and never
        counted as reviewed; one undo takes all of them back.
      </p>
      <div className={styles.foot}>
        <Button onPress={onClose}>Leave it</Button>
        <Button
          variant="primary"
          isDisabled={!found || found.affected === 0 || apply.pending || preview.isFetching}
          onPress={() => apply.run({ ...input, dryRun: false })}
        >
          Decide on {count(found?.affected ?? 0)}
        </Button>
      </div>
    </div>
  );
}
