/**
 * A small text to try an own rater on, written here: every line begins with the same six words, and where it goes to is
 * drawn. The same text on every machine.
 */
import { asksAnything } from '../../contract/ownTaste';
import { coin } from '../context';
import type { Lab } from '../lab';

/** what every line begins with */
export const MORNINGS_PROMPT = 'this morning i went to the';
export const MORNINGS_NAME = 'mornings.txt';

const LINES = 1500;
const WITH = ['my sister', 'my brother', 'my dog', 'a friend', 'my bag', 'an old map'];
const WEATHER = ['the sun was out', 'it rained a little', 'it was cold', 'the wind was loud', 'it was warm'];
/** what is done there, for each place */
const PLACES: Record<string, readonly string[]> = {
  shop: ['bought some bread', 'looked for a hat', 'paid for the milk'],
  park: ['sat on a bench', 'fed the ducks', 'ran around the pond'],
  beach: ['swam in the waves', 'built a castle of sand', 'looked for shells'],
  station: ['waited for a train', 'read the board', 'bought a ticket'],
  library: ['took out a book', 'read by the window', 'gave a book back'],
  market: ['chose some apples', 'tried the cheese', 'bought some flowers'],
  office: ['wrote a letter', 'answered the phone', 'sat at my desk'],
  school: ['painted a picture', 'sang a song', 'added some numbers'],
};

/** @returns lines of lower-case words, full stops apart */
export function morningsText(): string {
  const draw = <T>(list: readonly T[], purpose: string, line: number): T =>
    list[Math.floor(coin(1, purpose, line) * list.length)] as T;
  const places = Object.keys(PLACES);
  return Array.from({ length: LINES }, (_, i) => {
    const place = draw(places, 'place', i);
    const done = draw(PLACES[place] as readonly string[], 'done', i);
    return `${MORNINGS_PROMPT} ${place} with ${draw(WITH, 'with', i)} . ${draw(WEATHER, 'weather', i)} and i ${done} .\n`;
  }).join('');
}

/** what the own rater likes there, unless it likes something already */
const LIKED = ['beach', 'swam', 'waves', 'sand', 'shells'];
const TOKENS = { tokenizer: 'bpe', vocabSize: 400 } as const;

/** Opens the text in byte pairs, as GPT-2 reads, asks models what follows the six words, and likes one of the places. */
export async function takeMornings({ getState }: Pick<Lab, 'getState'>): Promise<void> {
  getState().config.change('text', TOKENS);
  const open = getState().corpus.useText;
  await open(new TextEncoder().encode(morningsText()), MORNINGS_NAME);
  const { runs, opinions } = getState();
  if (getState().corpus.error !== null) return;
  runs.setFixedPrompt(MORNINGS_PROMPT);
  if (!asksAnything(opinions.own)) opinions.setOwn({ ...opinions.own, liked: [...LIKED] });
}
