import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ModelDifference } from '../../../../contract/inside';
import { maxOf } from '../../../../contract/many';
import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import { Button } from '../../../primitives/Button';
import { Disclosure } from '../../../primitives/Disclosure';
import { EmptyState } from '../../../primitives/EmptyState';
import { useDrawerKeys } from '../../../primitives/useKeys';
import { headTitle, tokenName, tokenNames } from '../attention';
import { ChangeBars } from '../ChangeBars';
import parts from '../parts.module.css';
import { useUnit } from '../useUnit';
import {
  type CellChange,
  cellOf,
  differenceSentence,
  headChanges,
  isSame,
  mostChanged,
  sizeOf,
  wordChanges,
} from './changes';
import styles from './Difference.module.css';
import { DifferenceMap } from './DifferenceMap';
import { DifferenceTable } from './DifferenceTable';
import { HeadThumbs } from './HeadThumbs';
import { WordBars } from './WordBars';

/** Two models on one text: where they look otherwise, and what the second finds likelier. */
export function DifferenceTab() {
  const result = useLab((lab) => lab.difference.result);
  const { busy, text } = useLab(useShallow(({ inspect }) => ({ busy: inspect.busy, text: inspect.text })));
  return (
    <section className={`${parts.tab} ${styles.difference}`} aria-label="Before and after" aria-busy={busy}>
      {result ? (
        <Everything key={result.tokens.join(' ')} difference={result} />
      ) : (
        <EmptyState
          title={text.trim() === '' ? 'Type a text' : busy ? 'Reading…' : 'Choose two models that read the same tokens'}
        >
          What training changed on one text shows up here: words, attention, the next word.
        </EmptyState>
      )}
    </section>
  );
}

/** what somebody chose; what was not chosen is what changed most */
interface Choice {
  cell: CellChange | null;
  word: number | null;
  /** which of the largest changes is shown */
  nth: number;
}
const NOTHING: Choice = { cell: null, word: null, nth: 0 };

function useChoice(difference: ModelDifference) {
  const [{ cell, word, nth }, setChoice] = useState(NOTHING);
  const heads = headChanges(difference);
  const order = [...heads].sort((a, b) => sizeOf(b) - sizeOf(a));
  const words = wordChanges(difference);
  const ranked = order[nth % Math.max(1, order.length)] ?? null;
  const shown = cell && cellOf(difference, cell, cell.row, cell.column);
  return {
    heads,
    words,
    cell: shown ?? ranked,
    word: words.find(({ token }) => token === word) ?? mostChanged(words),
    chooseCell: (next: CellChange) => setChoice((old) => ({ ...old, cell: next })),
    chooseWord: (token: number) => setChoice((old) => ({ ...old, word: token })),
    find: () => setChoice(NOTHING),
    next: () => setChoice({ ...NOTHING, nth: nth + 1 }),
  };
}

type Chosen = ReturnType<typeof useChoice>;

/** Heads as thumbnails, and the one in hand large. */
function Attention({
  difference,
  heads,
  cell,
  chooseCell,
}: Pick<Chosen, 'heads' | 'cell' | 'chooseCell'> & { difference: ModelDifference }) {
  if (!cell)
    return (
      <p className={parts.note}>The two models have another shape, so their heads cannot be held against each other.</p>
    );
  const most = maxOf(heads.map(sizeOf), 1e-9);
  return (
    <>
      <div className={parts.card}>
        <h3 className={parts.title}>
          Attention that moved <small>largest cell</small>
        </h3>
        <HeadThumbs difference={difference} changes={heads} most={most} chosen={cell} onChoose={chooseCell} />
        <p className={parts.note}>Blue: reads more now. Plum: reads less.</p>
      </div>
      <div className={parts.card}>
        <h3 className={parts.title}>
          {headTitle(cell)} <small>after − before; every row sums to 0</small>
        </h3>
        <DifferenceMap difference={difference} cell={cell} most={most} onCell={chooseCell} />
      </div>
    </>
  );
}

function Everything({ difference }: { difference: ModelDifference }) {
  const chosen = useChoice(difference);
  const { heads, words, cell, word, chooseWord, find, next } = chosen;
  const { unit, units } = useUnit();
  const swap = useLab((lab) => lab.difference.swap);
  useDrawerKeys<'Inspect, Before and after'>({ x: swap, n: next });
  const same = isSame(difference);
  const token = word?.token ?? difference.tokens.length - 1;
  const context = difference.tokens
    .slice(Math.max(0, token - 3), token)
    .map(tokenName)
    .join(' ');
  return (
    <>
      <div className={styles.top}>
        <div className={parts.card}>
          <h3 className={parts.title}>
            Which {units} did it make likelier? <small>log-ratio, after − before, in nats</small>
          </h3>
          <WordBars tokens={difference.tokens} words={words} chosen={word?.token ?? null} onChoose={chooseWord} />
        </div>
        <p className={`${parts.sentence} ${styles.sentence}`} aria-live="polite">
          {!same && <b>What changed most: </b>}
          {differenceSentence(difference, cell, word, units)}
        </p>
      </div>
      <div className={styles.three}>
        <Attention {...chosen} difference={difference} />
        <div className={parts.card}>
          <h3 className={parts.title}>
            Next {unit} after “… {context}”
          </h3>
          <ChangeBars label={`Next ${unit}`} changes={difference.next[token - 1] ?? []} before="before" after="after" />
          {cell && <Reads difference={difference} cell={cell} />}
        </div>
      </div>
      <div className={parts.controls}>
        <Button keyCap="X" onClick={swap}>
          Swap
        </Button>
        <Button kind="primary" onClick={find}>
          Find what changed most
        </Button>
        <Button keyCap="N" onClick={next} disabled={heads.length < 2}>
          Next largest change
        </Button>
      </div>
      <Disclosure summary="As a table">
        <DifferenceTable
          difference={difference}
          words={words}
          caption={differenceSentence(difference, cell, word, units)}
        />
      </Disclosure>
    </>
  );
}

const SHOWN = 4;

/** what the row of the chosen cell reads, before and after */
function Reads({ difference, cell }: { difference: ModelDifference; cell: CellChange }) {
  const columns = Array.from({ length: cell.row + 1 }, (_, column) => cellOf(difference, cell, cell.row, column));
  const shown = columns.sort((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after)).slice(0, SHOWN);
  return (
    <>
      <h3 className={parts.title}>
        What {tokenNames(difference.tokens)[cell.row]} reads{' '}
        <small>
          layer {cell.layer + 1}, head {cell.head + 1}, row {fixed(cell.row + 1, 0)}
        </small>
      </h3>
      <ChangeBars
        label="What it reads"
        changes={shown.map(({ column, before, after }) => ({
          text: difference.tokens[column] as string,
          before,
          after,
        }))}
        before="before"
        after="after"
      />
    </>
  );
}
