// Buttons: primary (one per screen), normal, quiet, danger; with a word, or an icon with a name and a tooltip.
import { createContext, type ReactNode, useContext } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './Button.module.css';
import { cx } from './cx.ts';
import { Kbd } from './Kbd.tsx';
import { Tooltip } from './Tooltip.tsx';

type Base = Omit<AriaButtonProps, 'className' | 'style' | 'children'>;

export interface ButtonProps extends Base {
  variant?: 'normal' | 'primary' | 'quiet' | 'danger';
  small?: boolean;
  /** Switched on, for buttons that stay down. */
  on?: boolean;
  icon?: ReactNode;
  /** The key that does the same, as shown: `Ctrl I`. */
  kbd?: string;
  /** As wide as the container. */
  fill?: boolean;
  children?: ReactNode;
}

/** Whether the primary button here is pressed by Ctrl+Enter. */
export const OwnPrimaryKey = createContext(false);

export function Button({ variant = 'normal', small, on, icon, kbd, fill, children, ...rest }: ButtonProps) {
  const hasKey = useContext(OwnPrimaryKey) && variant === 'primary';
  const cap = kbd ?? (hasKey ? 'Ctrl Enter' : undefined);
  const look = cx(
    styles.button,
    variant !== 'normal' && styles[variant],
    small && styles.small,
    on && styles.on,
    fill && styles.fill,
  );
  return (
    <AriaButton
      {...rest}
      {...(on !== undefined && { 'aria-pressed': on })}
      {...(hasKey && { 'data-primary': '' })}
      className={look}
    >
      {icon}
      {children}
      {cap && (
        <span className={styles.key} aria-hidden="true">
          <Kbd>{cap}</Kbd>
        </span>
      )}
    </AriaButton>
  );
}

export interface IconButtonProps extends Base {
  /** Name for screen readers and the tooltip. */
  label: string;
  icon: ReactNode;
  variant?: 'normal' | 'quiet';
  small?: boolean;
  on?: boolean;
  kbd?: string;
}

export function IconButton({ label, icon, variant = 'quiet', small, on, kbd, ...rest }: IconButtonProps) {
  const look = cx(
    styles.button,
    styles.icon,
    variant !== 'normal' && styles[variant],
    small && styles.small,
    on && styles.on,
  );
  return (
    <Tooltip text={label} kbd={kbd}>
      <AriaButton
        {...rest}
        {...(on !== undefined && { 'aria-pressed': on })}
        aria-label={label}
        className={look}
      >
        {icon}
      </AriaButton>
    </Tooltip>
  );
}
