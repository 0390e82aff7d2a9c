/** When a run is saved, and when the page is told to store it. */
import { arithmeticOf, styleOf } from '../core/model/executor';
import type { Driver, RunMemory } from './driver';

/** a visitor may lose this much training: a page that is reloaded has no time to ask for a snapshot */
const STORE_MS = 14_000;
/** and no more than this where a snapshot is quickly made and small */
const LEAST_STORE_MS = 4000;
/** what a disk may be given to write while a run goes on: 0.5 MB a second */
const STORED_BYTES_PER_MS = 500;
/** a snapshot in memory may cost this share of the running time */
const COST_SHARE = 0.05;

export class Snapshots {
  /** the run as it was last saved */
  last: Uint8Array | null = null;
  /** at which it was */
  step = -1;
  private outdated = false;
  private takenAt: number;
  private costMs = 0;
  private toldAt: number;
  private pulledAt: number;

  /** @param now milliseconds, steady */
  constructor(private readonly now: () => number) {
    this.takenAt = this.toldAt = this.pulledAt = now();
  }

  /** the next one differs, even at the same step */
  outdate(): void {
    this.outdated = true;
  }

  /** saves the run unless it stands where it was saved; between two pulls only */
  async take(driver: Driver, memory: RunMemory): Promise<void> {
    if (this.step === driver.step && !this.outdated) return;
    const began = this.now();
    const { network } = driver;
    const bytes = await driver.save({ ...memory, arithmetic: arithmeticOf(network), kernels: styleOf(network) });
    this.last = bytes;
    this.step = driver.step;
    this.outdated = false;
    this.takenAt = this.now();
    this.costMs = this.takenAt - began;
  }

  /**
   * after a pull: whether to save now, and whether the page has to be told, because after the next pull it would be too
   * late
   */
  due(): { save: boolean; tell: boolean } {
    const now = this.now();
    const tell = now + (now - this.pulledAt) - this.toldAt >= this.storeMs;
    this.pulledAt = now;
    return { save: tell || now - this.takenAt > this.costMs / COST_SHARE, tell };
  }

  /** how much training may be lost; as little as what it costs to make and to store a snapshot allows */
  private get storeMs(): number {
    const wanted = Math.max(this.costMs / COST_SHARE, (this.last?.length ?? 0) / STORED_BYTES_PER_MS);
    return Math.min(STORE_MS, Math.max(LEAST_STORE_MS, wanted));
  }

  /** a run that was restored stands where its snapshot was taken */
  restore(bytes: Uint8Array, step: number): void {
    this.last = bytes.slice();
    this.step = step;
  }

  /** a copy for storage; null before the first */
  tell(): { bytes: Uint8Array; step: number } | null {
    if (!this.last) return null;
    this.toldAt = this.now();
    return { bytes: this.last.slice(), step: this.step };
  }

  /** pauses do not count towards the next one */
  rest(): void {
    this.pulledAt = this.now();
  }
}
