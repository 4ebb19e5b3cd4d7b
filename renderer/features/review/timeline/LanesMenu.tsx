// Which lanes are shown. Role: one check box per lane that could be there. Limits: the choice is kept by lanes.ts.
import type { ReactNode } from 'react';
import type { Run } from '../../../../shared/contract/index.ts';
import { CONSENSUS_KINDS } from '../../../../shared/labels/consensus.ts';
import { IconButton } from '../../../components/Button.tsx';
import { Lanes } from '../../../components/icons.tsx';
import { Kbd } from '../../../components/Kbd.tsx';
import { Popover } from '../../../components/Menu.tsx';
import { Checkbox, Radios } from '../../../components/Toggle.tsx';
import { useCommands } from '../../../state/commands.ts';
import { keyOf, LANE_DIGITS, type PanelState, type ReviewAction } from '../keymap.ts';
import styles from './LanesMenu.module.css';
import { CONSENSUS_NAMES, lanes, runKey, toggleLane, toggleRun } from './lanes.ts';
import type { Layer } from './layers.ts';

export interface LanesMenuProps {
  projectId: string;
  /** Runs other than the chosen one that have scores for this video. */
  runs: readonly Run[];
  /** Whether there are enough runs for a consensus. */
  joint: boolean;
  pictures: boolean;
  labels: boolean;
  layers: readonly Layer[];
  /** Runs with scores for this video in the order of their keys. */
  order: readonly number[];
  panel: PanelState;
}

/** Keys of lanes that are no run's. */
const KEYS: Record<string, ReviewAction> = {
  pictures: 'lanePictures',
  labels: 'laneLabels',
  uncertainty: 'laneUncertainty',
  human: 'laneHuman',
  rule: 'laneRule',
  truth: 'laneTruth',
};

export function LanesMenu(props: LanesMenuProps) {
  const { projectId, runs, joint, pictures, labels, layers, order, panel } = props;
  const shown = lanes.use((state) => state.value);
  const toggle = (name: string, label: string) => (
    <Lane key={name} kbd={name in KEYS ? keyOf(KEYS[name]) : ''}>
      <Checkbox isSelected={!shown.hidden.includes(name)} onChange={() => toggleLane(name)}>
        {label}
      </Checkbox>
    </Lane>
  );
  const keyOfRun = (id: number): string => {
    const digit = LANE_DIGITS.find((n) => n === order.indexOf(id) + 1);
    return digit === undefined ? '' : keyOf(`lane${digit}`);
  };
  useCommands('lanes', [
    ...runs.map((run) => ({
      id: `lane-run-${run.id}`,
      text: `Lane of ${run.name}: show or hide`,
      kbd: keyOfRun(run.id),
      run: () => toggleRun(runKey(projectId, run.id)),
    })),
    ...layers
      .filter((layer) => !(layer.id in KEYS))
      .map((layer) => ({
        id: `lane-${layer.id}`,
        text: `Lane of ${layer.label}: show or hide`,
        kbd: '',
        run: () => toggleLane(layer.id),
      })),
  ]);
  return (
    <Popover
      label="Lanes"
      placement="top end"
      {...panel}
      trigger={<IconButton small label="Lanes" kbd={keyOf('lanes')} icon={<Lanes size={14} />} />}
    >
      <div className={styles.panel}>
        {joint ? (
          <Radios
            label={`Runs together (${keyOf('consensus')})`}
            value={shown.consensus}
            onChange={(consensus) => lanes.set({ ...shown, consensus })}
            options={[...CONSENSUS_KINDS, 'off' as const].map((value) => ({
              value,
              label: CONSENSUS_NAMES[value],
            }))}
          />
        ) : (
          <p>With a second run over these videos, a lane shows what runs say together.</p>
        )}
        {runs.length > 0 && (
          <fieldset>
            <legend>Runs</legend>
            {runs.map((run) => {
              const key = runKey(projectId, run.id);
              return (
                <Lane key={key} kbd={keyOfRun(run.id)}>
                  <Checkbox isSelected={!shown.hiddenRuns.includes(key)} onChange={() => toggleRun(key)}>
                    {run.name}
                  </Checkbox>
                </Lane>
              );
            })}
          </fieldset>
        )}
        <fieldset>
          <legend>Other lanes</legend>
          {pictures && toggle('pictures', 'Pictures')}
          {labels && toggle('labels', 'Pseudo-labels')}
          {joint && toggle('uncertainty', 'Uncertainty')}
          {layers.map((layer) => toggle(layer.id, layer.label))}
        </fieldset>
      </div>
    </Popover>
  );
}

function Lane({ kbd, children }: { kbd: string; children: ReactNode }) {
  return (
    <div className={styles.lane}>
      {children}
      {kbd && <Kbd>{kbd}</Kbd>}
    </div>
  );
}
