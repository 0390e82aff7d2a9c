/** Scoring a text a visitor types, and asking of each token what it adds. */
import type { Pooling } from '../contract/config';
import { append, maxOf } from '../contract/many';
import type { ScoredText } from '../contract/observations';
import type { Course } from '../contract/protocol';
import type { CausalNetwork } from '../core/model/causalNetwork';
import type { Corpus, Tokenizer } from '../core/text/corpus';
import { tf } from '../core/tf';
import { disposeBatch } from '../core/train/texts';
import { promptIds } from './writing';

/** A text as the reward model was taught to read it: the first sentence is the prompt, the rest is judged. */
interface Split {
  prompt: number[];
  completion: number[];
}

function split(corpus: Corpus, text: string, longest: number): Split {
  const { tokenizer } = corpus;
  const ids = promptIds(corpus, text, longest);
  const [fullStop] = tokenizer.kind === 'word' ? tokenizer.encode('.') : [];
  const end = fullStop === undefined ? -1 : ids.indexOf(fullStop);
  const cut = end > 0 && end < ids.length - 1 ? end + 1 : 1;
  return { prompt: ids.slice(0, cut), completion: ids.slice(cut) };
}

/** the text itself, then the text without each token in turn; null where nothing would be left to begin from */
function variants({ prompt, completion }: Split): (Split | null)[] {
  const without = (ids: number[], index: number) => ids.filter((_, i) => i !== index);
  return [
    { prompt, completion },
    ...prompt.map((_, i) => (prompt.length > 1 ? { prompt: without(prompt, i), completion } : null)),
    ...completion.map((_, i) => ({ prompt, completion: without(completion, i) })),
  ];
}

/** rows that are scored together, between two chances to hear that nobody waits any more */
const ROWS = 64;

/** columns of prompt and completion: every text in a row of its own, with <eos> where there is one */
function columnsOf(rows: readonly Split[], { eosId }: Tokenizer): Columns {
  const longest = (side: (row: Split) => readonly number[]) => maxOf(rows.map((row) => side(row).length));
  return {
    prompt: longest(({ prompt }) => prompt),
    completion: Math.max(1, longest(({ completion }) => completion) + (eosId === null ? 0 : 1)),
  };
}
interface Columns {
  prompt: number;
  completion: number;
}

/**
 * prompts padded on the left, completions on the right, ended with <eos> where there is one: the text as it stands, as
 * if finished
 */
function scoreRows(
  network: CausalNetwork,
  rows: readonly Split[],
  columns: Columns,
  { eosId, padId }: Tokenizer,
  pooling: Pooling,
) {
  const { prompt: promptLength, completion: length } = columns;
  const ended = rows.map((row) => (eosId === null ? row.completion : [...row.completion, eosId]));
  const padding = (count: number) => new Array<number>(count).fill(padId);
  const tokens = rows.flatMap(({ prompt }, i) => {
    const completion = ended[i] ?? [];
    return [...padding(promptLength - prompt.length), ...prompt, ...completion, ...padding(length - completion.length)];
  });
  const mask = ended.flatMap((completion) => Array.from({ length }, (_, i) => (i < completion.length ? 1 : 0)));
  const batch = {
    tokens: tf.tensor2d(tokens, [rows.length, promptLength + length], 'int32'),
    leftPad: tf.tensor1d(
      rows.map(({ prompt }) => promptLength - prompt.length),
      'int32',
    ),
  };
  const scores = tf.tidy(() => network.scores(batch, promptLength, tf.tensor2d(mask, [rows.length, length]), pooling));
  disposeBatch(batch);
  return scores;
}

/** one score a row, a few rows at a time */
async function scoresOf(
  network: CausalNetwork,
  rows: readonly Split[],
  tokenizer: Tokenizer,
  pooling: Pooling,
  { breathe, tell }: Asked,
): Promise<number[]> {
  const columns = columnsOf(rows, tokenizer);
  const values: number[] = [];
  for (let from = 0; from < rows.length; from += ROWS) {
    if (from > 0) tell({ done: from, total: rows.length, label: 'scoring' });
    await breathe();
    const scores = scoreRows(network, rows.slice(from, from + ROWS), columns, tokenizer, pooling);
    try {
      append(values, await scores.data());
    } finally {
      scores.dispose();
    }
  }
  return values;
}

/** who asked, and may not wait any more */
type Asked = Pick<Course, 'breathe' | 'tell'>;

/** @param network with a scalar head; the score counts as finished text, tail beyond the context left out */
export async function scoreText(
  network: CausalNetwork,
  corpus: Corpus,
  pooling: Pooling,
  text: string,
  asked: Asked,
): Promise<ScoredText> {
  const { tokenizer } = corpus;
  const longest = network.config.contextLength - (tokenizer.eosId === null ? 0 : 1);
  const whole = split(corpus, text, Number.POSITIVE_INFINITY);
  const room = Math.max(1, longest - whole.prompt.length);
  const fitting = { prompt: whole.prompt.slice(-longest + 1), completion: whole.completion.slice(0, room) };
  const all = variants(fitting);
  const rows = all.filter((row) => row !== null);
  const values = await scoresOf(network, rows, tokenizer, pooling, asked);
  const score = values[0] ?? 0;
  let next = 1;
  const contributions = all.slice(1).map((row) => (row === null ? 0 : score - (values[next++] ?? 0)));
  const tokens = [...fitting.prompt, ...fitting.completion].flatMap((id, i) =>
    id === tokenizer.bosId ? [] : [{ text: tokenizer.tokenText(id), contribution: contributions[i] ?? 0 }],
  );
  return { score, tokens, unknownWords: tokenizer.unknownWords(text) };
}
