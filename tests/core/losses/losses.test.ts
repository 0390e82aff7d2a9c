/** Formulas worked out by hand, and identities that any implementation must keep. */
import { describe, expect, it } from 'vitest';
import { nextKlCoef } from '../../../src/core/losses/adaptiveKl';
import { crossEntropy } from '../../../src/core/losses/crossEntropy';
import { dpoLoss } from '../../../src/core/losses/dpoLoss';
import { gae } from '../../../src/core/losses/gae';
import { policyLoss, policyStatistics, valueLoss } from '../../../src/core/losses/ppoLoss';
import { penalizeMissingEos } from '../../../src/core/losses/rewards';
import { scoreScale } from '../../../src/core/losses/scoreScale';
import { lastTokenMask } from '../../../src/core/tensor/masked';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { bradleyTerry } from '../../helpers/formulas/ratings';
import { describeGuards } from './guards';

await tf.setBackend('cpu');
describeGuards();

const scalar = (tensor: tf.Tensor): number => tensor.dataSync()[0] as number;
const grid = (rows: number[][]): tf.Tensor2D => tf.tensor2d(rows);

describe('crossEntropy', () => {
  it('averages over targets only', () => {
    expect(scalar(crossEntropy(grid([[-1, -3, -100]]), grid([[1, 1, 0]])))).toBeCloseTo(2, 6);
  });
});

