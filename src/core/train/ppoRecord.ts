/**
 * The batch that the last iteration of PPO was trained on, kept on the device until the next one is done. Nobody reads
 * it unless somebody asks, and nothing that is learned depends on it: it holds further references to tensors that the
 * loop made, and of each update the log-probabilities that its loss was computed from.
 */
import { append } from '../../contract/many';
import type { PpoBatch, PpoEpoch, TokenNumbers } from '../../contract/ppoBatch';
import { tdErrors } from '../losses/gae';
import { orOff, policyRatio, policySurrogates } from '../losses/ppoLoss';
import { whiteningOf } from '../losses/whiten';
import { tf } from '../tf';
import type { Experience, Minibatch } from './experience';

const TABLES = [
  'logprobs',
  'refLogprobs',
  'kl',
  'rewards',
  'values',
  'rawAdvantages',
  'advantages',
  'returns',
] as const;
type Table = (typeof TABLES)[number] | 'completionMask' | 'exactKl';

/** One pass over the batch. */
interface Pass {
  /** the order in which its updates looked at the rows */
  rows: number[];
  /** [rows of an update,G] each */
  newLogprobs: tf.Tensor2D[];
  updates: PpoEpoch['updates'];
}

/** What is known of a batch without the device. */
export type Facts = Pick<PpoBatch, 'iteration' | 'config'> & { texts: { prompt: string; tokens: string[] }[] };

class Kept {
  adapted: PpoBatch['adapted'] = null;
  readonly passes: Pass[] = [];
  private readonly tables: Record<Table, tf.Tensor2D>;
  private readonly scores: tf.Tensor1D;
  private readonly equalShare: tf.Scalar | null;

  constructor(
    private readonly facts: Facts,
    experience: Experience,
    exactKl: tf.Tensor2D,
  ) {
    const own = TABLES.map((name) => [name, tf.clone(experience[name])]);
    const others = { completionMask: tf.clone(experience.completionMask), exactKl: tf.clone(exactKl) };
    this.tables = { ...Object.fromEntries(own), ...others };
    this.scores = tf.clone(experience.scores);
    this.equalShare = experience.equalShare ? tf.clone(experience.equalShare) : null;
  }

  dispose(): void {
    const { tables, scores, equalShare, passes } = this;
    tf.dispose([...Object.values(tables), scores, ...passes.flatMap(({ newLogprobs }) => newLogprobs)]);
    equalShare?.dispose();
  }

  /** An update looked at some rows: where the last pass has seen all of them, the next one begins. */
  see({ rows }: Minibatch, newLogprobs: tf.Tensor2D): void {
    let pass = this.passes.at(-1);
    if (!pass || pass.rows.length === this.facts.texts.length) {
      pass = { rows: [], newLogprobs: [], updates: [] };
      this.passes.push(pass);
    }
    append(pass.rows, rows);
    pass.newLogprobs.push(tf.keep(tf.clone(newLogprobs)));
  }

  /** Everything is asked of the device before anything is awaited, so the loop may go on meanwhile. */
  async read(): Promise<PpoBatch> {
    const { facts, tables, passes } = this;
    const { config, texts, iteration } = facts;
    const [, length] = tables.completionMask.shape;
    const made = tf.tidy(() => ({
      tokens: this.tokens(),
      epochs: passes.map((pass) => this.epoch(pass)),
      scores: tf.clone(this.scores),
      scalars: this.scalars(),
    }));
    try {
      const [tokens, epochs, scores, [mean, spread, equalShare]] = await Promise.all([
        readTables(made.tokens),
        Promise.all(made.epochs.map(readTables)),
        made.scores.data(),
        made.scalars.data(),
      ]);
      return {
        kind: 'ppo',
        iteration,
        config,
        rollouts: texts.map((text, row) => ({ ...text, score: scores[row]! })),
        length,
        tokens,
        whitening: config.whitenAdvantages ? { mean: mean!, spread: spread! } : null,
        equalShare: equalShare ?? null,
        adapted: this.adapted,
        epochs: epochs.map((epoch, i) => ({ ...epoch, updates: passes[i]!.updates })),
      };
    } finally {
      tf.dispose(made);
    }
  }

