/**
 * TRL 1.16's own numbers on its own batches, `fixtures/interop/trl`: what the lab computes of the same tokens with the
 * same weights. Where TRL means something else by a name, the test says what.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DpoInputs, type DpoVariant, dpoLosses } from '../../../src/core/losses/dpoLoss';
import { groupAdvantages } from '../../../src/core/losses/groupAdvantages';
import { klEstimate, klPerCompletion } from '../../../src/core/losses/kl';
import { policyLoss, policyRatio, policySurrogates } from '../../../src/core/losses/ppoLoss';
import { pairLosses } from '../../../src/core/losses/preferenceLoss';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { restoreNetwork } from '../../../src/core/model/createNetwork';
import { readForeignWeights } from '../../../src/core/model/gpt2/weights';
import { maskedMean, maskedSum } from '../../../src/core/tensor/masked';
import { tf } from '../../../src/core/tf';
import { demonstrationLoss } from '../../../src/core/train/fineTune';
import { completionLogprobs, summedLogps } from '../../../src/core/train/pairLogps';
import type { TextBatch } from '../../../src/core/train/texts';
import { modelOfGpt2 } from '../../../src/formats/gpt2Config';
import { decodeSafetensors } from '../../../src/formats/safetensors';
import { openModelFolder } from '../../../src/headless/modelFolder';
import { startPortable } from '../../helpers/wasm';

const FOLDER = 'tests/fixtures/interop/trl';
const TOLERANCE = 1e-4;
const golden = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.golden.json`), 'utf8'));

const networks = new Map<string, CausalNetwork>();
async function writer(name: string): Promise<CausalNetwork> {
  const { model, tensors } = await openModelFolder(join(FOLDER, name), (config, stored) =>
    readForeignWeights(stored, modelOfGpt2(config)),
  );
  return restoreNetwork(model, { language: true, scalar: false }, tensors, name);
}
/** a sequence classifier of transformers: its score layer has no bias */
async function scorer(name: string): Promise<CausalNetwork> {
  const { model, tensors } = await openModelFolder(join(FOLDER, name), (config, stored) =>
    readForeignWeights(stored, modelOfGpt2(config)),
  );
  const file = decodeSafetensors(readFileSync(join(FOLDER, name, 'model.safetensors')));
  const { data } = file.tensors['score.weight']!; // [1,C] there, [C,1] here: the same numbers
  const score = {
    'scalarHead/weight': { shape: [data.length, 1], data },
    'scalarHead/bias': { shape: [1], data: new Float32Array(1) },
  };
  return restoreNetwork(model, { language: false, scalar: true }, { ...tensors, ...score }, name);
}
beforeAll(async () => {
  await startPortable();
  for (const name of ['policy', 'reference']) networks.set(name, await writer(name));
  networks.set('reward', await scorer('reward'));
});
afterAll(() => {
  for (const network of networks.values()) network.dispose();
});
const of = (name: string): CausalNetwork => networks.get(name)!;

/** @param all prompts and what follows; prompts are padded on the left, as the lab has them */
function textsOf(all: readonly { prompt: number[]; completion: number[] }[]): TextBatch {
  const [P, G] = (['prompt', 'completion'] as const).map((side) => Math.max(...all.map((one) => one[side].length)));
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const rows = all.map(({ prompt, completion }) => [
    ...zeros(P! - prompt.length),
    ...prompt,
    ...completion,
    ...zeros(G! - completion.length),
  ]);
  const masks = all.map(({ completion }) => [...completion.map(() => 1), ...zeros(G! - completion.length)]);
  return {
    batch: {
      tokens: tf.tensor2d(rows, [rows.length, P! + G!], 'int32'),
      leftPad: tf.tensor1d(
        all.map(({ prompt }) => P! - prompt.length),
        'int32',
      ),
    },
    promptLength: P!,
    completionMask: tf.tensor2d(masks, [rows.length, G!]),
  };
}
const near = (found: tf.Tensor, wanted: number | number[]): void => {
  const values = [...found.dataSync()];
  const all = [wanted].flat();
  expect(values).toHaveLength(all.length);
  for (const [i, value] of values.entries())
    expect(Math.abs(value - all[i]!)).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(all[i]!)));
};

