/**
 * Which way of writing its kernels is the swiftest on a card. No rule tells on a driver that nobody has seen, so steps
 * of learning are timed: a way that differs in one thing from the best so far is put beside it, in turn and more than
 * once, since a card that was idle needs a moment to speed up. One step tells how long the others will take: what would
 * not be over in time is not begun, and what is under way when time is up is let go of. The best that was found by then
 * counts.
 *
 *   cooperative ─ subgroups ─ broadSubgroups        where subgroups pay
 *              └─ subgroups ✗ ─ broad               where they do not
 */
import type { KernelStyleName, ModelConfig } from '../../../contract/config';
import { readNumbers } from '../../kernels/readNumbers';
import { tf } from '../../tf';
import type { Engine } from './engine';
import { FusedNetwork } from './fusedNetwork';

/** One way of writing kernels, ready to be timed. */
export interface Entrant {
  /** @returns milliseconds of a step, the mean of so many */
  time(steps: number): Promise<number>;
  dispose(): void;
}

/** What a card is tried out with. */
export interface Tryout {
  /** how its kernels can be written here, at least one */
  names: readonly KernelStyleName[];
  /**
   * @param isWanted false once time is up
   * @returns null where they do not compile, or compute something else than they should
   */
  enter(name: KernelStyleName, isWanted: () => boolean): Promise<Entrant | null>;
  /** milliseconds, steady */
  now(): number;
  /** milliseconds in which it must be told */
  budgetMs: number;
}

/** what a visitor waits for at most */
export const BUDGET_MS = 2000;
const MOST_TRIED = 3;
const ROUNDS = 3;
/** steps of one measurement: the card works on the next while the thread prepares it; fewer where they are so long already */
const STEPS = 4;
const LONG_MS = 100;
/** steps by which two ways are told apart: a look at the other one, and one of each */
const LEAST = 3;
/** what is swifter by less is chance */
const MARGIN = 0.97;

/** ways that differ in one thing, those first that are likelier to pay */
const NEIGHBOURS: Readonly<Record<KernelStyleName, readonly KernelStyleName[]>> = {
  solitary: [],
  cooperative: ['subgroups', 'broad'],
  subgroups: ['broadSubgroups', 'cooperative'],
  broad: ['broadSubgroups', 'cooperative'],
  broadSubgroups: ['subgroups', 'broad'],
};

/** One budget for all that is waited for. */
class Patience {
  private readonly deadline: number;

  constructor(
    private readonly now: () => number,
    budgetMs: number,
  ) {
    this.deadline = now() + budgetMs;
  }

  get left(): number {
    return this.deadline - this.now();
  }

  /**
   * @param late what becomes of what comes too late
   * @returns null when time was up first
   */
  async for<T>(coming: Promise<T>, late: (came: T) => void = () => undefined): Promise<T | null> {
    let isLate = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeUp = new Promise<null>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve(null);
      }, this.left);
    });
    void coming.then(
      (came) => isLate && late(came),
      () => undefined,
    );
    return Promise.race([coming, timeUp]).finally(() => clearTimeout(timer));
  }
}

/** A way that is timed against others. Owns its entrant. */
class Contestant {
  /** of the shortest step so far; never, before the first is over */
  stepMs = Number.POSITIVE_INFINITY;
  private underway: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly entrant: Entrant,
    private readonly patience: Patience,
  ) {}

  /** @returns milliseconds of a step; null when time was up first */
  async time(steps: number): Promise<number | null> {
    const measured = this.entrant.time(steps);
    this.underway = measured.catch(() => undefined);
    const ms = await this.patience.for(measured);
    if (ms !== null) this.stepMs = Math.min(this.stepMs, ms);
    return ms;
  }

  /** what is measured yet, though nobody waits for it, is let be until it is over */
  dispose(): void {
    void this.underway.then(() => this.entrant.dispose());
  }
}

/** @returns the swiftest of up to three, beginning with the first name; that one where no other was ready in time */
export async function swiftest({ names, enter, now, budgetMs }: Tryout): Promise<KernelStyleName> {
  const patience = new Patience(now, budgetMs);
  const contestants = new Map<KernelStyleName, Contestant | null>();
  let best = names[0]!;
  const ready = async (name: KernelStyleName): Promise<Contestant | null> => {
    const isWanted = () => patience.left > 0;
    const entrant = await patience.for(enter(name, isWanted), (late) => late?.dispose());
    const contestant = entrant && new Contestant(entrant, patience);
    contestants.set(name, contestant);
    await contestant?.time(1);
    return contestant;
  };
  const next = (): KernelStyleName | undefined =>
    NEIGHBOURS[best].find((name) => names.includes(name) && !contestants.has(name));
  const rest = () => MOST_TRIED - contestants.size;
  try {
    let champion = await ready(best);
    for (let name = next(); champion && name && rest() > 0 && fits(champion, patience); name = next()) {
      const challenger: Contestant | null = await ready(name);
      if (!challenger || !(await isSwifter(challenger, champion, patience.left / (1 + rest()), patience))) continue;
      [best, champion] = [name, challenger];
    }
    return best;
  } finally {
    for (const contestant of contestants.values()) contestant?.dispose();
  }
}

/** whether another way can be told from this one before time is up, when it is about as swift */
const fits = ({ stepMs }: Contestant, { left }: Patience): boolean => LEAST * stepMs <= left;

/**
 * @param share milliseconds that the comparison should take at most
 * @returns false where there was no time to tell
 */
async function isSwifter(
  challenger: Contestant,
  best: Contestant,
  share: number,
  { left }: Patience,
): Promise<boolean> {
  const steps = Math.max(1, Math.min(STEPS, Math.floor(LONG_MS / Math.max(challenger.stepMs, best.stepMs))));
  const roundMs = steps * (challenger.stepMs + best.stepMs);
  const rounds = Math.min(ROUNDS, Math.floor(share / roundMs) || Math.min(1, Math.floor(left / roundMs)));
  let [own, other] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    const [one, two] = [await challenger.time(steps), await best.time(steps)];
    if (one === null || two === null) return false;
    [own, other] = [Math.min(own, one), Math.min(other, two)];
  }
  return own < MARGIN * other;
}

/** a batch as training has it */
const ROWS = 16;
const COLUMNS = 32;
const OPTIMIZER = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 };

/** Steps of learning by a network of zeros: what is computed does not matter here. */
export function learningEntrant(engine: Engine, config: ModelConfig, now: () => number): Entrant {
  const columns = Math.min(COLUMNS, config.contextLength);
  const network = new FusedNetwork(engine, 'tuner', config, { language: true, scalar: false }, null);
  const optimizer = network.createOptimizer(OPTIMIZER);
  const tokens = tf.zeros<tf.Rank.R2>([ROWS, columns], 'int32');
  const loss = (): tf.Scalar => tf.neg(tf.mean(network.logprobs({ tokens, leftPad: null }, 1, 1).logprobs));
  const step = (): tf.Scalar => {
    const { loss: value, gradNorm } = optimizer.minimize(() => ({ loss: loss() }), 0);
    value.dispose();
    return gradNorm;
  };
  return {
    async time(steps) {
      const began = now();
      const norms = Array.from({ length: steps }, step);
      await readNumbers(tf.stack(norms));
      tf.dispose(norms);
      return (now() - began) / steps;
    },
    dispose() {
      for (const owned of [optimizer, network, tokens]) owned.dispose();
    },
  };
}
