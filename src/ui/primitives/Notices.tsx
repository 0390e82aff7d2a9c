import { type ReactNode, useRef } from 'react';
import { asSentence } from '../../contract/errors';
import { Button, IconButton } from './Button';
import { useClearance } from './clearOf';
import { glued } from './glued';
import styles from './Notices.module.css';
import { useRootMark } from './useRootMark';

/** The shape of a notice: what happened, why, and what to do about it. */
export interface NoticeView<Action extends { label: string }> {
  noticeId: string;
  tone: 'info' | 'warning' | 'error';
  title: string;
  message: string;
  next: string;
  actions: readonly Action[];
}

interface NoticesProps<Action extends { label: string }> {
  notices: readonly NoticeView<Action>[];
  onAct: (action: Action, noticeId: string) => void;
  onDismiss: (noticeId: string) => void;
}

const SIGNS = { info: 'i', warning: '!', error: '✕' } as const;

/** Trouble that the visitor can do something about, in a polite live region under the header. */
export function Notices<Action extends { label: string }>({ notices, onAct, onDismiss }: NoticesProps<Action>) {
  return (
    <div className={styles.notices} role="status" aria-live="polite" aria-label="Notices">
      {notices.map(({ noticeId, tone, title, message, next, actions }) => (
        <div key={noticeId} className={`${styles.notice} ${styles[tone]}`}>
          <span className={styles.sign} aria-hidden="true">
            {SIGNS[tone]}
          </span>
          <p className={styles.text}>
            <b>{glued(title)}.</b> {glued(asSentence(message))} <span className={styles.next}>{glued(next)}</span>
          </p>
          {actions.map((action) => (
            <Button key={action.label} className={styles.action} onClick={() => onAct(action, noticeId)}>
              {action.label}
            </Button>
          ))}
          <IconButton label={`Dismiss: ${title}`} onClick={() => onDismiss(noticeId)}>
            <span aria-hidden="true">✕</span>
          </IconButton>
        </div>
      ))}
    </div>
  );
}

interface ToastsProps<Action extends { label: string }> {
  toasts: readonly { toastId: string; text: string; action: Action | null }[];
  onAct: (action: Action, toastId: string) => void;
  /** what stands above them */
  children?: ReactNode;
}

/** One line at the foot of the page that goes away by itself, and covers no control meanwhile. */
export function Toasts<Action extends { label: string }>({ toasts, onAct, children }: ToastsProps<Action>) {
  const stack = useRef<HTMLDivElement>(null);
  useClearance(stack, toasts);
  useRootMark('message', toasts.length > 0);
  return (
    <div className={styles.foot}>
      <div className={styles.stack} data-foot ref={stack}>
        {children}
        <div className={styles.toasts} role="status" aria-live="polite" aria-label="Messages">
          {toasts.map(({ toastId, text, action }) => (
            <div key={toastId} className={styles.toast}>
              <span>{glued(text)}</span>
              {action && (
                <button type="button" className={styles.toastAction} onClick={() => onAct(action, toastId)}>
                  {action.label}
                </button>
              )}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