describe('DPO as TRL has it', () => {
  const { batch, logps, losses, conservativeByFormula, ipoSummedByFormula } = golden('dpo');
  const { promptIds, chosenIds, rejectedIds } = batch as Record<string, number[][]>;
  const sides = [chosenIds!, rejectedIds!].flatMap((side) =>
    side.map((completion, i) => ({ prompt: promptIds![i]!, completion })),
  );
  let inputs: Omit<DpoInputs, 'beta'>;
  beforeAll(() => {
    const texts = textsOf(sides);
    const [policy, reference] = ['policy', 'reference'].map((name) =>
      tf.split(summedLogps(completionLogprobs(of(name), texts), texts), 2),
    ) as [tf.Tensor1D[], tf.Tensor1D[]];
    const lengths = tf.split(tf.sum<tf.Tensor1D>(texts.completionMask, 1), 2) as tf.Tensor1D[];
    inputs = {
      policyChosenLogps: policy[0]!,
      policyRejectedLogps: policy[1]!,
      refChosenLogps: reference[0]!,
      refRejectedLogps: reference[1]!,
      chosenLengths: lengths[0]!,
      rejectedLengths: lengths[1]!,
    };
  });

  it('finds the completions as likely, <eos> counted', () => {
    near(inputs.policyChosenLogps, logps.policyChosen);
    near(inputs.policyRejectedLogps, logps.policyRejected);
    near(inputs.refChosenLogps, logps.refChosen);
    near(inputs.refRejectedLogps, logps.refRejected);
  });

  it.each<[string, DpoVariant, number, number]>([
    ['sigmoid', 'sigmoid', 0.1, 0],
    ['sigmoid-beta-0.5', 'sigmoid', 0.5, 0],
    ['sigmoid-label_smoothing-is-passed-over', 'sigmoid', 0.1, 0], // TRL 1.16 smooths nothing here
    ['robust-0.1', 'robust', 0.1, 0.1],
    ['ipo', 'ipoMean', 0.1, 0], // TRL's ipo is per token
    ['sigmoid_norm', 'sigmoidMean', 0.1, 0],
    ['hinge', 'hinge', 0.1, 0],
  ])('loses the same: %s is %s here', (name, variant, beta, labelSmoothing) => {
    const found = dpoLosses({ ...inputs, variant, beta, labelSmoothing });
    near(found, losses[name].rows);
    near(tf.mean(found), losses[name].loss);
  });

  it('has two losses that TRL has no longer: conservative DPO, and IPO on sums', () => {
    near(dpoLosses({ ...inputs, variant: 'sigmoid', beta: 0.1, labelSmoothing: 0.1 }), conservativeByFormula.rows);
    near(dpoLosses({ ...inputs, variant: 'ipo', beta: 0.1 }), ipoSummedByFormula.rows);
  });
});

describe('the reward model as TRL has it', () => {
  const { ids, scores, losses, rows } = golden('reward');
  const scoresOf = (side: number[][]): tf.Tensor1D =>
    tf.concat(
      side.map((row) =>
        of('reward').scores(
          { tokens: tf.tensor2d(row, [1, row.length], 'int32'), leftPad: null },
          1,
          tf.ones([1, row.length - 1]),
          'last',
        ),
      ),
    );

  it('reads the score at <eos>, and loses the same with and without margins', () => {
    const [chosen, rejected] = [scoresOf(ids.chosen), scoresOf(ids.rejected)];
    near(chosen, scores.chosen);
    near(rejected, scores.rejected);
    near(pairLosses(chosen, rejected), losses.plain.rows);
    near(tf.mean(pairLosses(chosen, rejected)), losses.plain.loss);
    const margins = tf.tensor1d(rows.map(({ margin }: { margin: number }) => margin));
    near(pairLosses(chosen, rejected, margins), losses.margin.rows);
    // TRL's centring is beside the loss: c · mean (chosen + rejected)²; the lab centres scores once, at the end
    const centring = tf.mul(tf.mean(tf.square(tf.add(chosen, rejected))), 0.01);
    near(tf.add(tf.mean(pairLosses(chosen, rejected)), centring), losses.centred.loss);
  });
});

describe('fine-tuning as TRL has it', () => {
  const { losses } = golden('sft');
  const rowsOf = (
    { inputIds, labels }: { inputIds: number[][]; labels: number[][] },
    from: (row: number[]) => number,
  ) =>
    inputIds.map((row, i) => {
      const at = from(labels[i]!);
      const end = labels[i]!.findLastIndex((id) => id !== -100) + 1;
      return { prompt: row.slice(0, at), completion: row.slice(at, end) };
    });

  const lossOf = (texts: ReturnType<typeof rowsOf>) =>
    tf.tidy(() => demonstrationLoss(of('policy'), textsOf(texts)).loss);

  it('averages over the completions’ tokens of the whole batch', () => {
    const one = losses['prompt-completion'];
    near(lossOf(rowsOf(one, (labels) => labels.findIndex((id) => id !== -100))), one.loss);
  });

  it.each(['prompt-completion-all-tokens', 'text'])('or over all tokens but the first: %s', (name) => {
    near(lossOf(rowsOf(losses[name], () => 1)), losses[name].loss);
  });
});

