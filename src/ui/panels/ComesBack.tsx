import { useLab } from '../../store/lab';
import { howFar } from '../../store/page/tab';
import { EmptyState } from '../primitives/EmptyState';

/** whether what this browser holds of earlier work is still on its way: until then nothing can be called missing */
export const useComesBack = (): boolean => useLab(({ session }) => howFar(session.tab) !== 'ready');

/** Where something would be called missing, were it known. */
export function ComesBack() {
  return <EmptyState title="Looking for earlier work in this browser…" />;
}
