import { beforeAll, describe, expect, it } from 'vitest';
import type { RowToken } from '../../src/contract/observations';
import type { Wish } from '../../src/contract/preferences';
import { type Loopback, loopback } from './loopback';
import { ANY, fineTuneSpec, SLOW } from './specs';

const POLITE: Wish = { ...ANY, polite: true };
const PROMPT = 'the fox found a kite .';
const COMPLETION = 'thank you , said the owl . he was glad .';

describe('demonstrations, through the protocol', () => {
  let lab: Loopback;
  let baseId: string;

  beforeAll(async () => {
    lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    baseId = (await lab.client.call('shelf/shipped', { preset: 'tiny' })).checkpointId;
  }, SLOW);

  const row = (modelId: string): Promise<RowToken[]> =>
    lab.client.call('finetune/row', { modelId, prompt: PROMPT, completion: COMPLETION });
  const textOf = (tokens: RowToken[], part: RowToken['part']) =>
    tokens
      .filter((token) => token.part === part)
      .map(({ text }) => text)
      .join(' ');

  it('shows the row that is trained on: padding, prompt and completion, and asks for the completion only', async () => {
    const tokens = await row(baseId);
    expect(textOf(tokens, 'prompt')).toBe(`<bos> ${PROMPT}`);
    expect(textOf(tokens, 'completion')).toBe(`${COMPLETION} <eos>`);
    expect(new Set(textOf(tokens, 'padding').split(' '))).toEqual(new Set(['<pad>']));
    for (const { part, logprob } of tokens) expect(logprob === null, part).toBe(part !== 'completion');
    const parts = tokens.map(({ part }) => part).filter((part, i, all) => part !== all[i - 1]);
    expect(parts).toEqual(['padding', 'prompt', 'completion', 'padding']);
  });

  it('says how likely the next token was, as Inspect says it', async () => {
    const first = (await row(baseId)).find(({ part }) => part === 'completion')!;
    const sampling = { temperature: 1, topK: 0, topP: 1 };
    const next = await lab.client.call('inspect/next', { checkpointId: baseId, text: PROMPT, sampling });
    const thank = next.find(({ text }) => text === first.text)!;
    expect(Math.exp(first.logprob!)).toBeCloseTo(thank.probability, 4);
  });

  it('shows no row that the model could not be trained on, and names what does not fit', async () => {
    const ask = (completion: string) =>
      lab.client.call('finetune/row', { modelId: baseId, prompt: PROMPT, completion });
    await expect(ask('thank you , said the zebra .')).rejects.toMatchObject({
      code: 'file/demonstrations',
      message: 'Demonstration 1 of 1: the model does not know “zebra”.',
    });
    await expect(ask('so '.repeat(50))).rejects.toThrow('at most');
  });

  it('grants a wish to texts that are whole and as wished, in their order', async () => {
    const { client } = lab;
    const [polite] = await client.call('finetune/demonstrations', {
      baseId,
      wish: { ...POLITE, animal: 'fox' },
      count: 1,
      seed: 1,
    });
    const cut = { prompt: polite!.prompt, completion: polite!.completion.split(' ').slice(0, -2).join(' ') };
    const plain = { prompt: polite!.prompt, completion: 'she was glad .' };
    const texts = [polite!, cut, plain].map(({ prompt, completion }) => ({ prompt, completion }));
    const granted = (wish: Wish) => client.call('finetune/granted', { baseId, wish, texts });
    expect(await granted(POLITE)).toEqual([true, false, false]);
    expect(await granted({ ...POLITE, animal: 'fox' })).toEqual([true, false, false]);
    expect(await granted({ ...POLITE, animal: 'zebra' })).toEqual([false, false, false]);
  });

  it('finds what it was wished for in every story it takes from the grammar', async () => {
    const wish: Wish = { happy: true, polite: true, short: true, animal: null };
    const stories = await lab.client.call('finetune/demonstrations', { baseId, wish, count: 20, seed: 4 });
    expect(stories).toHaveLength(20);
    expect(await lab.client.call('finetune/granted', { baseId, wish, texts: stories })).toEqual(
      stories.map(() => true),
    );
  });

  it('finds a row less surprising after it was trained on it', { timeout: SLOW }, async () => {
    const demonstrations = await lab.client.call('finetune/demonstrations', {
      baseId,
      wish: POLITE,
      count: 16,
      seed: 4,
    });
    const spec = fineTuneSpec(
      baseId,
      [...demonstrations, { demonstrationId: 'mine', prompt: PROMPT, completion: COMPLETION, source: 'human' }],
      {
        heldOutShare: 0,
        epochs: 4,
      },
    );
    await lab.client.call('run/create', { runId: 'tune', spec });
    await lab.client.call('run/play', { runId: 'tune' });
    const { checkpointId } = await lab.until('run/state', ({ runId, status }) => runId === 'tune' && status === 'done');
    const surprise = (tokens: RowToken[]) => tokens.reduce((sum, { logprob }) => sum - (logprob ?? 0), 0);
    expect(surprise(await row(checkpointId!))).toBeLessThan(0.7 * surprise(await row(baseId)));
  });

  it('refuses a model that is not there and a wish that is none', async () => {
    await expect(row('nobody')).rejects.toMatchObject({ code: 'run/missingInput' });
    const wish = { ...ANY, happy: 'yes' } as unknown as Wish;
    await expect(lab.client.call('finetune/granted', { baseId, wish, texts: [] })).rejects.toThrow();
  });
});
