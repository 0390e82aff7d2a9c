import { IconButton } from '../primitives/Button';
import styles from './Heatmap.module.css';
import type { HeatmapMoves } from './useHeatmapView';

/** Larger, smaller, whole: there as soon as the cells are smaller than they could be. */
export function HeatmapTools({ moves }: { moves: HeatmapMoves }) {
  if (!moves.canEnlarge && moves.isWhole) return null;
  return (
    <div className={styles.tools}>
      <IconButton label="Enlarge the map" aria-keyshortcuts="+" disabled={!moves.canEnlarge} onClick={moves.enlarge}>
        <span aria-hidden="true">+</span>
      </IconButton>
      <IconButton label="Reduce the map" aria-keyshortcuts="-" disabled={moves.isWhole} onClick={moves.reduce}>
        <span aria-hidden="true">−</span>
      </IconButton>
      <IconButton label="Show the whole map" aria-keyshortcuts="0" disabled={moves.isWhole} onClick={moves.showAll}>
        <span aria-hidden="true">⤢</span>
      </IconButton>
    </div>
  );
}
