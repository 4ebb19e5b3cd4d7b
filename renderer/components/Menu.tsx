// What opens at a control: menus and popovers.
import type { ReactElement, ReactNode } from 'react';
import {
  Menu as AriaMenu,
  Popover as AriaPopover,
  Dialog,
  DialogTrigger,
  MenuItem,
  MenuTrigger,
  type Placement,
  Separator,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { Check } from './icons.tsx';
import { Kbd } from './Kbd.tsx';
import styles from './Popover.module.css';

export type MenuEntry =
  | 'separator'
  | {
      id: string;
      label: string;
      /** A sentence below the label. */
      help?: string;
      icon?: ReactNode;
      kbd?: string;
      danger?: boolean;
      disabled?: boolean;
      /** Shows a check in front: one of a group that is chosen now. */
      checked?: boolean;
      onAction(): void;
    };

export interface MenuProps {
  label: string;
  /** The button that opens it. */
  trigger: ReactElement;
  entries: readonly MenuEntry[];
  placement?: Placement;
}

export function Menu({ label, trigger, entries, placement = 'bottom start' }: MenuProps) {
  const items = entries.filter((entry) => entry !== 'separator');
  const anyChecked = items.some((item) => item.checked !== undefined);
  return (
    <MenuTrigger>
      {trigger}
      <AriaPopover className={styles.popover} placement={placement} offset={4}>
        <AriaMenu
          aria-label={label}
          className={styles.menu}
          disabledKeys={items.filter((item) => item.disabled).map((item) => item.id)}
          onAction={(key) => items.find((item) => item.id === key)?.onAction()}
        >
          {entries.map((entry, index) =>
            entry === 'separator' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: separators have nothing else to be known by
              <Separator key={`separator-${index}`} className={styles.separator} />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                textValue={entry.label}
                className={cx(styles.item, entry.danger && styles.danger)}
              >
                {anyChecked && <span className={styles.check}>{entry.checked && <Check size={14} />}</span>}
                {entry.icon}
                <span>
                  {entry.label}
                  {entry.help && <small className={styles.help}>{entry.help}</small>}
                </span>
                {entry.kbd && <Kbd>{entry.kbd}</Kbd>}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </AriaPopover>
    </MenuTrigger>
  );
}

export interface PopoverProps {
  label: string;
  trigger: ReactElement;
  placement?: Placement;
  /** Where a key opens it too. */
  isOpen?: boolean;
  onOpenChange?(open: boolean): void;
  children: ReactNode;
}

export function Popover({
  label,
  trigger,
  placement = 'bottom end',
  isOpen,
  onOpenChange,
  children,
}: PopoverProps) {
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      {trigger}
      <AriaPopover className={styles.popover} placement={placement} offset={6}>
        <Dialog aria-label={label} className={styles.dialog}>
          {children}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
