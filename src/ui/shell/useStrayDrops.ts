import { useEffect } from 'react';
import { useLab } from '../../store/lab';

const BESIDE =
  'The file was dropped beside the places that take one, so it was not opened. Drop it on the button that opens such a file.';

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/**
 * A browser opens a file that nobody takes in place of the page. Here it is told where files go, and the page stays.
 */
export function useStrayDrops(): void {
  const toast = useLab((state) => state.notices.toast);
  useEffect(() => {
    const hover = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (event.defaultPrevented || !holdsFiles(event)) return;
      event.preventDefault();
      toast(BESIDE);
    };
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
    };
  }, [toast]);
}