describe('RLOO and GRPO as TRL has them', () => {
  const all = golden('groups');
  const twoD = (values: number[][]): tf.Tensor2D => tf.tensor2d(values);
  const made = () => {
    const completionMask = twoD(all.completionMask);
    const [newLogprobs, logprobs, refLogprobs] = [all.newLogps, all.oldLogps, all.refLogps].map(twoD) as tf.Tensor2D[];
    return { completionMask, newLogprobs: newLogprobs!, logprobs: logprobs!, refLogprobs: refLogprobs! };
  };
  const rewards = () => tf.tensor1d(all.rewards);
  const caseOf = (wanted: object) =>
    all.cases.find((one: Record<string, unknown>) =>
      Object.entries(wanted).every(([key, value]) => one[key] === value),
    );
  const perToken = (advantages: tf.Tensor1D): tf.Tensor2D => {
    const { completionMask } = made();
    return tf.mul(tf.expandDims(advantages, 1), completionMask) as tf.Tensor2D;
  };

  it('finds the tokens of fixed completions as likely', () => {
    const texts = textsOf(
      all.promptIds.map((prompt: number[], i: number) => ({
        prompt,
        completion: all.completionIds[i].slice(0, all.completionMask[i].filter(Boolean).length),
      })),
    );
    const { completionMask } = texts;
    near(tf.mul(completionLogprobs(of('policy'), texts), completionMask), all.newLogps.flat());
    near(tf.mul(completionLogprobs(of('reference'), texts), completionMask), all.refLogps.flat());
  });

  it('RLOO: the distance of a whole completion from the reward, then the mean of the others', () => {
    const { completionMask, logprobs, refLogprobs, newLogprobs } = made();
    const wanted = caseOf({ trainer: 'RLOO' });
    const kl = klPerCompletion(klEstimate(logprobs, refLogprobs, 'k1'), completionMask);
    near(kl, wanted.kl);
    const { rloo } = groupAdvantages(tf.sub(rewards(), tf.mul(kl, wanted.beta)) as tf.Tensor1D, 2);
    near(rloo, wanted.advantages);
    // TRL has one ratio a completion; the lab's PPO has one a token. On a completion of one "token" they are the same
    const sum = (x: tf.Tensor2D) => tf.expandDims(maskedSum<tf.Tensor1D>(x, completionMask, 1), 1) as tf.Tensor2D;
    const whole = {
      newLogprobs: sum(newLogprobs),
      logprobs: sum(logprobs),
      completionMask: tf.ones<tf.Rank.R2>([4, 1]),
    };
    near(policyRatio(whole.newLogprobs, whole.logprobs), wanted.ratiosOfCompletions);
    const advantages = tf.expandDims(rloo, 1) as tf.Tensor2D;
    near(policyLoss({ ...whole, advantages, clipRange: all.epsilon }), wanted.loss);
  });

  it('GRPO: dapo and bnpo average over the tokens of the batch, as the lab does; grpo and dr_grpo do not', () => {
    const { completionMask, newLogprobs, logprobs } = made();
    const { grpo } = groupAdvantages(rewards(), 2);
    near(grpo, caseOf({ trainer: 'GRPO' }).advantages);
    const inputs = { newLogprobs, logprobs, advantages: perToken(grpo), completionMask, clipRange: all.epsilon };
    for (const loss_type of ['dapo', 'bnpo']) near(policyLoss(inputs), caseOf({ loss_type, beta: 0 }).loss);
    const { unclipped, clipped } = policySurrogates(inputs);
    const tokens = tf.maximum(unclipped, clipped);
    near(tf.mean(maskedMean<tf.Tensor1D>(tokens, completionMask, 1)), caseOf({ loss_type: 'grpo', beta: 0 }).loss);
    const most = 4 * 8; // rows × max_completion_length
    near(tf.div(maskedSum(tokens, completionMask), most), caseOf({ loss_type: 'dr_grpo', beta: 0 }).loss);
  });

  it('GRPO: TRL weighs the distance in the loss by the ratio, which is 1 until the first update', () => {
    const { completionMask, newLogprobs, logprobs, refLogprobs } = made();
    const { grpo } = groupAdvantages(rewards(), 2);
    const inputs = { newLogprobs, logprobs, advantages: perToken(grpo), completionMask, clipRange: all.epsilon };
    const wanted = caseOf({ loss_type: 'dapo', beta: 0.05 });
    const k3 = klEstimate(newLogprobs, refLogprobs, 'k3');
    const weighted = tf.mul(k3, policyRatio(newLogprobs, logprobs));
    near(tf.add(policyLoss(inputs), tf.mul(maskedMean(weighted, completionMask), wanted.beta)), wanted.loss);
  });
});

it('a prompt that is padded on the left is read as if it stood alone, which TRL’s GRPO and RLOO do not do', () => {
  const { promptIds, completionIds, alone, leftPaddedWithoutPositionIds } = golden('left-padding');
  const long = Array.from({ length: 10 }, (_, i) => 3 + i);
  const texts = textsOf([
    { prompt: promptIds, completion: completionIds },
    { prompt: long, completion: completionIds },
  ]);
  const [first] = tf.split(completionLogprobs(of('policy'), texts), 2);
  near(first!, alone);
  expect(Math.abs(leftPaddedWithoutPositionIds.at(-1) - alone.at(-1))).toBeGreaterThan(1);
});
