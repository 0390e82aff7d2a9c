import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NamedTensors } from '../../../src/core/model/causalNetwork';
import { PortableNetwork } from '../../../src/core/model/portableNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { BestOfRun, bestOfN } from '../../../src/core/train/bestOfN';
import { dpo } from '../../../src/core/train/dpo';
import { DpoRun } from '../../../src/core/train/dpoRun';
import { fineTune } from '../../../src/core/train/fineTune';
import { FineTuneRun } from '../../../src/core/train/fineTuneRun';
import { ppo } from '../../../src/core/train/ppo';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { pretrain } from '../../../src/core/train/pretrain';
import { PretrainRun } from '../../../src/core/train/pretrainRun';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { RewardRun } from '../../../src/core/train/rewardRun';
import type { Breathe } from '../../../src/core/train/slices';
import type { SavedRun } from '../../../src/core/train/snapshot';
import { withBackend } from '../../helpers/backend';
import {
  corpus,
  expectSameTensors,
  LAB,
  MODEL,
  take,
  throughStorage,
  ticking,
  untrained,
  votesForLonger,
} from './tiny';

withBackend('wasm');

interface Run {
  isWhole?: boolean;
  save(): Promise<SavedRun<unknown>>;
  dispose?(): void;
}
interface Made {
  run: Run;
  loop: AsyncGenerator<unknown>;
}
/** saved: null for a new run */
type Make = (breathe: Breathe | undefined, saved: SavedRun<never> | null) => Made | Promise<Made>;

/** made once, when the backend stands */
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}
const base = once(untrained);
const judge = once(() => untrained(2).clone('rewardModel', { language: false, scalar: true }));
const rater = { name: 'happy' } as const;
const around = () => ({ rater, rewardModel: { network: judge(), pooling: 'last' as const } });

const loaded = <R extends { load(saved: SavedRun<never>): void }>(run: R, saved: SavedRun<never> | null): R => {
  if (saved) run.load(saved);
  return run;
};

const KINDS: Record<string, Make> = {
  pretrain(breathe, saved) {
    const config = { ...LAB.pretrain, steps: 3, batchSize: 4, evalEvery: 2 };
    const run = loaded(
      new PretrainRun({
        seed: 1,
        config,
        model: MODEL,
        corpus,
        fixedPrompt: corpus.prompts(Random.fromSeed(8), 1)[0]!,
        breathe,
      }),
      saved,
    );
    return { run, loop: pretrain(run, ticking()) };
  },
  finetune(breathe, saved) {
    const demonstrations = corpus
      .samples(Random.fromSeed(8), 80)
      .map((text, i) => ({ ...text, demonstrationId: `d${i}`, source: 'grammar' as const }));
    const config = {
      ...LAB.finetune,
      epochs: 2,
      batchSize: 40,
      evalSamples: 5,
      heldOutShare: 0.5,
      selectBy: 'score' as const,
    };
    const run = loaded(
      new FineTuneRun({ seed: 1, config, base: base(), corpus, demonstrations, wish: null, ...around(), breathe }),
      saved,
    );
    return { run, loop: fineTune(run, ticking()) };
  },
  async reward(breathe, saved) {
    const config = { ...LAB.reward, steps: 3, normalizeSamples: 70 };
    const inputs = { seed: 1, config, base: base(), corpus, opinions: votesForLonger(80), taste: null, rater, breathe };
    const run = saved ? RewardRun.restore(inputs, saved) : await RewardRun.create(inputs);
    return { run, loop: trainRewardModel(run, ticking()) };
  },
  dpo(breathe, saved) {
    const config = { ...LAB.dpo, steps: 3, evalEvery: 2, evalSamples: 5, heldOutShare: 0.5 };
    const opinions = votesForLonger(80);
    const run = loaded(new DpoRun({ seed: 1, config, base: base(), corpus, opinions, ...around(), breathe }), saved);
    return { run, loop: dpo(run, ticking()) };
  },
  ppo: (breathe, saved) => ppoOf({}, breathe, saved),
  'ppo with a shared critic and minibatches': (breathe, saved) =>
    ppoOf({ valueModel: 'shared', minibatches: 3, klEstimator: 'exact', earlyStopKl: 9 }, breathe, saved),
  bestOf(breathe, saved) {
    const config = { ...LAB.bestOf, samples: 70, prompts: 2 };
    const inputs = { seed: 1, config, policy: base(), rewardModel: judge(), pooling: 'last', corpus, rater } as const;
    const run = loaded(new BestOfRun({ ...inputs, breathe }), saved);
    return { run, loop: bestOfN(run, ticking()) };
  },
};

