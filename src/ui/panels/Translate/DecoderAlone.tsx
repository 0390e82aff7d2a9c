import { useId } from 'react';
import { fixed } from '../../../contract/numbers';
import type { TranslateReading, TranslateShape } from '../../../contract/translate';
import { useTranslation } from '../../../store/translate/translation';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { formatInteger } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { AsTable } from '../../primitives/TextTable';
import legend from '../legend.module.css';
import styles from './DecoderAlone.module.css';
import { leftOut, pairsOf } from './leftOut';
import { BEGINNING, viewOf, weightAt } from './words';

const CELL = 26;
/** smaller, it scrolls: its words have to be read */
const LEAST_SIZE = 0.75;
/** the keyboard scrolls what it can focus */
const FOCUSABLE = { tabIndex: 0 };

/** The second tab: the same sentence as one row of tokens, and which cells of the attention go. */
export function DecoderAlone() {
  const reading = useTranslation((state) => state.reading);
  const shape = useTranslation((state) => state.shape);
  const tableId = useId();
  if (!reading || !shape)
    return (
      <Card label="One triangle">
        <EmptyState title="Making the translator…">The picture shows its attention on your sentence.</EmptyState>
      </Card>
    );
  return (
    <div className={styles.grid}>
      <Card
        title="Three squares, or one triangle"
        note="your sentence and its translation in one row; row reads column"
      >
        <Triangle reading={reading} tableId={tableId} />
        <p className={`${legend.legend} ${styles.legend}`}>
          <span data-part="stays">a decoder alone keeps it</span>
          <span data-part="lost">only the encoder has it</span>
          <span data-part="never">nobody reads it</span>
          <i>{BEGINNING} begins the translation</i>
        </p>
        <TriangleTable id={tableId} reading={reading} />
      </Card>
      <div className={styles.side}>
        <Card title="What a decoder alone leaves out" note={`of ${formatInteger(shape.parameters)} numbers here`}>
          <LeftOut shape={shape} />
        </Card>
        <Card title="Why it suffices">
          <Reasons reading={reading} />
        </Card>
      </div>
    </div>
  );
}

/** what the rows of the one row of words are called, and what they read: a word is written after the one before it */
function oneRow({ source, written }: TranslateReading) {
  const words = written.map(({ word }) => word);
  const read = words.length > 0 ? [BEGINNING, ...words.slice(0, -1)] : [];
  return { rows: [...source, ...words], columns: [...source, ...read], split: source.length };
}

function Triangle({ reading, tableId }: { reading: TranslateReading; tableId: string }) {
  const { rows: words, columns, split } = oneRow(reading);
  const [left, top] = [84, 70];
  const size = CELL * words.length;
  const width = left + size + 40;
  const { lost } = pairsOf(split, words.length - split);
  return (
    <section className={styles.scroll} aria-label="One row of words" {...FOCUSABLE}>
      <svg
        viewBox={`0 0 ${width} ${top + size + 4}`}
        style={{ width: '100%', minWidth: LEAST_SIZE * width, maxWidth: width }}
        role="img"
        aria-details={tableId}
        aria-label={`${words.length} words in one row. Of the encoder’s square ${lost} cells lie above the diagonal and are lost; all cells of cross-attention and of the decoder lie below it and stay.`}
      >
        {words.map((word, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          <g key={row}>
            <text x={left - 8} y={top + CELL * (row + 0.68)} className={row < split ? styles.read : styles.written}>
              {word}
            </text>
            <text
              transform={`translate(${left + CELL * (row + 0.6)} ${top - 8}) rotate(-38)`}
              className={styles.column}
            >
              {columns[row]}
            </text>
            {words.map((_, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
              <Square key={column} reading={reading} row={row} column={column} at={[left, top]} />
            ))}
          </g>
        ))}
        <path
          className={styles.border}
          d={`M${left} ${top + CELL * split}h${size}M${left + CELL * split} ${top}v${size}`}
        />
      </svg>
    </section>
  );
}

interface SquareProps {
  reading: TranslateReading;
  row: number;
  column: number;
  at: readonly [number, number];
}

