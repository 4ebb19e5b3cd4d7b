// How far steps and jumps go. Role: three remembered numbers with their keys. Limits: what a key does with them is
// player-actions.ts.
import { Button, IconButton } from '../../../components/Button.tsx';
import { Ruler } from '../../../components/icons.tsx';
import { Popover } from '../../../components/Menu.tsx';
import { NumberField } from '../../../components/NumberField.tsx';
import { duration } from '../../../format.ts';
import { FIRST_STEPS, steps } from '../choices.ts';
import { keyOf, type PanelState, type ReviewAction } from '../keymap.ts';
import styles from './StepsMenu.module.css';

export function StepsMenu({ panel }: { panel: PanelState }) {
  const now = steps.use((state) => state.value);
  const change = (name: keyof typeof now, min: number, max: number) => (value: number) => {
    if (value >= min && value <= max && (name !== 'frames' || Number.isInteger(value))) {
      steps.set({ ...now, [name]: value });
    }
  };
  const keys = (...actions: ReviewAction[]): string => actions.map(keyOf).filter(Boolean).join(', ');
  const same = (Object.keys(FIRST_STEPS) as (keyof typeof now)[]).every(
    (name) => now[name] === FIRST_STEPS[name],
  );
  return (
    <Popover
      label="Steps and jumps"
      placement="top end"
      {...panel}
      trigger={<IconButton small label="Steps and jumps" kbd={keyOf('steps')} icon={<Ruler size={14} />} />}
    >
      <div className={styles.panel}>
        <NumberField
          beside
          autoFocus
          label={`Large step (${keys('segmentBack', 'segmentForward')})`}
          hint={now.frames === FIRST_STEPS.frames ? 'one segment' : null}
          value={now.frames}
          min={1}
          max={100_000}
          integer
          unit="frames"
          onChange={change('frames', 1, 100_000)}
        />
        <NumberField
          beside
          label={`Step in time (${keys('secondBack', 'secondForward')})`}
          value={now.seconds}
          min={0.01}
          max={3600}
          step={0.5}
          unit="s"
          onChange={change('seconds', 0.01, 3600)}
        />
        <NumberField
          beside
          label={`Jump (${keys('jumpBack', 'jumpForward')})`}
          hint={duration(now.jump)}
          value={now.jump}
          min={1}
          max={86_400}
          step={60}
          unit="s"
          onChange={change('jump', 1, 86_400)}
        />
        <Button small variant="quiet" isDisabled={same} onPress={() => steps.set(FIRST_STEPS)}>
          As they came
        </Button>
      </div>
    </Popover>
  );
}
