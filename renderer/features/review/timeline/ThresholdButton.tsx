// The rule in numbers, on T: both thresholds, shortest event, gap, and what they give. Role: fields over the rule editor.
import type { ReactNode } from 'react';
import { Popover as AriaPopover, Dialog, DialogTrigger } from 'react-aria-components';
import { Button } from '../../../components/Button.tsx';
import { Check, Clock, Sliders } from '../../../components/icons.tsx';
import { NumberField } from '../../../components/NumberField.tsx';
import popover from '../../../components/Popover.module.css';
import { SmoothSelect } from '../../../components/SmoothSelect.tsx';
import { ErrorLine } from '../../../components/State.tsx';
import { duration } from '../../../format.ts';
import { keyOf } from '../keymap.ts';
import type { OpenRule } from '../open-video.ts';
import { useSlow } from '../use-slow.ts';
import { RuleScopeField } from './RuleScopeField.tsx';
import styles from './ThresholdButton.module.css';

export interface ThresholdProps {
  open: OpenRule;
  video: { id: number; camera: string | null };
  isOpen: boolean;
  onOpenChange(open: boolean): void;
  /** Mean seconds of a frame in this video, to say how long the lengths are; null when not known. */
  secondsPerFrame: number | null;
  /** What the rule gives here and in all videos of the run. */
  counts: ReactNode;
  /** How good that is, as far as samples tell. */
  outlook: ReactNode;
}

export function ThresholdButton({
  open,
  video,
  isOpen,
  onOpenChange,
  secondsPerFrame,
  counts,
  outlook,
}: ThresholdProps) {
  const { editor: rules } = open;
  const state = useSlow(rules.store, (now) => now);
  const { rule } = state;
  const change = (key: keyof typeof rule) => (value: number) => {
    if (Number.isFinite(value)) rules.change({ [key]: value });
  };
  const about = (frames: number) =>
    frames === 0 || secondsPerFrame === null
      ? null
      : `about ${duration(frames * secondsPerFrame)} in this video`;
  // A rule may come with all digits of a quantile; a thousandth is what one can see and change.
  const shown = (value: number) => Math.round(value * 1000) / 1000;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      <Button small variant="quiet" on={isOpen} kbd={keyOf('threshold')} icon={<Sliders size={14} />}>
        Threshold
      </Button>
      <AriaPopover className={popover.popover} placement="top end" offset={6}>
        <Dialog aria-label="Threshold" className={styles.panel}>
          <RuleScopeField open={open} video={video} />
          <SmoothSelect beside value={rule.smooth} onChange={(smooth) => rules.change({ smooth })} />
          <NumberField
            beside
            label="On: an event starts"
            autoFocus
            value={shown(rule.on)}
            onChange={change('on')}
            min={0}
            max={1}
          />
          <NumberField
            beside
            label="Off: it ends"
            value={shown(rule.off)}
            onChange={change('off')}
            min={0}
            max={1}
          />
          <NumberField
            beside
            label="Shortest event"
            value={rule.minFrames}
            onChange={change('minFrames')}
            min={0}
            max={1_000_000}
            integer
            unit="frames"
            hint={about(rule.minFrames)}
          />
          <NumberField
            beside
            label="Gaps closed under"
            value={rule.gapFrames}
            onChange={change('gapFrames')}
            min={0}
            max={1_000_000}
            integer
            unit="frames"
            hint={about(rule.gapFrames)}
          />
          <div className={styles.counts}>
            {counts}
            {outlook}
          </div>
          {state.problem ? (
            <ErrorLine error={{ message: state.problem }}>
              <Button small onPress={() => void rules.flush()}>
                Save again
              </Button>
            </ErrorLine>
          ) : (
            <p className={styles.saved} role="status">
              {state.saved === 'saved' ? <Check size={12} /> : <Clock size={12} />}
              {state.saved === 'saved' ? 'Saved' : 'Saving'}
            </p>
          )}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
