import { PRIOR, TIE_RULES, type TieRule } from '../../../contract/arena';
import { fixed } from '../../../contract/numbers';
import { useArena } from '../../../store/arena/game';
import { nameOf } from '../../../store/arena/rated';
import { useLab } from '../../../store/lab';
import { Card } from '../../primitives/Card';
import { Checkbox } from '../../primitives/Checkbox';
import { Explain } from '../../primitives/Explain';
import { NumberField } from '../../primitives/NumberField';
import { Say } from '../../primitives/Say';
import { Segments } from '../../primitives/Segments';
import { Select } from '../../primitives/Select';
import styles from './Arena.module.css';
import { BoardTable } from './BoardTable';
import { EloNote } from './EloNote';
import { StillOpen } from './StillOpen';
import { WinMatrix } from './WinMatrix';
import { duelsWords, longerWords, orderOf, verdict } from './words';

const TIES: Record<TieRule, string> = { half: 'half a win each', davidson: 'Davidson', raoKupper: 'Rao–Kupper' };
const LENGTHS = [
  { value: 'voted', label: 'as voted' },
  { value: 'equal', label: 'length held equal' },
] as const;

const PRIORS = [
  { value: 'none', label: 'none' },
  { value: 'gaussian', label: 'Gaussian' },
] as const;

/** Everything the duels say; the last board stays in its place until the next one is computed. */
export function Ratings() {
  const ratings = useArena((state) => state.ratings);
  const trouble = useArena((state) => state.trouble);
  const duels = useLab((state) => state.arena.duels);
  const lab = useLab((state) => state);
  if (trouble !== null)
    return (
      <Say tone="bad" lead="No ratings.">
        {trouble}
      </Say>
    );
  if (!ratings)
    return (
      <Card title="Ratings">
        <p className={styles.note}>Nobody stands in the ring yet. After the first duels the models are rated here.</p>
      </Card>
    );
  const { models, board } = ratings;
  const name = (model: number) => nameOf(lab, models[model]!);
  const order = orderOf(board);
  return (
    <div className={styles.board}>
      <Card title="Ratings" note={duelsWords(duels, board)} actions={<About />}>
        <Rules />
        <BoardTable board={board} order={order} name={name} />
        <Say>{verdict(board, order, name)}</Say>
        <EloNote board={board} order={order} name={name} />
        <LengthNote />
        <TiesNote />
        <PriorNote />
      </Card>
      <div className={styles.lower}>
        <WinMatrix board={board} order={order} name={name} />
        <StillOpen board={board} models={models} name={name} />
      </div>
    </div>
  );
}

/** How the duels are read. */
function Rules() {
  const options = useArena((state) => state.options);
  const set = useArena((state) => state.set);
  return (
    <div className={styles.rules}>
      <Segments
        label="Length of the texts"
        value={options.lengthHeldEqual ? 'equal' : 'voted'}
        onChange={(value) => void set({ lengthHeldEqual: value === 'equal' })}
        options={LENGTHS}
      />
      <Select<TieRule>
        label="Ties"
        value={options.lengthHeldEqual ? 'half' : options.ties}
        onChange={(ties) => void set({ ties })}
        options={TIE_RULES.map((value) => ({ value, label: TIES[value] }))}
        disabled={options.lengthHeldEqual}
      />
      <Select<'none' | 'gaussian'>
        label="Prior"
        value={options.prior === null ? 'none' : 'gaussian'}
        onChange={(prior) => void set({ prior: prior === 'none' ? null : PRIOR.first })}
        options={PRIORS}
      />
      {options.prior !== null && (
        <NumberField
          label="Its width, in points"
          value={options.prior}
          onChange={(prior) => void set({ prior })}
          min={PRIOR.least}
          max={PRIOR.most}
          step={50}
        />
      )}
      <NumberField label="K of Elo" value={options.k} onChange={(k) => void set({ k })} min={1} max={200} integer />
      <Checkbox
        label="Both bad is a tie"
        checked={options.bothBadTies}
        onChange={(bothBadTies) => void set({ bothBadTies })}
      />
    </div>
  );
}

/** What is not the duels' word alone. */
function PriorNote() {
  const prior = useArena((state) => state.options.prior);
  if (prior === null) return null;
  return (
    <p className={styles.note}>
      Under a prior of ± {fixed(prior, 0)} points about 1000: who never lost has a number too, and it hangs on the
      prior.
    </p>
  );
}

/** Why ties are half a win each though another rule was chosen. */
function TiesNote() {
  const tiesAs = useArena((state) => state.ratings?.board.tiesAs);
  const { ties, lengthHeldEqual } = useArena((state) => state.options);
  if (tiesAs === undefined || tiesAs === ties || lengthHeldEqual) return null;
  return (
    <p className={styles.note}>
      {TIES[ties]} finds no finite numbers here: were the winners ever stronger and ties ever likelier, all that came
      would only fit better. Until one of the weaker wins, a tie is half a win each.
    </p>
  );
}

/** What length alone is worth. */
function LengthNote() {
  const board = useArena((state) => state.ratings?.board);
  const isEqual = useArena((state) => state.options.lengthHeldEqual);
  if (!board || !isEqual) return null;
  const longer = longerWords(board.wonByLonger);
  return (
    <p className={styles.note}>
      {board.length
        ? `Length is worth ${fixed(board.length.coefficient, 2)} ± ${fixed(1.96 * board.length.standardError, 2)} in log odds, from no shorter to twice and more; it is taken out of the ratings above.${longer}`
        : `What length is worth cannot be told from these duels, so nothing is taken out.${longer}`}
    </p>
  );
}

function About() {
  return (
    <Explain title="Ratings of an arena">
      <p>
        Bradley and Terry (1952) give each model a strength, so that the chance to win is σ of the difference. Written
        as 1000 + 400/ln 10 · strength, 400 points are odds of 10 to 1. Order and names of the votes change nothing.
      </p>
      <p>
        The interval is the wider of 400 resamples of the duels and of the standard error. Models whose intervals
        overlap share their places: more duels are needed to tell them apart. Votes of a class on the same two texts are
        resampled together.
      </p>
      <p>
        A gaussian prior pulls every rating towards 1000, as if each model had been drawn from such a bell. Whoever
        never lost has a number then; how far it is from 1000 is the prior’s word as much as the duels’.
      </p>
    </Explain>
  );
}
