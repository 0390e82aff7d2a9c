import { inWords } from '../../../contract/limits';
import { useArena } from '../../../store/arena/game';
import { Button } from '../../primitives/Button';
import styles from './Arena.module.css';
import type { BoardProps } from './BoardTable';
import { disagreement, points } from './words';

/** What the order of the votes does to Elo. */
export function EloNote({ board, order, name }: BoardProps) {
  const { k, shuffle } = useArena((state) => state.options);
  const set = useArena((state) => state.set);
  if (board.counted < 2) return null;
  const pair = disagreement(board, order);
  const most = pair?.[1] ?? order[0]!;
  const { eloLow, eloHigh } = board.rows[most]!;
  return (
    <div className={styles.note}>
      <p role="status">
        <b>Elo</b> (K {k}
        {shuffle > 0 && `, order ${shuffle} of the same duels`}){' '}
        {pair
          ? `puts ${name(pair[1])} before ${name(pair[0])}, Bradley–Terry the other way: Elo hangs on the order of the votes. `
          : 'agrees with Bradley–Terry about who is before whom. It hangs on the order of the votes all the same: '}
        {name(most)} ends between {points(eloLow)} and {points(eloHigh)} in 95 % of {inWords(board.orders)} orders.
      </p>
      <span className={styles.buttons}>
        <Button onClick={() => void set({ shuffle: shuffle + 1 })}>Shuffle</Button>
        {shuffle > 0 && <Button onClick={() => void set({ shuffle: 0 })}>As voted</Button>}
      </span>
    </div>
  );
}
