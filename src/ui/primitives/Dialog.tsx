import { AlertDialog, Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { Button, IconButton } from './Button';
import styles from './Dialog.module.css';

/**
 * Radix gives the focus back to its own trigger only; these dialogs are opened by any button of the page. @returns what
 * does it when the dialog closes
 */
export function useFocusBack(open: boolean): (event: Event) => void {
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return (event) => {
    event.preventDefault();
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
}

/** A cell that is held lets go first; the next Escape closes. */
const keepsEscape = ({ target }: Event): boolean =>
  target instanceof Element && target.closest('[data-keeps-escape]') !== null;

interface DialogProps {
  title: string;
  open: boolean;
  onClose: () => void;
  /** 'drawer' slides in from the right and leaves the stage visible; a 'sheet' has room to read */
  shape?: 'box' | 'drawer' | 'sheet';
  description?: ReactNode;
  /** buttons before the one that closes */
  actions?: ReactNode;
  /** a drawer that leaves of the page its header alone */
  covers?: boolean;
  /** a sheet that takes all the width there is */
  wide?: boolean;
  /** what has the focus at first, instead of the first control */
  focus?: RefObject<HTMLElement | null>;
  /** stays in sight below what scrolls */
  footer?: ReactNode;
  /** of keys pressed anywhere in it */
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/** how far the header reaches down, while something covers the rest of the page */
function useHeaderEnd(covers: boolean): number {
  const [end, setEnd] = useState(0);
  useLayoutEffect(() => {
    if (!covers) return;
    const measure = () => setEnd(Math.max(0, document.querySelector('header')?.getBoundingClientRect().bottom ?? 0));
    measure();
    window.addEventListener('resize', measure);
    window.addEventListener('scroll', measure);
    return () => {
      window.removeEventListener('resize', measure);
      window.removeEventListener('scroll', measure);
    };
  }, [covers]);
  return end;
}

/**
 * Something over the page that Escape closes; the focus goes in and comes back. A drawer leaves the page behind it
 * usable.
 */
export function Dialog(props: DialogProps) {
  const {
    title,
    open,
    onClose,
    shape = 'box',
    description,
    actions,
    covers = false,
    footer,
    onKeyDown,
    children,
  } = props;
  const modal = shape !== 'drawer';
  const top = useHeaderEnd(covers);
  const focusBack = useFocusBack(open);
  return (
    <Radix.Root open={open} modal={modal} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        {modal && <Radix.Overlay className={styles.overlay} />}
        <Radix.Content
          className={`${styles.content} ${styles[shape]} ${covers ? styles.covers : ''} ${props.wide ? styles.wide : ''}`}
          style={covers ? { top } : undefined}
          data-place={shape}
          data-covers={covers || undefined}
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            if (!props.focus?.current) return;
            event.preventDefault();
            props.focus.current.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={focusBack}
          onEscapeKeyDown={(event) => keepsEscape(event) && event.preventDefault()}
          onInteractOutside={(event) => !modal && event.preventDefault()}
        >
          <div className={styles.head}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            {description}
            {actions && <span className={styles.actions}>{actions}</span>}
            <IconButton label={`Close ${title}`} className={styles.close} onClick={onClose}>
              <span aria-hidden="true">✕</span>
            </IconButton>
          </div>
          <div className={styles.body}>{children}</div>
          {footer && <div className={styles.footer}>{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  title: string;
  /** what is lost, what stays */
  children: ReactNode;
  /** what may be chosen with it */
  field?: ReactNode;
  confirm: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is lost. The safe answer has the focus. */
export function Confirm({ open, title, children, field, confirm, onConfirm, onClose }: ConfirmProps) {
  const focusBack = useFocusBack(open);
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.overlay} />
        <AlertDialog.Content
          className={`${styles.content} ${styles.box} ${styles.narrow}`}
          onCloseAutoFocus={focusBack}
        >
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.text}>{children}</AlertDialog.Description>
          {field}
          <div className={styles.answers}>
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button kind="primary" onClick={onConfirm}>
                {confirm}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
