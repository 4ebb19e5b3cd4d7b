// A field for one line of text. Role: label, edge, help, what stands before and after. Limits: checks nothing.
import type { ReactNode } from 'react';
import { TextField as AriaTextField, Group, Input } from 'react-aria-components';
import styles from './Field.module.css';
import { FieldHelp, FieldLabel, type FieldProps, fieldClass } from './FieldLayout.tsx';

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  icon?: ReactNode;
  /** After the text: a unit, a key cap, a small button. */
  end?: ReactNode;
  type?: 'text' | 'search';
  isDisabled?: boolean;
  autoFocus?: boolean;
  inputMode?: 'text' | 'decimal' | 'numeric';
  onBlur?(): void;
  onKeyDown?(event: { key: string; shiftKey: boolean; preventDefault(): void }): void;
  inputRef?: React.Ref<HTMLInputElement>;
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const {
    value,
    onChange,
    placeholder,
    icon,
    end,
    type = 'text',
    inputMode,
    inputRef,
    onKeyDown,
    onBlur,
    isDisabled,
    autoFocus,
  } = props;
  return (
    <AriaTextField
      className={fieldClass(props)}
      value={value}
      onChange={onChange}
      type={type}
      inputMode={inputMode}
      isInvalid={Boolean(props.error)}
      isDisabled={isDisabled}
      autoFocus={autoFocus}
      onBlur={onBlur}
      onKeyDown={
        onKeyDown &&
        ((event) => {
          onKeyDown(event);
          event.continuePropagation();
        })
      }
    >
      <FieldLabel {...props} />
      <Group className={styles.control}>
        {icon}
        <Input
          className={styles.input}
          placeholder={placeholder}
          ref={inputRef}
          spellCheck={false}
          autoComplete="off"
        />
        {end}
      </Group>
      <FieldHelp {...props} />
    </AriaTextField>
  );
}
