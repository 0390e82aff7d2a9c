/**
 * The demonstration of own raters, cut short: a small GPT-2 that the lab trained itself, saved for transformers and
 * opened again, says where it goes in the morning; votes by a rater who likes the beach bend that.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { RunSpec } from '../../src/contract/domain';
import { NO_TASTE } from '../../src/contract/ownTaste';
import type { Rater } from '../../src/contract/preferences';
import { MORNINGS_PROMPT, morningsText } from '../../src/store/text/mornings';
import { type Loopback, loopback } from './loopback';
import { SAMPLING } from './specs';

const LIKES_THE_BEACH: Rater = {
  name: 'own',
  taste: { ...NO_TASTE, liked: ['beach', 'swam', 'waves', 'sand', 'shells'] },
};
const { text, pretrain, model, dpo } = presetConfig('tiny');
const TEXT = {
  bytes: new TextEncoder().encode(morningsText()),
  config: { ...text, tokenizer: 'bpe' as const, vocabSize: 400 },
  contextLength: 36,
  seed: 1,
};
const ASKED = 200;
const MINUTES = 5 * 60_000;

describe('the text of mornings', () => {
  it('is the same everywhere: lines that begin alike and go to eight places about as often', () => {
    const lines = morningsText().trim().split('\n');
    expect(lines).toHaveLength(1500);
    const places = new Map<string, number>();
    for (const line of lines) {
      const found = /^this morning i went to the (\w+) with [a-z ]+ \. [a-z ]+ and i [a-z ]+ \.$/.exec(line);
      const place = found?.[1] ?? line;
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    expect(places.size).toBe(8);
    for (const count of places.values()) expect(Math.abs(count / 1500 - 1 / 8)).toBeLessThan(0.03);
    expect(lines[0]).toBe(morningsText().split('\n')[0]);
  });
});

describe('a GPT-2 that was made here', () => {
  let lab: Loopback;
  let gpt2Id: string;
  let vocabSize: number;

  const finish = async (runId: string, spec: RunSpec): Promise<string> => {
    await lab.client.call('run/create', { runId, spec });
    await lab.client.call('run/play', { runId });
    const over = await lab.until('run/state', (state) => state.runId === runId && state.status === 'done');
    return over.checkpointId as string;
  };
  /** share of continuations that go to the beach */
  const toTheBeach = async (checkpointId: string): Promise<number> => {
    const prompts = new Array<string>(ASKED).fill(MORNINGS_PROMPT);
    const asked = { checkpointIds: [checkpointId], prompts, sampling: SAMPLING, seed: 5 };
    const [texts = []] = await lab.client.call('inspect/complete', asked);
    return texts.filter((written) => /^ beach\b/.test(written)).length / ASKED;
  };

  beforeAll(async () => {
    lab = loopback();
    const { client } = lab;
    await client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    ({ vocabSize } = await client.call('corpus/text', TEXT));
    const madeHere = await finish('base', {
      kind: 'pretrain',
      seed: 1,
      config: { ...pretrain, steps: 200 },
      model: { ...model, layers: 2, width: 32, heads: 2, contextLength: 36, vocabSize },
      fixedPrompt: MORNINGS_PROMPT,
    });
    const { bytes } = await client.call('shelf/transformers', { checkpointId: madeHere });
    const files = [{ path: 'mornings.zip', blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }];
    const { opened } = await client.call('shelf/open', { files, most: Number.MAX_SAFE_INTEGER });
    gpt2Id = opened!.info.checkpointId;
    expect(opened!.info.tokenizerKey).toContain('foreign');
    await client.call('corpus/text', { ...TEXT, tokensOf: gpt2Id });
  }, MINUTES);

  it(
    'goes to every place about as often, and by votes of an own rater to the liked one',
    async () => {
      const { client } = lab;
      const before = await toTheBeach(gpt2Id);
      expect(before).toBeGreaterThan(0.04);
      expect(before).toBeLessThan(0.22);

      const opinions = await client.call('compare/simulate', {
        policyId: gpt2Id,
        rater: LIKES_THE_BEACH,
        count: 200,
        noise: 0,
        seed: 1,
        sampling: SAMPLING,
      });
      expect(opinions).toHaveLength(200);
      const bentId = await finish('dpo', {
        kind: 'dpo',
        seed: 1,
        config: { ...dpo, steps: 60, batchSize: 16, evalEvery: 30, evalSamples: 32 },
        baseId: gpt2Id,
        opinions,
        rewardId: null,
        rater: LIKES_THE_BEACH,
      });
      // 11 % and 33 % with seed 1; gold 0.19 and 1.06
      expect(await toTheBeach(bentId)).toBeGreaterThan(1.8 * before);
      const gold = lab
        .of('run/metrics')
        .filter(({ runId }) => runId === 'dpo')
        .flatMap(({ points }) => points.flatMap(({ values }) => values['axis/gold'] ?? []));
      expect(gold.at(-1)! - gold[0]!).toBeGreaterThan(0.4);
    },
    MINUTES,
  );
});
