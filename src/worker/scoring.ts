/** Scoring a text a visitor types, and asking of each token what it adds. */
import type { Pooling } from '../contract/config';
import { maxOf } from '../contract/many';
import type { ScoredText } from '../contract/observations';
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

/** prompts padded on the left, completions on the right, ended with <eos> where there is one: the text as it stands, as if finished */
function scoreRows(network: CausalNetwork, rows: readonly Split[], { eosId, padId }: Tokenizer, pooling: Pooling): tf.Tensor1D {
  const promptLength = maxOf(rows.map((row) => row.prompt.length));
  const ended = rows.map((row) => (eosId === null ? row.completion : [...row.completion, eosId]));
  const length = maxOf(
    ended.map((completion) => completion.length),
    1,
  );
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

/** @param network with a scalar head; the score counts as finished text, tail beyond the context left out */
export async function scoreText(network: CausalNetwork, corpus: Corpus, pooling: Pooling, text: string): Promise<ScoredText> {
  const { tokenizer } = corpus;
  const longest = network.config.contextLength - (tokenizer.eosId === null ? 0 : 1);
  const whole = split(corpus, text, Number.POSITIVE_INFINITY);
  const room = Math.max(1, longest - whole.prompt.length);
  const fitting = { prompt: whole.prompt.slice(-longest + 1), completion: whole.completion.slice(0, room) };
  const all = variants(fitting);
  const scores = scoreRows(
    network,
    all.filter((row) => row !== null),
    tokenizer,
    pooling,
  );
  try {
    const values = await scores.data();
    const score = values[0] ?? 0;
    let next = 1;
    const contributions = all.slice(1).map((row) => (row === null ? 0 : score - (values[next++] ?? 0)));
    const tokens = [...fitting.prompt, ...fitting.completion].flatMap((id, i) =>
      id === tokenizer.bosId ? [] : [{ text: tokenizer.tokenText(id), contribution: contributions[i] ?? 0 }],
    );
    return { score, tokens, unknownWords: tokenizer.unknownWords(text) };
  } finally {
    scores.dispose();
  }
}
