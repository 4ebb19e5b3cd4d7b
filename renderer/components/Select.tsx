// A choice in a list that opens. Role: button, list, keyboard. Limits: short lists; nothing is searched.
import type { ReactNode } from 'react';
import {
  Select as AriaSelect,
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components';
import styles from './Field.module.css';
import { FieldHelp, FieldLabel, type FieldProps, fieldClass } from './FieldLayout.tsx';
import { Check, ChevronDown } from './icons.tsx';
import popover from './Popover.module.css';

export interface Choice<T extends string> {
  value: T;
  label: string;
  /** A second, smaller line in the list. */
  note?: string;
  disabled?: boolean;
}

export interface SelectProps<T extends string> extends FieldProps {
  value: T | null;
  onChange(value: T): void;
  choices: readonly Choice<T>[];
  placeholder?: string;
  icon?: ReactNode;
  isDisabled?: boolean;
  /** Where a key opens it too. */
  isOpen?: boolean;
  onOpenChange?(open: boolean): void;
}

/** One of several, in a list that opens. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { value, onChange, choices, placeholder = 'Choose', icon, isDisabled, isOpen, onOpenChange } = props;
  return (
    <AriaSelect
      className={fieldClass(props)}
      value={value}
      onChange={(key) => key !== null && onChange(String(key) as T)}
      placeholder={placeholder}
      isInvalid={Boolean(props.error)}
      isDisabled={isDisabled}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      disabledKeys={choices.filter((choice) => choice.disabled).map((choice) => choice.value)}
    >
      <FieldLabel {...props} />
      <Button className={styles.control}>
        {icon}
        <SelectValue className={styles.value}>
          {choices.find((choice) => choice.value === value)?.label ?? placeholder}
        </SelectValue>
        <ChevronDown size={14} />
      </Button>
      <FieldHelp {...props} />
      <Popover className={popover.popover} offset={4}>
        <ListBox className={styles.list}>
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.value}
              id={choice.value}
              textValue={choice.label}
              className={styles.option}
            >
              {choice.value === value ? <Check size={14} /> : <span />}
              <span>{choice.label}</span>
              {choice.note && <small>{choice.note}</small>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
