// The four numbers of a rule from scores to events, and how scores are smoothed. Role: one set of fields wherever a rule is
// tried or kept. Limits: what a number leads to is shown by whoever asks.
import type { EventRule } from '../../shared/labels/types.ts';
import { NumberField } from './NumberField.tsx';
import { SmoothSelect } from './SmoothSelect.tsx';

export interface RuleFieldsProps {
  rule: EventRule;
  onChange(part: Partial<EventRule>): void;
  /** Says `frames` behind the lengths, where there is room. */
  units?: boolean;
}

export function RuleFields({ rule, onChange, units = false }: RuleFieldsProps) {
  const threshold = { digits: 3, step: 0.01, min: 0, max: 1 };
  const length = { integer: true, step: 16, min: 0, ...(units && { unit: 'frames' }) };
  return (
    <>
      <NumberField label="On at" {...threshold} value={rule.on} onChange={(on) => onChange({ on })} />
      <NumberField label="Off below" {...threshold} value={rule.off} onChange={(off) => onChange({ off })} />
      <NumberField
        label="Shortest"
        {...length}
        value={rule.minFrames}
        onChange={(minFrames) => onChange({ minFrames })}
      />
      <NumberField
        label="Join gaps"
        {...length}
        value={rule.gapFrames}
        onChange={(gapFrames) => onChange({ gapFrames })}
      />
      <SmoothSelect value={rule.smooth} onChange={(smooth) => onChange({ smooth })} />
    </>
  );
}
