// The one dialog. Role: frame, title, close, focus, and the key of its primary button. Limits: content and buttons come
// from outside.
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton, OwnPrimaryKey } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './Dialog.module.css';
import { Cross } from './icons.tsx';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
  /** Buttons at the foot, the primary one last. */
  footer?: ReactNode;
  width?: number;
  /** Content to the edges, for lists. */
  flush?: boolean;
}

/** Heard before what has the focus: a button would take it for its own Enter, a list too. */
function pressPrimary(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  const primary = event.currentTarget.querySelector<HTMLButtonElement>('button[data-primary]');
  if (!primary) return;
  event.preventDefault();
  event.stopPropagation();
  primary.click(); // nothing happens while it is disabled
}

/**
 * A dialog over the page. Escape and a click outside close it; focus goes back to where it was. Ctrl+Enter presses its primary
 * button.
 */
export function Dialog({ title, isOpen, onClose, children, footer, width = 480, flush }: DialogProps) {
  return (
    <ModalOverlay
      className={styles.scrim}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
    >
      <Modal className={styles.modal} style={{ '--dialog-width': `${width}px` } as CSSProperties}>
        {/* Around the dialog, which has the focus itself until something in it does. */}
        <div className={styles.keys} onKeyDownCapture={pressPrimary}>
          <AriaDialog className={styles.dialog} data-modal="">
            <OwnPrimaryKey value={true}>
              <div className={styles.all}>
                <header className={styles.head}>
                  <Heading slot="title" className={styles.title}>
                    {title}
                  </Heading>
                  <IconButton small label="Close" icon={<Cross size={14} />} onPress={onClose} />
                </header>
                <div className={cx(styles.body, flush && styles.flush)}>{children}</div>
                {footer && <footer className={styles.foot}>{footer}</footer>}
              </div>
            </OwnPrimaryKey>
          </AriaDialog>
        </div>
      </Modal>
    </ModalOverlay>
  );
}
