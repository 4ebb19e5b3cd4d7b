// How good a run is where ground truth exists. Role: take a ground-truth file, evaluate, show the published measures.
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Metrics, Run } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { File } from '../../components/icons.tsx';
import { Facts, Panel } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { count, plural, score } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useAction } from '../../state/queries.ts';
import { pickFiles } from '../picker/picker.ts';
import styles from './Runs.module.css';
import { truthKeys } from './runs.ts';

export function MetricsPanel({ run }: { run: Run }) {
  const [, go] = useLocation();
  const [protocol, setProtocol] = useState<Metrics['protocol']>(run.metrics?.protocol ?? 'trimmed');
  const evaluate = useAction('runs.evaluate');
  const [matched, setMatched] = useState<string | null>(null);
  const take = useAction('truth.import', (report) => {
    const parts = [`${report.name}: ${plural(report.matched, 'video')} matched`];
    if (report.without > 0) parts.push(`${count(report.without)} without ground truth`);
    if (report.unmatched.length > 0)
      parts.push(
        `no video for ${report.unmatched.slice(0, 3).join(', ')}${report.unmatched.length > 3 ? ' and others' : ''}`,
      );
    setMatched(`${parts.join('; ')}.`);
    evaluate.run({ id: run.id, protocol });
  });
  const [file, setFile] = useState<Grant | null>(null);
  const choose = async (): Promise<void> => {
    const [chosen] = await pickFiles('truth');
    if (!chosen) return;
    setFile(chosen);
    take.run({ grant: chosen.grant });
  };
  // A file with several ground truths is refused with their names, and the person says which one is meant.
  const keys = truthKeys(take.error);
  const metrics = run.metrics;
  const busy = evaluate.pending || take.pending;
  return (
    <Panel className={styles.panel}>
      <h2>
        Against ground truth
        <span className={styles.push} />
        <Segments
          label="Protocol"
          value={protocol}
          isDisabled={busy}
          onChange={(next) => {
            setProtocol(next);
            if (metrics) evaluate.run({ id: run.id, protocol: next });
          }}
          options={[
            { value: 'trimmed', label: 'Trimmed' },
            { value: 'official', label: 'Official' },
          ]}
        />
      </h2>
      {metrics ? (
        <>
          <div className={styles.big}>
            <b>{metrics.microAuc === null ? '–' : score3(metrics.microAuc)}</b>
            <span>frame-level AUC, all frames together</span>
          </div>
          <Facts
            facts={[
              [
                'Mean of the videos’ AUC',
                metrics.macroAuc === null ? 'needs both classes' : score3(metrics.macroAuc),
              ],
              ['Average precision', metrics.stepAp === null ? 'needs both classes' : score3(metrics.stepAp)],
              [
                'Area under precision and recall',
                metrics.trapezoidPrAuc === null ? 'needs both classes' : score3(metrics.trapezoidPrAuc),
              ],
              [
                'Videos',
                `${count(metrics.videos)}${metrics.videosWithoutTruth > 0 ? `, ${count(metrics.videosWithoutTruth)} more without truth` : ''}`,
              ],
              ['Frames', `${count(metrics.frames)}, of them ${count(metrics.anomalousFrames)} anomalous`],
              ['Ground truth', metrics.truth],
            ]}
          />
        </>
      ) : (
        <p className={styles.quiet}>
          Optional. Where someone knows which frames are anomalous, the run can be measured: frame-level AUC
          and average precision. Nothing of it is used for training.
        </p>
      )}
      {matched && (
        <p className={styles.quiet} role="status">
          {matched}
        </p>
      )}
      <p className={styles.quiet}>
        {protocol === 'trimmed'
          ? 'Trimmed: every frame of a video counts once.'
          : 'Official: 16 frames per segment, as published results count them; labels are padded with their last value or cut.'}
      </p>
      {keys.length > 0 && file ? (
        <div className={styles.actions}>
          <span>{file.name} holds several ground truths. Which one?</span>
          {keys.map((key) => (
            <Button key={key} small isDisabled={busy} onPress={() => take.run({ grant: file.grant, key })}>
              {key}
            </Button>
          ))}
        </div>
      ) : (
        <ErrorLine error={take.error ?? evaluate.error} />
      )}
      <div className={styles.actions}>
        <Button small icon={<File size={14} />} isDisabled={busy} onPress={() => void choose()}>
          {metrics ? 'Other ground-truth file…' : 'Choose a ground-truth file…'}
        </Button>
        <Button small isDisabled={busy} onPress={() => evaluate.run({ id: run.id, protocol })}>
          {evaluate.pending ? 'Evaluating…' : metrics ? 'Evaluate again' : 'Evaluate'}
        </Button>
        <Button small variant="quiet" onPress={() => go(`/quality/${run.id}`)}>
          More on Quality
        </Button>
      </div>
    </Panel>
  );
}

const score3 = (value: number): string => (value === 1 ? score(1) : value.toFixed(3).replace(/^0/, ''));
