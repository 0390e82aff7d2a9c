import { useEffect, useSyncExternalStore } from 'react';
import { useLab } from '../../store/lab';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/**
 * Puts the visitor's theme and type size on the root element, where tokens.css reads them. @returns the theme that is
 * shown
 */
export function useTheme(): 'light' | 'dark' {
  const chosen = useLab((state) => state.view.theme);
  const size = useLab(({ view }) => (view.screen !== null ? 'screen' : view.presenter ? 'presenter' : 'normal'));
  const systemDark = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches);
  const shown = chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen;
  useEffect(() => {
    document.documentElement.dataset.theme = shown;
    document.documentElement.dataset.size = size;
  }, [shown, size]);
  return shown;
}
