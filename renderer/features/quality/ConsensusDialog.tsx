// Making one run of several. Role: which runs, by which rule. Limits: the engine combines and refuses what cannot be.
import { useState } from 'react';
import type { Input, Run } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { NumberField } from '../../components/NumberField.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Checkbox, Radios } from '../../components/Toggle.tsx';
import { plural } from '../../format.ts';
import { useAction } from '../../state/queries.ts';
import { METHOD_NAME } from '../runs/runs.ts';
import styles from './Quality.module.css';

type Rule = NonNullable<Input<'runs.consensus'>['rule']>;

const RULES: readonly { value: Rule; label: string; help: string }[] = [
  { value: 'mean', label: 'Mean', help: 'Scores on a common scale, their threshold at one half, averaged.' },
  { value: 'median', label: 'Median', help: 'The same scale; one run that is far off does not count.' },
  {
    value: 'votes',
    label: 'Votes',
    help: 'The share of runs that label a segment; labelled from k of them on.',
  },
  {
    value: 'weighted',
    label: 'Weighted by reviews',
    help: 'Runs that order the reviewed samples better count more. Needs 20 sampled reviews.',
  },
  { value: 'ranks', label: 'Ranks', help: 'Mean of the ranks: no scale is needed, thresholds do not count.' },
];

export interface ConsensusDialogProps {
  runs: readonly Run[];
  /** Chosen at first. */
  first: readonly number[];
  onClose(): void;
  onMade(runId: number): void;
}

export function ConsensusDialog({ runs, first, onClose, onMade }: ConsensusDialogProps) {
  const able = runs.filter((run) => run.method !== 'consensus');
  const [chosen, setChosen] = useState<readonly number[]>(() => {
    const wanted = able.filter((run) => first.includes(run.id)).map((run) => run.id);
    return wanted.length > 1 ? wanted : able.slice(0, 5).map((run) => run.id);
  });
  const [rule, setRule] = useState<Rule>('mean');
  const [k, setK] = useState(() => Math.floor(chosen.length / 2) + 1);
  const [name, setName] = useState('');
  const make = useAction('runs.consensus', ({ runId }) => onMade(runId));
  const few = chosen.length < 2;
  const votes = rule === 'votes';
  const badK = votes && !(k >= 1 && k <= chosen.length);
  return (
    <Dialog
      title="Consensus of runs"
      isOpen
      width={560}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={few || badK || make.pending}
            onPress={() => make.run({ runIds: [...chosen], rule, k: votes ? k : null, name })}
          >
            {make.pending ? 'Combining…' : `Combine ${plural(chosen.length, 'run')}`}
          </Button>
        </>
      }
    >
      <div className={styles.consensus}>
        <fieldset>
          <legend>Runs</legend>
          <div className={styles.pick}>
            {able.map((run) => (
              <Checkbox
                key={run.id}
                isSelected={chosen.includes(run.id)}
                onChange={(on) => setChosen(on ? [...chosen, run.id] : chosen.filter((id) => id !== run.id))}
              >
                <span className={styles.pickName}>{run.name}</span>
                <small>{METHOD_NAME[run.method]}</small>
              </Checkbox>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Rule</legend>
          <Radios<Rule>
            label="Rule"
            value={rule}
            onChange={setRule}
            options={RULES.map(({ value, label, help }) => ({
              value,
              label: (
                <span className={styles.rule}>
                  {label}
                  <small>{help}</small>
                </span>
              ),
              name: label,
            }))}
          />
          {votes && (
            <NumberField
              label={`Labelled from how many of ${chosen.length} on`}
              integer
              value={k}
              min={1}
              max={chosen.length}
              onChange={setK}
              error={badK ? `Between 1 and ${chosen.length}` : undefined}
            />
          )}
        </fieldset>
      </div>
      <TextField label="Name" value={name} placeholder="consensus-01" onChange={setName} />
      <p className={styles.quiet}>
        {few
          ? 'Choose at least two runs.'
          : 'The result is a run of its own that never changes. Its uncertainty is the share of runs that say otherwise.'}
      </p>
      <ErrorLine error={make.error} />
    </Dialog>
  );
}
