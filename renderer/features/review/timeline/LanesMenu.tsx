// Which lanes are shown. Role: one check box per lane that could be there. Limits: the choice is kept by lanes.ts.
import type { Run } from '../../../../shared/contract/index.ts';
import { CONSENSUS_KINDS } from '../../../../shared/labels/consensus.ts';
import { IconButton } from '../../../components/Button.tsx';
import { Lanes } from '../../../components/icons.tsx';
import { Popover } from '../../../components/Menu.tsx';
import { Checkbox, Radios } from '../../../components/Toggle.tsx';
import { keyOf } from '../keymap.ts';
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
}

export function LanesMenu({ projectId, runs, joint, pictures, labels, layers }: LanesMenuProps) {
  const shown = lanes.use((state) => state.value);
  const toggle = (name: string, label: string) => (
    <Checkbox key={name} isSelected={!shown.hidden.includes(name)} onChange={() => toggleLane(name)}>
      {label}
    </Checkbox>
  );
  return (
    <Popover
      label="Lanes"
      placement="top end"
      trigger={<IconButton small label="Lanes" icon={<Lanes size={14} />} />}
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
                <Checkbox
                  key={key}
                  isSelected={!shown.hiddenRuns.includes(key)}
                  onChange={() => toggleRun(key)}
                >
                  {run.name}
                </Checkbox>
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
