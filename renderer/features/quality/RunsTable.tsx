// Finished runs beside the chosen one. Role: measures where ground truth exists, agreement everywhere, which are drawn.
import { useState } from 'react';
import type { EvaluationReport, Run } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Panel.tsx';
import { Checkbox } from '../../components/Toggle.tsx';
import { score } from '../../format.ts';
import { useCall } from '../../state/queries.ts';
import type { ColourName } from '../../styles/palette.ts';
import { METHOD_NAME } from '../runs/runs.ts';
import { ConsensusDialog } from './ConsensusDialog.tsx';
import { COMPARED } from './data.ts';
import styles from './Quality.module.css';
import { three } from './words.ts';

export interface RunsTableProps {
  run: Run;
  runs: readonly Run[];
  compared: readonly number[];
  onCompare(ids: number[]): void;
  /** Of the chosen run first, then of the compared ones. */
  reports: readonly (EvaluationReport | null)[];
  onChoose(runId: number): void;
}

export function RunsTable({ run, runs, compared, onCompare, reports, onChoose }: RunsTableProps) {
  const agreements = useCall('quality.agreement', { runId: run.id }).data;
  const [making, setMaking] = useState(false);
  const measured = reports[0];
  const others = runs.filter((other) => other.id !== run.id);
  const reportOf = (id: number) => reports.find((report) => report?.run.id === id) ?? null;
  const agree = (id: number) => agreements?.find((a) => a.runId === id)?.agreement ?? null;
  return (
    <Section
      title={<span className={styles.sideTitle}>Runs</span>}
      aux={measured ? `AUC on ${measured.all.videos} videos` : 'share of equal labels'}
    >
      <div className={styles.runsScroll}>
        <table className={styles.runs}>
          <colgroup>
            <col className={styles.keyColumn} />
            <col />
            {measured && <col className={styles.numberColumn} />}
            {measured && <col className={styles.numberColumn} />}
            <col className={styles.numberColumn} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col" colSpan={2}>
                Run
              </th>
              {measured && <th scope="col">AUC</th>}
              {measured && <th scope="col">AP</th>}
              <th scope="col">Agree</th>
            </tr>
          </thead>
          <tbody>
            <tr className={styles.chosen}>
              <td>
                <Key colour="ink" dash={[]} heavy />
              </td>
              <td title={run.name}>{run.name}</td>
              {measured && <td>{three(measured.all.microAuc)}</td>}
              {measured && <td>{three(measured.all.stepAp)}</td>}
              <td>–</td>
            </tr>
            {others.map((other) => {
              const at = compared.indexOf(other.id);
              const report = reportOf(other.id);
              const share = agree(other.id);
              return (
                <tr key={other.id}>
                  <td>
                    {at >= 0 && measured ? (
                      <Key {...COMPARED[at % COMPARED.length]} />
                    ) : (
                      <span className={styles.noKey} />
                    )}
                  </td>
                  <td title={`${other.name}, ${METHOD_NAME[other.method]}`}>
                    {measured ? (
                      <Checkbox
                        isSelected={at >= 0}
                        onChange={(on) =>
                          onCompare(
                            on
                              ? [...compared, other.id].slice(-COMPARED.length)
                              : compared.filter((id) => id !== other.id),
                          )
                        }
                      >
                        {other.name}
                      </Checkbox>
                    ) : (
                      other.name
                    )}
                  </td>
                  {measured && <td>{three(report?.all.microAuc ?? other.metrics?.microAuc ?? null)}</td>}
                  {measured && <td>{three(report?.all.stepAp ?? other.metrics?.stepAp ?? null)}</td>}
                  <td>{share === null ? '–' : score(share)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {runs.length > 1 && (
        <Button small variant="quiet" onPress={() => setMaking(true)}>
          Make a consensus of runs…
        </Button>
      )}
      {making && (
        <ConsensusDialog
          runs={runs}
          first={[run.id, ...compared]}
          onClose={() => setMaking(false)}
          onMade={(id) => {
            setMaking(false);
            onChoose(id);
          }}
        />
      )}
    </Section>
  );
}

function Key({ colour, dash, heavy }: { colour: ColourName; dash: readonly number[]; heavy?: boolean }) {
  return (
    <svg width="18" height="6" viewBox="0 0 18 6" aria-hidden="true">
      <path
        d="M0 3h18"
        stroke={`var(--${colour})`}
        strokeWidth={heavy ? 2.5 : 2}
        strokeDasharray={dash.join(' ')}
      />
    </svg>
  );
}
