import styles from './GridPicture.module.css';

/** below it an action is hardly ever taken */
const SEEN = 0.04;

/** Each action as an arrow, the longer and the darker the likelier; one that is sure stands in the middle. */
export function PolicyArrows({ policy }: { policy: readonly number[] }) {
  return (
    <svg className={styles.arrows} viewBox="-12 -12 24 24" aria-hidden="true">
      {policy.map((p, action) => {
        const [tail, head] = [2 - 9 * p, 4 + 5.5 * p];
        return (
          p > SEEN && (
            // biome-ignore lint/suspicious/noArrayIndexKey: the four actions, always in this order
            <g key={action} transform={`rotate(${90 * action - 90})`} opacity={0.35 + 0.65 * p}>
              <path d={`M${tail} 0H${head}M${head - 3} -3L${head} 0L${head - 3} 3`} />
            </g>
          )
        );
      })}
    </svg>
  );
}
