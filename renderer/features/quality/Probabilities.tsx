// Scores as probabilities. Role: how well scores and fitted probabilities hold on reviewed samples, and the export.
import { useMemo, useState } from 'react';
import type { Input, Run } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Download } from '../../components/icons.tsx';
import { Section } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { UnitPlot } from '../../components/UnitPlot.tsx';
import { plural, score } from '../../format.ts';
import { useAction, useCall } from '../../state/queries.ts';
import styles from './Quality.module.css';

type Kind = NonNullable<Input<'quality.calibration'>['kind']>;

export function Probabilities({ run }: { run: Run }) {
  const [kind, setKind] = useState<Kind>('isotonic');
  const { data: report, error } = useCall(
    'quality.calibration',
    { runId: run.id, kind },
    { keepPrevious: true },
  );
  const write = useAction('quality.writeProbabilities');
  const [written, setWritten] = useState<string | null>(null);
  const shown = error ? undefined : report;
  const lines = useMemo(
    () =>
      shown
        ? [
            {
              points: shown.before.bins.map((b) => [b.predicted, b.observed] as const),
              colour: 'ink-3' as const,
              dash: [3, 3],
            },
            {
              points: shown.after.bins.map((b) => [b.predicted, b.observed] as const),
              colour: 'human' as const,
              width: 2,
            },
          ]
        : [],
    [shown],
  );
  return (
    <Section
      title={<span className={styles.sideTitle}>Probabilities</span>}
      aux={
        <Segments<Kind>
          label="How scores become probabilities"
          value={kind}
          onChange={setKind}
          options={[
            { value: 'isotonic', label: 'Isotonic' },
            { value: 'platt', label: 'Platt' },
          ]}
        />
      }
    >
      {shown ? (
        <>
          <div className={styles.reliability}>
            <UnitPlot
              xName="Predicted"
              yName="Anomalous"
              diagonal
              lines={lines}
              label={`Reliability: mean error ${score(shown.after.error)} of probabilities, ${score(shown.before.error)} of scores`}
            />
          </div>
          <p className={styles.quiet}>
            From {plural(shown.calibration.n, 'reviewed sample')}. Mean error {score(shown.after.error)} on
            samples left out; of the scores as they are (dashed) {score(shown.before.error)}.
          </p>
          <Button
            small
            variant="quiet"
            icon={<Download size={14} />}
            isDisabled={write.pending}
            onPress={() =>
              write.run({ runId: run.id, kind }, { onSuccess: ({ folder }) => setWritten(folder) })
            }
          >
            Write probabilities
          </Button>
          {written && (
            <p className={styles.path} role="status" data-selectable="">
              {written}
            </p>
          )}
          <ErrorLine error={write.error} />
        </>
      ) : (
        error && <p className={styles.quiet}>{error.message}</p>
      )}
    </Section>
  );
}
