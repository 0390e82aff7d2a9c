import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../store/lab';
import { hasInspect, TEACHING_PAGES, type TeachingPage } from '../../store/page/stages';
import { Button } from '../primitives/Button';
import { codeOf } from '../primitives/useKeys';
import { ErrorBoundary } from './ErrorBoundary';
import type { CodeOf } from './keys';
import { isPlainClick } from './Pipeline';
import { HEADINGS, TeachAbout } from './stages';
import type { TeachAboutProps } from './TeachAbout';
import styles from './TeachMenu.module.css';

/** What stands below the name of each; it comes after the first screen, and what does not come is left out. */
function About({ of }: TeachAboutProps) {
  return (
    <ErrorBoundary frame={() => null}>
      <Suspense fallback={null}>
        <TeachAbout of={of} />
      </Suspense>
    </ErrorBoundary>
  );
}

function Mortarboard() {
  return (
    <svg className={styles.sign} width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">
      <path d="M10 0.8L19 5L10 9.2L1 5z" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M5 7.4v3.4q5 3.4 10 0V7.4M18.6 5.4v5" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </svg>
  );
}

type MenuCode = CodeOf<'Menu Teach'>;

/** An arrow goes around; null where the key moves nothing. */
function itemAfter(code: MenuCode, at: number, count: number): number | null {
  if (code === 'ArrowDown') return (at + 1) % count;
  if (code === 'ArrowUp') return (at - 1 + count) % count;
  if (code === 'Home') return 0;
  return code === 'End' ? count - 1 : null;
}

function Entry({ page, onChoose }: { page: TeachingPage; onChoose: () => void }) {
  const id = useId();
  const current = useLab((state) => state.view.stage === page);
  const choose = (event: MouseEvent) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    onChoose();
  };
  return (
    <a
      className={styles.entry}
      role="menuitem"
      tabIndex={-1}
      href={`#/${page}`}
      aria-current={current ? 'page' : undefined}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-about`}
      onClick={choose}
    >
      <b id={`${id}-name`}>{HEADINGS[page]}</b>
      <span id={`${id}-about`}>
        <About of={page} />
      </span>
    </a>
  );
}

interface ActEntryProps {
  name: 'Inspect' | 'Presenter';
  keyCap: string;
  onChoose: () => void;
}

/** Not a page: what opens over the one that is there. */
function ActEntry({ name, keyCap, onChoose }: ActEntryProps) {
  const id = useId();
  return (
    <button
      type="button"
      className={styles.entry}
      role="menuitem"
      tabIndex={-1}
      aria-keyshortcuts={keyCap}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-about`}
      onClick={onChoose}
    >
      <b id={`${id}-name`}>{name}</b>
      <span id={`${id}-about`}>
        <About of={name} />
      </span>
    </button>
  );
}

/** Whether the menu is open, and what opens, walks and closes it. */
function useMenu() {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useEffect(() => {
    if (open) menu.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const onOpenerKey = (event: KeyboardEvent) => codeOf<'Menu Teach'>(event) === 'ArrowDown' && setOpen(true);
  const onMenuKey = (event: KeyboardEvent) => {
    const code = codeOf<'Menu Teach'>(event);
    const next = itemAfter(code, items().indexOf(document.activeElement as HTMLElement), items().length);
    if (code === 'Escape') close();
    else if (code === 'Space') (document.activeElement as HTMLElement).click();
    else if (next !== null) items()[next]?.focus();
    else return;
    event.preventDefault();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setOpen(false);
  };
  return { open, opener, menu, toggle: () => setOpen(!open), close, onOpenerKey, onMenuKey, onBlur };
}

/** What is there for a lesson, from every page: arrows move, Enter opens, Escape gives the focus back. */
export function TeachMenu() {
  const { open, opener, menu, toggle, close, onOpenerKey, onMenuKey, onBlur } = useMenu();
  const { go, present, lastScreen } = useLab(
    useShallow(({ view: { go, present, lastScreen } }) => ({ go, present, lastScreen })),
  );
  const inspect = useLab((state) => (hasInspect(state.view.stage) ? state.inspect.show : null));
  const id = useId();
  const choose = (page: TeachingPage) => {
    close();
    go(page); // a page that is new takes the focus to its heading
  };
  const choosePresenter = () => {
    close();
    present(lastScreen);
  };
  const chooseInspect = () => {
    close();
    inspect?.();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that the focus has left button and menu
    <div className={styles.place} onBlur={onBlur}>
      <Button
        ref={opener}
        className={styles.button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={toggle}
        onKeyDown={onOpenerKey}
      >
        <Mortarboard />
        Teach
      </Button>
      {open && (
        // an open drawer would take the Escape for itself
        <div
          ref={menu}
          id={id}
          className={styles.menu}
          role="menu"
          aria-label="Teach"
          data-keeps-escape
          onKeyDown={onMenuKey}
        >
          {TEACHING_PAGES.map((page) => (
            <Entry key={page} page={page} onChoose={() => choose(page)} />
          ))}
          {inspect && <ActEntry name="Inspect" keyCap="I" onChoose={chooseInspect} />}
          <ActEntry name="Presenter" keyCap="P" onChoose={choosePresenter} />
        </div>
      )}
    </div>
  );
}
