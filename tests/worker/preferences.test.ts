import { beforeAll, describe, expect, it } from 'vitest';
import type { Demonstration, Ranking, Vote } from '../../src/contract/preferences';
import { splitWords } from '../../src/core/text/checker';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors';
import { otherwise } from '../helpers/plainVote';
import { type Loopback, loopback } from './loopback';
import { ANY, dpoSpec, fineTuneSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW } from './specs';

describe('fine-tuning, rankings and DPO through the protocol', () => {
  let lab: Loopback;
  let baseId: string;
  let demonstrations: Demonstration[];
  let rankings: Ranking[];
  let votes: Vote[];
  let fineTunedId: string;

  const finish = async (runId: string): Promise<string> => {
    await lab.client.call('run/play', { runId });
    const over = await lab.until(
      'run/state',
      (state) => state.runId === runId && ['done', 'failed', 'stopped'].includes(state.status),
    );
    expect(over.message).toMatch(/^Done/);
    return over.checkpointId as string;
  };
  const pointsOf = (runId: string) =>
    lab.of('run/metrics').flatMap((data) => (data.runId === runId ? data.points : []));

  beforeAll(async () => {
    lab = loopback();
    const { client } = lab;
    await client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    baseId = (await client.call('shelf/shipped', { preset: 'tiny' })).checkpointId;
    const wish = { happy: true, polite: true, short: false, animal: null };
    demonstrations = await client.call('finetune/demonstrations', { baseId, wish, count: 24, seed: 1 });
    const asked = { policyId: baseId, rater: { name: 'short' } as const, noise: 0, seed: 1, sampling: SAMPLING };
    rankings = await client.call('compare/rank', { ...asked, count: 6, size: 4 });
    votes = await client.call('compare/simulate', { ...asked, count: 8 });
  }, SLOW);

  it('takes demonstrations from the stories by a wish', () => {
    expect(demonstrations).toHaveLength(24);
    expect(new Set(demonstrations.map(({ demonstrationId }) => demonstrationId)).size).toBe(24);
    for (const { completion, source } of demonstrations) {
      expect(completion).toMatch(/please|thank you/);
      expect(source).toBe('grammar');
    }
  });

  it('says of typed texts whether the model can learn from them', async () => {
    const texts = [
      { prompt: 'the fox found a kite .', completions: ['he was glad .'] },
      { prompt: 'the fox found a kite .', completions: ['he was glad .', 'the zebra was glad .'] },
      { prompt: 'the fox found a kite .', completions: ['', 'he was glad .'] },
    ];
    expect(await lab.client.call('texts/check', { baseId, texts })).toEqual([
      null,
      'the model does not know “zebra”',
      'completion 1 is empty',
    ]);
  });

  it('takes compared texts as models write them: ended at once, or not at all', async () => {
    const whole = new Array(24).fill('fox').join(' ');
    const asked = (completions: string[]) => ({
      baseId,
      texts: [{ prompt: 'the fox found a kite .', completions }],
      compared: true as const,
    });
    expect(await lab.client.call('texts/check', asked(['', whole]))).toEqual([null]);
    expect(await lab.client.call('texts/check', asked(['he was glad .', 'the zebra was glad .']))).toEqual([
      'the model does not know “zebra”',
    ]);
  });

  it('offers sets of different completions of one prompt, the same for the same seed', async () => {
    const params = { policyId: baseId, count: 3, size: 5, seed: 7, sampling: SAMPLING };
    const sets = await lab.client.call('compare/candidates', params);
    expect(sets).toHaveLength(3);
    for (const { completions } of sets) expect(new Set(completions).size).toBe(5);
    expect(await lab.client.call('compare/candidates', params)).toEqual(sets);
    await expect(lab.client.call('compare/candidates', { ...params, size: 10 })).rejects.toThrow();
  });

  it('lets a simulated rater rank, equal texts tied', () => {
    expect(rankings).toHaveLength(6);
    for (const { completions, ranks, strengths } of rankings) {
      const words = completions.map((text) => splitWords(text).length);
      for (const [i, rank] of ranks.entries()) {
        for (const [j, other] of ranks.entries()) if (rank === other) expect(words[i]).toBe(words[j]);
      }
      expect(new Set(ranks).size).toBe(Math.max(...ranks));
      expect(strengths).toBeNull();
    }
  });

  it('infers a taste from rankings alone', async () => {
    const mine = rankings.map((ranking) => ({ ...ranking, source: 'human' as const, rater: null }));
    const found = await lab.client.call('taste/infer', { opinions: mine, vetoed: [], policyId: baseId, seed: 1 });
    const length = found.kind === 'rule' ? found.rule.weights.find(({ attribute }) => attribute === 'length') : null;
    expect(length?.weight).toBeLessThan(0);
  });

  it('counts how many choices a rater sides with: all of those it made, few of those of its opposite', async () => {
    const { client } = lab;
    const asked = { policyId: baseId, count: 30, noise: 0, seed: 3, sampling: SAMPLING };
    const sad = await client.call('compare/simulate', { ...asked, rater: { name: 'sad' } });
    const with_ = (name: 'sad' | 'happy') =>
      client.call('taste/agreement', { opinions: sad, rater: { name }, policyId: baseId });
    expect(await with_('sad')).toEqual({ agree: 30, of: 30 });
    const { agree, of } = await with_('happy');
    expect(agree / of).toBeLessThan(0.2); // both reject what does not parse
    const ranked = await client.call('taste/agreement', {
      opinions: rankings,
      rater: { name: 'short' },
      policyId: baseId,
    });
    expect(ranked.agree).toBe(ranked.of);
    expect(ranked.of).toBeGreaterThan(rankings.length);
  });

  it('fine-tunes the base, shows both side by side, and shelves the model it selected', async () => {
    const { client } = lab;
    const spec = { ...fineTuneSpec(baseId, demonstrations, { heldOutShare: 0.5 }), wish: { ...ANY, polite: true } };
    const created = await client.call('run/create', { runId: 'tune', spec });
    expect(created).toMatchObject({ kind: 'finetune', status: 'idle' });
    fineTunedId = await finish('tune');
    const last = pointsOf('tune').at(-1)!;
    expect(last.step).toBe(created.totalSteps);
    for (const id of ['eval/loss', 'eval/wishShare', 'axis/kl', 'gold/score', 'train/keptEpoch'] as const)
      expect(last.values).toHaveProperty(id);
    expect(lab.of('run/beforeAfter').at(-1)).toMatchObject({ runId: 'tune', step: created.totalSteps });
    const info = (await client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === fineTunedId);
    expect(info).toMatchObject({
      kind: 'finetuned',
      parents: [baseId],
      name: expect.stringContaining('Fine-tuned on 24'),
    });
    const epochs = pointsOf('tune').flatMap(({ values }) => values['eval/loss'] ?? []);
    expect(info!.metrics['eval/loss']).toBe(Math.min(...epochs.slice(1)));
  });

  it('goes on from the fine-tuned model with DPO, on votes and rankings together', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'dpo', spec: dpoSpec(fineTunedId, [...votes, ...rankings]) });
    const policyId = await finish('dpo');
    const [first, ...rest] = pointsOf('dpo');
    expect(first!.values['dpo/loss']).toBeCloseTo(Math.LN2, 6);
    expect(rest.at(-1)!.values['axis/kl']).toBeGreaterThan(0);
    expect(lab.of('run/beforeAfter').at(-1)).toMatchObject({ runId: 'dpo', step: 5 });
    const info = (await client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === policyId);
    expect(info).toMatchObject({ kind: 'policy', parents: [fineTunedId], step: 5 });
  });

  it('names what it cannot learn from, and builds nothing', async () => {
    const { client } = lab;
    const create = (spec: Parameters<typeof client.call<'run/create'>>[1]['spec']) =>
      client.call('run/create', { runId: 'x', spec });
    const strange = { ...demonstrations[1]!, completion: 'the zebra slept .' };
    await expect(create(fineTuneSpec(baseId, [...demonstrations.slice(0, 4), strange]))).rejects.toMatchObject({
      code: 'file/demonstrations',
      message: 'Demonstration 5 of 5: the model does not know “zebra”.',
    });
    const odd = { ...rankings[0]!, prompt: 'the zebra slept .' };
    for (const spec of [dpoSpec(baseId, [...votes, odd]), rewardSpec(baseId, [...votes, odd])])
      await expect(create(spec)).rejects.toMatchObject({ code: 'file/rankings' });
    const third = votes.map((vote, i) => (i === 2 ? otherwise(vote, { b: 'the zebra slept .' }) : vote));
    for (const spec of [dpoSpec(baseId, third), rewardSpec(baseId, third)])
      await expect(create(spec)).rejects.toMatchObject({
        code: 'run/votes',
        message: 'Vote 3 of 8: the model does not know “zebra”.',
      });
    await expect(create({ ...pretrainSpec(), fixedPrompt: 'the zebra slept .' })).rejects.toThrow(
      'The fixed prompt does not fit: the model does not know “zebra”.',
    );
    await expect(create(fineTuneSpec(baseId, demonstrations, { selectBy: 'score' }))).rejects.toMatchObject({
      code: 'run/missingInput',
    });
    await expect(create(dpoSpec(baseId, votes, { loss: 'ipo', labelSmoothing: 0.1 }))).rejects.toThrow(
      'label smoothing',
    );
    const mismatch = { ...rankings[0]!, ranks: [1, 2, 3] };
    await expect(create(dpoSpec(baseId, [...votes, mismatch]))).rejects.toThrow('3 ranks for 4 completions');
    const noJudge = { ...dpoSpec(baseId, votes), rewardId: baseId };
    await expect(create(noJudge)).rejects.toMatchObject({ code: 'run/missingInput' });
  });

  it('restores a reward run that was stored before there were rankings', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'old', spec: rewardSpec(baseId, votes) });
    await client.call('run/step', { runId: 'old' });
    const { tensors, metadata } = decodeSafetensors(await client.call('run/snapshot', { runId: 'old' }));
    const [[key, text]] = Object.entries(metadata) as [[string, string]];
    const stored = JSON.parse(text);
    delete stored.spec.rankings;
    delete stored.spec.config.strengthMargin;
    const snapshot = encodeSafetensors(tensors, { [key]: JSON.stringify(stored) });
    expect(await client.call('run/restore', { runId: 'old', snapshot })).toMatchObject({ status: 'paused', step: 1 });
    expect(await finish('old')).toMatch(/^reward-/);
  });
});
