// How scores are evened out before thresholds see them. Role: the windows people choose from, and the one a rule has.
// Limits: any other odd window up to 101 comes from the command line.
import { type Smoothing, smoothing } from '../../shared/labels/types.ts';
import type { FieldProps } from './FieldLayout.tsx';
import { Select } from './Select.tsx';

const NONE = 'none';
const OFFERED: readonly Smoothing[] = [
  { by: 'median', segments: 3 },
  { by: 'median', segments: 5 },
  { by: 'median', segments: 9 },
  { by: 'gaussian', segments: 5 },
  { by: 'gaussian', segments: 9 },
  { by: 'gaussian', segments: 17 },
];
const NAMES = { median: 'Median', gaussian: 'Gaussian' } as const;
const keyOf = ({ by, segments }: Smoothing): string => `${by}-${segments}`;

/** `Median over 5 segments`. */
export const smoothText = ({ by, segments }: Smoothing): string => `${NAMES[by]} over ${segments} segments`;

export interface SmoothSelectProps extends Omit<FieldProps, 'label'> {
  value: Smoothing | undefined;
  onChange(value: Smoothing | undefined): void;
}

export function SmoothSelect({ value, onChange, ...rest }: SmoothSelectProps) {
  const own = value && !OFFERED.some((one) => keyOf(one) === keyOf(value)) ? [value] : [];
  const choices = [
    { value: NONE, label: 'None' },
    ...[...OFFERED, ...own].map((one) => ({ value: keyOf(one), label: smoothText(one) })),
  ];
  return (
    <Select
      {...rest}
      label="Smoothing"
      value={value ? keyOf(value) : NONE}
      choices={choices}
      onChange={(key) => {
        const [by, segments] = key.split('-');
        onChange(key === NONE ? undefined : smoothing.parse({ by, segments: Number(segments) }));
      }}
    />
  );
}