  /** mean and spread of the advantages, and the share of equal groups where there are groups; inside a tidy */
  private scalars(): tf.Tensor1D {
    const { rawAdvantages, completionMask } = this.tables;
    const { mean, spread } = whiteningOf(rawAdvantages, completionMask);
    return tf.stack(this.equalShare ? [mean, spread, this.equalShare] : [mean, spread]) as tf.Tensor1D;
  }

  /** inside a tidy */
  private tokens(): Record<keyof TokenNumbers, tf.Tensor2D> {
    const { completionMask, ...told } = this.tables;
    const { config } = this.facts;
    const delta =
      config.advantages === 'gae'
        ? tdErrors(told.values, told.rewards, completionMask, config.gamma)
        : tf.zerosLike(completionMask);
    const own = Object.entries(told).map(([name, table]) => [name, tf.clone(table)]); // the reader frees what it read
    return { ...(Object.fromEntries(own) as typeof told), tdErrors: tf.mul(delta, completionMask) };
  }

  /** rows in their places again, and with the loop's own formulas what the loss made of them; inside a tidy */
  private epoch({ rows, newLogprobs: parts }: Pass): Record<Exclude<keyof PpoEpoch, 'updates'>, tf.Tensor2D> {
    const { logprobs, advantages, completionMask } = this.tables;
    const places = new Int32Array(rows.length);
    for (const [index, row] of rows.entries()) places[row] = index;
    const newLogprobs = tf.gather(tf.concat2d(parts, 0), tf.tensor1d(places, 'int32'));
    const clipRange = orOff(this.facts.config.clipRange);
    const { unclipped, clipped } = policySurrogates({
      newLogprobs,
      logprobs,
      advantages,
      completionMask,
      clipRange,
    });
    const told = {
      newLogprobs,
      ratio: policyRatio(newLogprobs, logprobs),
      unclipped,
      clipped,
      loss: tf.maximum<tf.Tensor2D>(unclipped, clipped),
    };
    return Object.fromEntries(
      Object.entries(told).map(([name, table]) => [name, tf.mul(table, completionMask)]),
    ) as typeof told;
  }
}

async function readTables<Name extends string>(tables: Record<Name, tf.Tensor2D>): Promise<Record<Name, Float32Array>> {
  const entries = Object.entries<tf.Tensor2D>(tables);
  const read = await Promise.all(entries.map(async ([name, table]) => [name, Float32Array.from(await table.data())]));
  return Object.fromEntries(read);
}

export class PpoRecord {
  private last: Kept | null = null;
  private coming: Kept | null = null;

  /** A batch is about to be trained on. @param experience borrowed, as is @param exactKl [B,G] */
  begin(facts: Facts, experience: Experience, exactKl: tf.Tensor2D): void {
    this.drop();
    this.coming = new Kept(facts, experience, exactKl);
  }

  /** Called within the loss of an update. @param newLogprobs borrowed */
  see(part: Minibatch, newLogprobs: tf.Tensor2D): void {
    this.coming?.see(part, newLogprobs);
  }

  /** @param metrics of every update of the batch, in their order */
  finish(metrics: readonly Record<string, number>[]): void {
    if (!this.coming) return;
    const updates = metrics.map((row) => ({ loss: row['loss/policy_avg']!, gradNorm: row['train/gradNorm']! }));
    let from = 0;
    for (const pass of this.coming.passes) {
      pass.updates = updates.slice(from, from + pass.newLogprobs.length);
      from += pass.newLogprobs.length;
    }
    this.last?.dispose();
    this.last = this.coming;
    this.coming = null;
  }

  /** of the batch that was finished last */
  adapt(adapted: PpoBatch['adapted']): void {
    if (this.last) this.last.adapted = adapted;
  }

  /** what was begun is given up; what was finished stays */
  drop(): void {
    this.coming?.dispose();
    this.coming = null;
  }

  /** @returns the last batch that was trained on to the end; null before the first one */
  async read(): Promise<PpoBatch | null> {
    return (await this.last?.read()) ?? null;
  }

  dispose(): void {
    this.drop();
    this.last?.dispose();
    this.last = null;
  }
}