type Fate = 'stays' | 'lost' | 'never';

/** a cell of the three squares, where it lies in the one triangle */
function cellAt(reading: TranslateReading, row: number, column: number): { fate: Fate; weight: number } {
  const split = reading.source.length;
  const kind = row < split ? 'encoder' : column < split ? 'cross' : 'decoder';
  const view = viewOf(reading, kind);
  const isFuture = column > row;
  return {
    fate: !isFuture ? 'stays' : row < split && column < split ? 'lost' : 'never',
    weight: view ? weightAt(view, row < split ? row : row - split, column < split ? column : column - split) : 0,
  };
}

function TriangleTable({ id, reading }: { id: string; reading: TranslateReading }) {
  const { rows, columns } = oneRow(reading);
  return (
    <AsTable
      id={id}
      caption="What each word of the row reads: in the model of 2017, and in a decoder alone"
      head={['word', 'cells', 'lost to a decoder alone', 'read most', 'weight']}
      rows={rows.map((word, row) => {
        const cells = columns.map((_, column) => cellAt(reading, row, column));
        const count = (fate: Fate) => cells.filter((cell) => cell.fate === fate).length;
        const weightOf = (column: number) => (cells[column]!.fate === 'never' ? -1 : cells[column]!.weight);
        const most = columns.reduce((best, _, column) => (weightOf(column) > weightOf(best) ? column : best), 0);
        return [
          word,
          `${count('stays') + count('lost')}`,
          `${count('lost')}`,
          columns[most]!,
          fixed(cells[most]!.weight, 2),
        ];
      })}
    />
  );
}

function Square({ reading, row, column, at: [left, top] }: SquareProps) {
  const { fate, weight } = cellAt(reading, row, column);
  return (
    <rect
      x={left + CELL * column + 1}
      y={top + CELL * row + 1}
      width={CELL - 2}
      height={CELL - 2}
      rx={3}
      className={styles[fate]}
      fill={
        fate === 'never'
          ? 'none'
          : `color-mix(in srgb, var(--${fate === 'lost' ? 'rejected' : 'policy'}) ${100 * Math.sqrt(weight)}%, var(--sunk))`
      }
    />
  );
}

function LeftOut({ shape }: { shape: TranslateShape }) {
  const { encoder, cross, sourceWords } = leftOut(shape);
  const share = (numbers: number): string => `${fixed((100 * numbers) / shape.parameters, 0)} %`;
  const rows: readonly (readonly [string, number, string])[] = [
    ['Encoder', encoder, 'the sentence goes through the blocks that write, as a prompt'],
    ['Cross-attention', cross, 'self-attention reaches back to the prompt'],
    ['Table of the sentence’s words', sourceWords, 'one table for all words'],
  ];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">left out</th>
          <th scope="col">numbers</th>
          <th scope="col">share</th>
          <th scope="col">instead</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([part, numbers, instead]) => (
          <tr key={part}>
            <th scope="row">{part}</th>
            <td>{formatInteger(numbers)}</td>
            <td>{share(numbers)}</td>
            <td>{instead}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reasons({ reading }: { reading: TranslateReading }) {
  const [source, written] = [reading.source.length, reading.written.length];
  const { squares, triangle, lost } = pairsOf(source, written);
  return (
    <>
      <p className={styles.text}>
        A word that is written comes after the whole sentence, so in one row of tokens it can still read all of it:
        every cell of cross-attention lies below the diagonal. What goes is that a word of the sentence reads the words
        behind it: {lost} of {squares} cells here. A deeper block makes up for that, since later words may gather what
        earlier ones could not see.
      </p>
      <p className={styles.text}>
        In return there is one kind of block, one table of words and one loss on every token of any text: nobody has to
        say where a sentence ends and its translation begins. GPT-2 and every model of the pipeline here is this
        triangle of {triangle} cells.
      </p>
      <Say lead="Try it.">
        Pretrain is a decoder alone: its attention has this shape, and its prompt is the sentence.
      </Say>
    </>
  );
}
