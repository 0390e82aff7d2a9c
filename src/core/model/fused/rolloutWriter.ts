/** Generation as a recorded plan: nothing is read back until the whole batch is written. */
import type { ModelConfig } from '../../../contract/config';
import { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Run } from '../../kernels/plan/player';
import type { StepValues } from '../../kernels/plan/stepNumbers';
import type { Random } from '../../tensor/random';
import { tf } from '../../tf';
import type { GenerateOptions, TokenBatch } from '../causalNetwork';
import { checkBatch } from '../trunk';
import type { Engine } from './engine';
import { MOST_ARENAS } from './planShelf';
import type { WritingPlan, WritingShape } from './rolloutPlan';

/** shapes that are remembered */
const MOST = 4;

export interface Written {
  /** [B,P+G] int32, owned by the caller */
  tokens: tf.Tensor2D;
  /** [B,G] float32, owned by the caller */
  mask: tf.Tensor2D;
  /** [B,G] log-probabilities as the sampler saw them, owned by the caller */
  sampledLogprobs: tf.Tensor2D;
}

/** Owner of its plans. */
export class RolloutWriter {
  /** at rest */
  private readonly plans = new Map<string, WritingPlan>();
  private disposed = false;

  constructor(
    private readonly engine: Engine,
    private readonly config: ModelConfig,
    private readonly record: (builder: PlanBuilder, shape: WritingShape) => WritingPlan,
  ) {}

  get bytes(): number {
    return [...this.plans.values()].reduce((sum, { plan }) => sum + plan.arenaBytes, 0);
  }

  /** in slices: one for every inner list of the plan. Other texts may be begun meanwhile, with a plan of their own */
  *write(prompts: TokenBatch, options: GenerateOptions, random: Random): Generator<void, Written> {
    checkBatch(prompts, this.config);
    const [batch, promptLength] = prompts.tokens.shape;
    const { completionLength } = options;
    const shape = { batch, promptLength, completionLength };
    const found = this.take(shape);
    try {
      found.plan.poison();
      found.plan.setSteps(...found.columns.map((column) => stepOf(options, column, random)));
      random.skip(batch * completionLength);
      const whole = tf.tidy(() =>
        tf.concat([prompts.tokens, tf.fill([batch, completionLength], options.padId, 'int32')], 1),
      );
      const started = this.start(found, prompts, whole);
      whole.dispose();
      return yield* this.run(found, started, shape);
    } finally {
      this.giveBack(shape, found);
    }
  }

  /** what was recorded reads memory that is not the network's any more */
  forget(): void {
    for (const { plan } of this.plans.values()) plan.dispose();
    this.plans.clear();
  }

  dispose(): void {
    this.disposed = true;
    this.forget();
  }

  /** out of the shelf, so that nobody else writes into it */
  private take(shape: WritingShape): WritingPlan {
    const key = JSON.stringify(shape);
    const taken = this.plans.get(key) ?? this.prepare(shape);
    this.plans.delete(key);
    return taken;
  }

  private giveBack(shape: WritingShape, taken: WritingPlan): void {
    const key = JSON.stringify(shape);
    if (this.disposed || this.plans.has(key)) taken.plan.dispose();
    else this.plans.set(key, taken);
    while (this.plans.size > MOST || (this.plans.size > 1 && this.bytes > MOST_ARENAS)) {
      const [oldest, { plan }] = this.plans.entries().next().value as [string, WritingPlan];
      plan.dispose();
      this.plans.delete(oldest);
    }
  }

  /** @param whole [B,P+G] prompts and room for completions; @returns a run that puts them in first */
  private start(found: WritingPlan, { tokens, leftPad }: TokenBatch, whole: tf.Tensor): Run {
    const run = found.plan.begin();
    if (found.prompt) run.put(tokens, found.prompt);
    run.put(whole, found.tokens);
    if (leftPad) run.put(leftPad, found.leftPad);
    else run.clear(found.leftPad);
    run.putNumbers(new Uint32Array(tokens.shape[0]).fill(1), found.alive);
    return run;
  }

  private *run({ plan, submits, ...slots }: WritingPlan, started: Run, shape: WritingShape): Generator<void, Written> {
    let run = started;
    for (const [i, turns] of submits.entries()) {
      if (i > 0) {
        run.submit();
        yield;
        run = plan.begin();
      }
      for (const { section, set } of turns) run.play(section, set);
    }
    const { batch, promptLength, completionLength } = shape;
    const written = {
      tokens: run.take<tf.Tensor2D>(slots.tokens, [batch, promptLength + completionLength], 'int32'),
      mask: run.take<tf.Tensor2D>(slots.mask, [batch, completionLength]),
      sampledLogprobs: run.take<tf.Tensor2D>(slots.logprobs, [batch, completionLength]),
    };
    run.submit();
    return written;
  }

  private prepare(shape: WritingShape): WritingPlan {
    const { player, poison = false } = this.engine;
    const stepCapacity = shape.promptLength + shape.completionLength;
    return this.record(new PlanBuilder(player, { name: 'rollout', stepCapacity, poison }), shape);
  }
}

function stepOf({ sampling, eosId, padId }: GenerateOptions, column: number, random: Random): StepValues {
  const { key, counter } = random.state;
  return { ...sampling, column, eosId: eosId ?? -1, padId, seed: key, counter };
}