describe('lastTokenMask', () => {
  it('marks the last real token of each row and nothing in an empty one', () => {
    const mask = grid([
      [1, 1, 0],
      [1, 1, 1],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(lastTokenMask(mask).arraySync()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });
});

describe('penalizeMissingEos', () => {
  it('takes the penalty off unfinished completions only', () => {
    expect([...penalizeMissingEos(tf.tensor1d([2, 3]), tf.tensor1d([1, 0]), 1).dataSync()]).toEqual([2, 2]);
  });
});

describe('gae', () => {
  it('equals the plain backward loop', () => {
    const random = Random.fromSeed(3);
    const draw = () => grid(Array.from({ length: 4 }, () => Array.from({ length: 7 }, () => random.normal())));
    const [values, rewards] = [draw(), draw()];
    const mask = grid([7, 4, 1, 0].map((length) => Array.from({ length: 7 }, (_, t) => (t < length ? 1 : 0))));
    const [gamma, lam] = [0.97, 0.9];
    const [v, r, m] = [values.arraySync(), rewards.arraySync(), mask.arraySync()];
    const { advantages } = gae(values, rewards, mask, gamma, lam);
    const actual = advantages.arraySync();
    for (let row = 0; row < 4; row++) {
      let later = 0;
      for (let t = 6; t >= 0; t--) {
        const next = t < 6 ? v[row]![t + 1]! * m[row]![t + 1]! : 0;
        later = r[row]![t]! * m[row]![t]! + gamma * next - v[row]![t]! * m[row]![t]! + gamma * lam * later;
        expect(actual[row]![t]).toBeCloseTo(later * m[row]![t]!, 5);
      }
    }
  });

  it('lets a score at the end reach the first token undiminished when γ and λ are 1', () => {
    const mask = grid([[1, 1, 1, 0]]);
    const { advantages } = gae(grid([[0, 0, 0, 9]]), grid([[0, 0, 5, 9]]), mask, 1, 1);
    expect(advantages.arraySync()).toEqual([[5, 5, 5, 0]]);
  });
});

describe('policyLoss', () => {
  const inputs = (newLogprob: number, advantage: number) => ({
    newLogprobs: grid([[newLogprob]]),
    logprobs: grid([[0]]),
    advantages: grid([[advantage]]),
    completionMask: grid([[1]]),
    clipRange: 0.2,
  });
  const slope = (newLogprob: number, advantage: number) =>
    scalar(
      tf.grad((x) => policyLoss({ ...inputs(newLogprob, advantage), newLogprobs: x as tf.Tensor2D }))(
        grid([[newLogprob]]),
      ),
    );

  it('stops pushing a good token up once its ratio is above 1 + ε, and a bad one down below 1 − ε', () => {
    expect(slope(0.1, 1)).toBeCloseTo(-Math.exp(0.1), 5);
    expect(slope(0.3, 1)).toBe(0);
    expect(slope(-0.3, -1)).toBe(0);
  });

  it('still pulls back a token that moved the wrong way', () => {
    expect(slope(-0.3, 1)).toBeCloseTo(-Math.exp(-0.3), 5);
    expect(slope(0.3, -1)).toBeCloseTo(Math.exp(0.3), 5);
  });

  it('has ratio exactly 1 and clip fraction exactly 0 when nothing has moved', () => {
    const statistics = policyStatistics({ ...inputs(0, 1), newLogprobs: grid([[-3.3]]), logprobs: grid([[-3.3]]) });
    expect([scalar(statistics.meanRatio), scalar(statistics.clipFraction), scalar(statistics.approxKl)]).toEqual([
      1, 0, 0,
    ]);
  });

  it('gives padding no gradient', () => {
    const masked = {
      ...inputs(0, 1),
      logprobs: grid([[0, 0]]),
      advantages: grid([[1, 1]]),
      completionMask: grid([[1, 0]]),
    };
    const gradient = tf.grad((x) => policyLoss({ ...masked, newLogprobs: x as tf.Tensor2D }))(grid([[0.05, 0.05]]));
    expect(gradient.dataSync()[1]).toBeCloseTo(0, 12);
  });
});

describe('valueLoss', () => {
  it('takes the worse of the free and the held critic', () => {
    const inputs = {
      newValues: grid([[1]]),
      values: grid([[0]]),
      returns: grid([[1]]),
      completionMask: grid([[1]]),
      clipRangeValue: 0.2,
    };
    // the free one is right, the held one stands at 0.2
    expect(scalar(valueLoss(inputs))).toBeCloseTo(0.5 * 0.8 ** 2, 6);
  });
});

describe('dpoLoss', () => {
  it('starts at ln 2', () => {
    const logps = { policyChosenLogps: tf.tensor1d([-9]), refChosenLogps: tf.tensor1d([-9]) };
    const others = { policyRejectedLogps: tf.tensor1d([-5]), refRejectedLogps: tf.tensor1d([-5]) };
    expect(scalar(dpoLoss({ ...logps, ...others, beta: 0.1 }))).toBeCloseTo(Math.LN2, 6);
  });
});

describe('nextKlCoef', () => {
  it('moves by at most a fifth of episodes/horizon, and rejects a target or horizon of 0', () => {
    expect(nextKlCoef(0.1, 600, { target: 6, horizon: 1000 }, 100)).toBeCloseTo(0.1 * 1.02, 12);
    expect(nextKlCoef(0.1, 6, { target: 6, horizon: 1000 }, 100)).toBe(0.1);
    expect(() => nextKlCoef(0.1, 6, { target: 0, horizon: 1000 }, 100)).toThrow('positive');
  });
});

describe('scoreScale', () => {
  it('brings scores to mean 0 and standard deviation 1', () => {
    const { gain, bias } = scoreScale([1, 3]);
    expect([gain * 1 + bias, gain * 3 + bias]).toEqual([-1, 1]);
  });

  it('only moves the mean of scores that are all equal', () => {
    expect(scoreScale([3.7, 3.7, 3.7])).toMatchObject({ gain: 1 });
    expect(scoreScale([])).toEqual({ mean: 0, std: 0, gain: 1, bias: 0 });
  });
});

describe('bradleyTerry', () => {
  it('makes log-odds of the win rate: 3 wins in 4 games are ln 3 apart', () => {
    const [a, b] = bradleyTerry(2, [
      [0, 1, 1],
      [0, 1, 1],
      [0, 1, 1],
      [0, 1, 0],
    ]);
    expect(a! - b!).toBeCloseTo(Math.log(3), 5);
  });

  it('stays finite for a player who never lost, and centres one who never played', () => {
    const strengths = bradleyTerry(3, [
      [0, 1, 1],
      [0, 1, 1],
    ]);
    expect(strengths.every(Number.isFinite)).toBe(true);
    expect(strengths[0]).toBeGreaterThan(strengths[1]!);
  });
});
