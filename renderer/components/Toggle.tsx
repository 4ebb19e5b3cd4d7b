// Controls that are on or off, or one of a few that are all in sight: switch, check box, radio group, segmented control.
import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  Switch as AriaSwitch,
  Label,
  Radio,
  RadioGroup,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { Check, Minus } from './icons.tsx';
import styles from './Toggle.module.css';

export interface SwitchProps {
  children: ReactNode;
  isSelected: boolean;
  onChange(on: boolean): void;
  isDisabled?: boolean;
  /** Label left and switch right, with its state in words. */
  apart?: boolean;
}

export function Switch({ children, isSelected, onChange, isDisabled, apart }: SwitchProps) {
  return (
    <AriaSwitch
      className={cx(styles.row, apart && styles.apart)}
      isSelected={isSelected}
      onChange={onChange}
      isDisabled={isDisabled}
    >
      {children}
      {apart && (
        <span className={styles.state} aria-hidden="true">
          {isSelected ? 'on' : 'off'}
        </span>
      )}
      <span className={styles.switch} />
    </AriaSwitch>
  );
}

export interface CheckboxProps {
  children?: ReactNode;
  /** Name where there is no text beside the box. */
  label?: string;
  isSelected: boolean;
  isIndeterminate?: boolean;
  onChange(on: boolean): void;
  isDisabled?: boolean;
}

export function Checkbox({
  children,
  label,
  isSelected,
  isIndeterminate,
  onChange,
  isDisabled,
}: CheckboxProps) {
  return (
    <AriaCheckbox
      className={styles.row}
      aria-label={label}
      isSelected={isSelected}
      isIndeterminate={isIndeterminate}
      onChange={onChange}
      isDisabled={isDisabled}
    >
      <span className={styles.box}>
        {isIndeterminate ? <Minus size={12} /> : isSelected && <Check size={12} />}
      </span>
      {children}
    </AriaCheckbox>
  );
}

export interface Option<T extends string> {
  value: T;
  label: ReactNode;
  /** Name where the label is an icon. */
  name?: string;
  disabled?: boolean;
}

export interface OneOfProps<T extends string> {
  label: string;
  value: T;
  onChange(value: T): void;
  options: readonly Option<T>[];
  isDisabled?: boolean;
}

export function Radios<T extends string>({ label, value, onChange, options, isDisabled }: OneOfProps<T>) {
  return (
    <RadioGroup
      className={styles.group}
      value={value}
      onChange={(next) => onChange(next as T)}
      isDisabled={isDisabled}
    >
      <Label className="sr-only">{label}</Label>
      {options.map((option) => (
        <Radio
          key={option.value}
          value={option.value}
          className={styles.row}
          aria-label={option.name}
          isDisabled={option.disabled}
        >
          <span className={styles.dot} />
          {option.label}
        </Radio>
      ))}
    </RadioGroup>
  );
}

export function Segments<T extends string>({ label, value, onChange, options, isDisabled }: OneOfProps<T>) {
  return (
    <RadioGroup
      className={styles.segments}
      orientation="horizontal"
      aria-label={label}
      value={value}
      onChange={(next) => onChange(next as T)}
      isDisabled={isDisabled}
    >
      {options.map((option) => (
        <Radio
          key={option.value}
          value={option.value}
          className={styles.segment}
          aria-label={option.name}
          isDisabled={option.disabled}
        >
          {option.label}
        </Radio>
      ))}
    </RadioGroup>
  );
}
