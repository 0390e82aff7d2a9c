import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../store/lab';
import { opensInspect } from '../../store/page/stages';
import { IconButton } from '../primitives/Button';
import { useKeys } from '../primitives/useKeys';
import { EngineBadge } from './EngineBadge';
import styles from './Header.module.css';
import { OverStage } from './OverStage';
import { Pipeline } from './Pipeline';
import { HelpDialog } from './stages';
import { TeachMenu } from './TeachMenu';
import { useTheme } from './useTheme';

function Logo() {
  return (
    <a className={styles.logo} href="#/start">
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="7" cy="12" r="5" fill="none" stroke="var(--policy)" strokeWidth="2.4" />
        <circle cx="17" cy="12" r="5" fill="none" stroke="var(--reward)" strokeWidth="2.4" />
        <path d="M12 7.5v9" stroke="var(--ink)" strokeWidth="1.6" />
      </svg>
      RLHF Lab
    </a>
  );
}

/** a model and two that came from it */
function FamilySign() {
  return (
    <svg
      width="18"
      height="16"
      viewBox="0 0 18 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <circle cx="9" cy="3.2" r="2.4" />
      <circle cx="3.4" cy="12.8" r="2.4" />
      <circle cx="14.6" cy="12.8" r="2.4" />
      <path d="M9 5.6v2.2M3.4 10.4V8h11.2v2.4" />
    </svg>
  );
}

/** The hash belongs to the stages, so skipping moves the focus instead of following a link. */
function skipToStage(): void {
  document.querySelector<HTMLElement>('[data-stage-heading]')?.focus();
}

/** How the page looks: exact tokens, type size, theme. */
function LookButtons() {
  const shown = useTheme();
  const view = useLab(
    useShallow(({ view }) => ({
      presenter: view.presenter,
      exactTokens: view.exactTokens,
      setTheme: view.setTheme,
      setPresenter: view.setPresenter,
      setExactTokens: view.setExactTokens,
    })),
  );
  return (
    <>
      <IconButton
        label="Exact tokens"
        aria-pressed={view.exactTokens}
        onClick={() => view.setExactTokens(!view.exactTokens)}
      >
        <svg
          width="20"
          height="12"
          viewBox="0 0 20 12"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          aria-hidden="true"
        >
          <rect x="0.7" y="0.7" width="5" height="10.6" rx="1.5" />
          <rect x="7.7" y="0.7" width="7" height="10.6" rx="1.5" />
          <rect x="16.7" y="0.7" width="2.6" height="10.6" rx="1.3" />
        </svg>
      </IconButton>
      <IconButton
        label="Presenter size"
        aria-pressed={view.presenter}
        onClick={() => view.setPresenter(!view.presenter)}
      >
        <span className={styles.sign} aria-hidden="true">
          A<b>A</b>
        </span>
      </IconButton>
      <IconButton
        label="Dark theme"
        aria-pressed={shown === 'dark'}
        onClick={() => view.setTheme(shown === 'dark' ? 'light' : 'dark')}
      >
        <span aria-hidden="true">◐</span>
      </IconButton>
    </>
  );
}

/** Looks into the newest model; a training stage looks into the one that it trains. */
function useInspectKey(): void {
  const here = useLab((state) => opensInspect(state.view.stage));
  const show = useLab((state) => state.inspect.show);
  useKeys<'Everywhere'>({ i: () => show() }, here);
}

/** The top of every page: where you are in the pipeline, what computes, how it looks. */
export function Header() {
  const [help, setHelp] = useState(false);
  const open = () => setHelp(true);
  const close = () => setHelp(false);
  const shelf = useLab(useShallow(({ shelf }) => ({ open: shelf.open, show: shelf.show, hide: shelf.hide })));
  const toggle = () => (shelf.open ? shelf.hide() : shelf.show());
  const present = useLab((state) => state.view.present);
  const lastScreen = useLab((state) => state.view.lastScreen);
  useKeys<'Everywhere'>({ '?': open, 'Shift+?': open, m: toggle, p: () => present(lastScreen) });
  useInspectKey();
  return (
    <header className={styles.header}>
      <button type="button" className={styles.skip} onClick={skipToStage}>
        Jump to the stage
      </button>
      <Logo />
      <Pipeline />
      <div className={styles.end}>
        <EngineBadge />
        <TeachMenu />
        <IconButton label="Checkpoints" aria-keyshortcuts="M" aria-expanded={shelf.open} onClick={toggle}>
          <FamilySign />
        </IconButton>
        <LookButtons />
        <IconButton label="Help" aria-keyshortcuts="?" onClick={open}>
          <span aria-hidden="true">?</span>
        </IconButton>
      </div>
      {help && (
        <OverStage title="Help" shape="box" onClose={close}>
          <HelpDialog onClose={close} />
        </OverStage>
      )}
    </header>
  );
}
