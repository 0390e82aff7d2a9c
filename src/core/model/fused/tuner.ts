/**
 * Which way of writing its kernels is the swiftest on a card. No rule tells on a driver that nobody has seen, so steps
 * of learning are timed: a way that differs in one thing from the best so far is put beside it, in turn and more than
 * once, since a card that was idle needs a moment to speed up. All of it ends in time, with the best that was found by
 * then.
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
  /** @returns milliseconds of a step */
  time(): Promise<number>;
  dispose(): void;
}

/** What a card is tried out with. */
export interface Tryout {
  /** how its kernels can be written here, at least one */
  names: readonly KernelStyleName[];
  /** @returns null where they do not compile, or compute something else than they should */
  enter(name: KernelStyleName): Promise<Entrant | null>;
  /** milliseconds, steady */
  now(): number;
}

/** what is under way then is waited for: two seconds in all */
const BUDGET_MS = 1500;
const MOST_TRIED = 3;
const ROUNDS = 3;
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

/** @returns the swiftest of up to three, beginning with the first name; that one where no other was ready in time */
export async function swiftest({ names, enter, now }: Tryout): Promise<KernelStyleName> {
  const deadline = now() + BUDGET_MS;
  const entrants = new Map<KernelStyleName, Entrant | null>();
  let best = names[0]!;
  const inTime = async (name: KernelStyleName): Promise<Entrant | null> => {
    const entrant = await before(deadline - now(), enter(name));
    entrants.set(name, entrant);
    return entrant;
  };
  const next = (): KernelStyleName | undefined =>
    NEIGHBOURS[best].find((name) => names.includes(name) && !entrants.has(name));
  try {
    await inTime(best);
    for (let name = next(); name && entrants.size < MOST_TRIED && now() < deadline; name = next()) {
      const [challenger, champion] = [await inTime(name), entrants.get(best)];
      if (challenger && champion && (await isSwifter(challenger, champion, () => now() < deadline))) best = name;
    }
    return best;
  } finally {
    for (const entrant of entrants.values()) entrant?.dispose();
  }
}

/** @returns null when time was up first; what comes too late is disposed of */
async function before(ms: number, coming: Promise<Entrant | null>): Promise<Entrant | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLate = false;
  const timeUp = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve(null);
    }, ms);
  });
  void coming.then(
    (entrant) => isLate && entrant?.dispose(),
    () => undefined,
  );
  try {
    return await Promise.race([coming, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param goOn false: what was not compared in time is not swifter */
async function isSwifter(challenger: Entrant, best: Entrant, goOn: () => boolean): Promise<boolean> {
  let [own, other] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    if (!goOn()) return false;
    own = Math.min(own, await challenger.time());
    other = Math.min(other, await best.time());
  }
  return own < MARGIN * other;
}

/** a batch as training has it */
const ROWS = 16;
const COLUMNS = 32;
/** of one measurement: the card works on the next while the thread prepares it */
const STEPS = 4;
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
  const steps = async (count: number): Promise<void> => {
    const norms = Array.from({ length: count }, step);
    await readNumbers(tf.stack(norms));
    tf.dispose(norms);
  };
  return {
    async time() {
      const began = now();
      await steps(STEPS);
      return (now() - began) / STEPS;
    },
    dispose() {
      for (const owned of [optimizer, network, tokens]) owned.dispose();
    },
  };
}
