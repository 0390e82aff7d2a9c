/**
 * Seeded random numbers, forked per purpose (data, sampling, initialisation), so that drawing one more sample does not
 * shift the order of the data. Who forks by purpose and step has nothing to remember: a stored run goes on to the same
 * stream.
 *
 * The generator is counter-based: number i of a stream is a hash of (key, i), here the 32-bit finaliser `lowbias32`
 * found by Chris Wellons' hash prospector, applied twice.
 */
import { cosine, naturalLog } from './exact';

/** with which another generator of the same kind, on a card, goes on */
export interface RandomState {
  key: number;
  counter: number;
}

const hash32 = (input: number): number => {
  let x = input >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
};

/** FNV-1a over the UTF-16 code units of a purpose's name. */
const hashName = (name: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};

export class Random {
  private counter = 0;
  private constructor(private readonly key: number) {}

  static fromSeed(seed: number): Random {
    return new Random(hash32((seed | 0) ^ 0x9e3779b9));
  }

  get state(): RandomState {
    return { key: this.key, counter: this.counter };
  }

  /** an independent stream; forking the same purpose twice gives the same stream */
  fork(purpose: string): Random {
    return new Random(hash32(this.key ^ hash32(hashName(purpose))));
  }

  /** uniform 32-bit integer */
  nextUint32(): number {
    const low = this.counter >>> 0;
    const high = Math.floor(this.counter / 2 ** 32) >>> 0;
    this.counter++;
    return hash32(hash32(low ^ this.key) + hash32(high ^ (this.key << 1)) + this.key);
  }

  /** leaves out the next `count` numbers, which somebody else has drawn */
  skip(count: number): void {
    this.counter += count;
  }

  /** uniform in [0, 1), 24 bits, exact in float32 */
  next(): number {
    return (this.nextUint32() >>> 8) / 2 ** 24;
  }

  /** uniform integer in [0, bound) */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** standard normal (Box and Muller 1958) */
  normal(): number {
    const radius = Math.sqrt(-2 * naturalLog(1 - this.next()));
    return radius * cosine(2 * Math.PI * this.next());
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('pick from an empty list');
    return items[this.integer(items.length)] as T;
  }

  /** Fisher and Yates, in place */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }
}
