import styles from './CellsPicture.module.css';

interface CellsPictureProps {
  /** row-major [T,T]; nothing right of the diagonal */
  values: ArrayLike<number>;
  count: number;
  /** the size that has full colour */
  most: number;
  ring?: { row: number; column: number } | null;
}

/** so many strengths of colour are told apart */
const LEVELS = 6;

/** one path for all cells of a sign and a strength: a map of a thousand cells stays a dozen shapes */
function paths({ values, count, most }: CellsPictureProps): { sign: 1 | -1; level: number; d: string }[] {
  const found = new Map<number, string>();
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      const share = (values[row * count + column] as number) / most;
      const level = Math.sign(share) * Math.min(LEVELS, Math.round(LEVELS * Math.abs(share)));
      if (level) found.set(level, `${found.get(level) ?? ''}M${column} ${row}h.94v.94h-.94z`);
    }
  }
  return [...found].map(([level, d]) => ({ sign: level > 0 ? 1 : -1, level: Math.abs(level), d }));
}

/** A causal matrix as squares: blue is positive, plum negative, strength is size. */
export function CellsPicture(props: CellsPictureProps) {
  const { count, ring = null } = props;
  const masked = Array.from({ length: count }, (_, row) => `M${row + 1} ${row}H${count}v1H${row + 1}z`).join('');
  return (
    <svg className={styles.cells} viewBox={`0 0 ${count} ${count}`} aria-hidden="true">
      <path className={styles.masked} d={masked} />
      {paths(props).map(({ sign, level, d }) => (
        <path key={sign * level} className={sign > 0 ? styles.more : styles.less} opacity={level / LEVELS} d={d} />
      ))}
      {ring && <rect className={styles.ring} x={ring.column} y={ring.row} width="1" height="1" />}
    </svg>
  );
}
