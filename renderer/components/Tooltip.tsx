// Explanations on hover and focus. Role: for controls, and for plain text that needs one. Limits: text only.
import type { ReactElement, ReactNode } from 'react';
import { Tooltip as AriaTooltip, Focusable, TooltipTrigger } from 'react-aria-components';
import { Kbd } from './Kbd.tsx';
import styles from './Tooltip.module.css';

export interface TooltipProps {
  text: ReactNode;
  kbd?: string;
  /** A control of this folder; anything else goes into {@link Hint}. */
  children: ReactElement;
}

/** A short explanation on hover and focus, with the key that does the same. */
export function Tooltip({ text, kbd, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <AriaTooltip className={styles.tooltip} offset={6}>
        <span>{text}</span>
        {kbd && <Kbd>{kbd}</Kbd>}
      </AriaTooltip>
    </TooltipTrigger>
  );
}

/** A tooltip on plain text or a badge, which becomes focusable by it. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip text={text}>
      <Focusable>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the text explains itself on focus */}
        <span role="note" tabIndex={0}>
          {children}
        </span>
      </Focusable>
    </Tooltip>
  );
}
