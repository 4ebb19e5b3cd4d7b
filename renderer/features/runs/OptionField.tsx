// One option of a method. Role: type to control, with meaning and source. Limits: form.ts checks values.
import type { ReactNode } from 'react';
import type { MethodOption } from '../../../shared/contract/index.ts';
import { NumberField } from '../../components/NumberField.tsx';
import { Select } from '../../components/Select.tsx';
import { Switch } from '../../components/Toggle.tsx';
import type { Value } from './form.ts';
import styles from './NewRun.module.css';

export interface OptionFieldProps {
  option: MethodOption;
  value: Value | undefined;
  onChange(value: Value): void;
}

/** One option of a method, in the control that fits its type, with what it means and where it comes from. */
export function OptionField({ option, value, onChange }: OptionFieldProps) {
  const hint: ReactNode = (
    <>
      {option.help}
      <span className={styles.source}>{option.source}</span>
    </>
  );
  switch (option.type) {
    case 'number':
    case 'integer':
      return (
        <NumberField
          label={option.label}
          beside
          hint={hint}
          integer={option.type === 'integer'}
          min={option.min}
          max={option.max}
          value={typeof value === 'number' ? value : Number.NaN}
          onChange={onChange}
        />
      );
    case 'choice':
      return (
        <Select
          label={option.label}
          beside
          hint={hint}
          value={typeof value === 'string' ? value : null}
          choices={option.choices ?? []}
          onChange={onChange}
        />
      );
    case 'switch':
      return (
        <div>
          <Switch apart isSelected={value === true} onChange={onChange}>
            {option.label}
          </Switch>
          <small className={styles.paper}>{hint}</small>
        </div>
      );
    default:
      return option.type satisfies never;
  }
}