function ppoOf(changes: object, breathe: Breathe | undefined, saved: SavedRun<never> | null): Made {
  const config = { ...LAB.ppo, iterations: 2, rollouts: 6, epochs: 2, ...changes };
  const inputs = { seed: 1, config, base: base(), rewardModel: judge(), pooling: 'last', corpus, rater } as const;
  const run = loaded(new PpoRun({ ...inputs, breathe }), saved);
  return { run, loop: ppo(run) };
}

const PASSES = ['logits', 'logprobs', 'tokenScores', 'values', 'logprobsAndValues'] as const;

describe.each(Object.entries(KINDS))('a run that is paused anywhere: %s', (kind, make) => {
  afterEach(() => vi.restoreAllMocks());

  /** runs to the end. @returns what it leaves, and what there was to read on the way */
  async function play(breathe: Breathe | undefined, saved: SavedRun<never> | null = null, made?: Made) {
    const { run, loop } = made ?? (await make(breathe, saved));
    const reports = await take(loop, 999);
    const left = await run.save();
    run.dispose?.();
    return { reports, left };
  }

  it('passes forward at most three times between two stops', async () => {
    let [since, most, stops] = [0, 0, 0];
    for (const pass of PASSES) {
      const real = PortableNetwork.prototype[pass] as (...given: unknown[]) => unknown;
      vi.spyOn(PortableNetwork.prototype, pass).mockImplementation(function (
        this: PortableNetwork,
        ...given: unknown[]
      ) {
        most = Math.max(most, ++since);
        return real.apply(this, given) as never;
      });
    }
    const stop = async () => {
      since = 0;
      stops++;
    };
    const { loop, run } = await make(stop, null);
    for (since = 0; !(await loop.next()).done; since = 0);
    run.dispose?.();
    expect(most).toBeLessThanOrEqual(3); // the last of writing, policy and reference on what was written
    expect(stops).toBeGreaterThan(5);
  });

  it('learns what it learns in one piece, and goes on to the same from wherever it can be saved', async () => {
    const whole = await play(undefined);
    const saved: SavedRun<never>[] = [];
    let halves = 0;
    const made: { current?: Made } = {};
    made.current = await make(async () => {
      const { run } = made.current!;
      if (run.isWhole === false) halves++;
      else saved.push(throughStorage(await run.save()) as SavedRun<never>);
    }, null);
    const paused = await play(undefined, null, made.current);
    expect(paused.reports).toEqual(whole.reports);
    expectSame(paused.left, whole.left);
    expect(halves > 0, 'PPO alone learns in between').toBe(kind.startsWith('ppo'));
    for (const from of saved.filter((_, i) => i % 4 === 0)) expectSame((await play(undefined, from)).left, whole.left);
  });

  it('leaves nothing behind when it is given up at any stop', async () => {
    let stops = 0;
    await play(async () => void stops++);
    for (let last = 1; last <= stops; last += 3) {
      const { numTensors } = tf.memory();
      let seen = 0;
      const { run, loop } = await make(async () => {
        if (++seen === last) throw new Error('enough');
      }, null);
      await expect(take(loop, 999)).rejects.toThrow('enough');
      run.dispose?.();
      expect([last, tf.memory().numTensors - numTensors]).toEqual([last, 0]);
    }
  });
});

/** how long a step took is no part of what is left */
const withoutSpeed = (state: unknown): unknown =>
  JSON.parse(JSON.stringify(state, (key, value) => (key.startsWith('perf/') ? undefined : value)));

function expectSame(actual: SavedRun<unknown>, expected: SavedRun<unknown>): void {
  expect(withoutSpeed(actual.state)).toEqual(withoutSpeed(expected.state));
  expectSameTensors(actual.tensors as NamedTensors, expected.tensors);
}
