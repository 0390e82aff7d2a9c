/**
 * How long the card itself worked: a pair of timestamps around every compute pass of a stretch of work, tf.js's own
 * passes among them. The numbers are copied to a small buffer and come when they come; nobody waits for them.
 */

/** passes of one stretch; a query set holds 4,096 timestamps at most, whatever the card */
const MOST_PASSES = 2048;
const TIMESTAMP_BYTES = 8;
const NANOSECONDS = 1e6;

type State = 'idle' | 'on' | 'held' | 'reading';

export class PassTimer {
  private readonly queries: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private readonly staging: GPUBuffer;
  private state: State = 'idle';
  private passes = 0;

  /** @param device has the feature timestamp-query */
  constructor(private readonly device: GPUDevice) {
    const size = 2 * MOST_PASSES * TIMESTAMP_BYTES;
    this.queries = device.createQuerySet({ type: 'timestamp', count: 2 * MOST_PASSES });
    this.resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  }

  get isIdle(): boolean {
    return this.state === 'idle';
  }

  /** Passes that begin from now on are timed; goes on after `hold`. */
  run(): void {
    if (this.state === 'idle') this.passes = 0;
    if (this.state !== 'reading') this.state = 'on';
  }

  hold(): void {
    if (this.state === 'on') this.state = 'held';
  }

  /** Ends the stretch; nobody wants to know. */
  drop(): void {
    if (this.state !== 'reading') this.state = 'idle';
  }

  /** @returns what a pass has to be told to be timed; asked once for each pass */
  get timestampWrites(): GPUComputePassTimestampWrites | undefined {
    if (this.state !== 'on' || this.passes++ >= MOST_PASSES) return undefined;
    const first = 2 * (this.passes - 1);
    return { querySet: this.queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
  }

  /**
   * Ends the stretch. Its passes are submitted already.
   * @returns milliseconds of all its passes; null when there were none, or more than can be timed
   */
  async read(): Promise<number | null> {
    const { passes } = this;
    if (passes === 0 || passes > MOST_PASSES) {
      this.state = 'idle';
      return null;
    }
    this.state = 'reading';
    const size = 2 * passes * TIMESTAMP_BYTES;
    const encoder = this.device.createCommandEncoder();
    encoder.resolveQuerySet(this.queries, 0, 2 * passes, this.resolved, 0);
    encoder.copyBufferToBuffer(this.resolved, 0, this.staging, 0, size);
    this.device.queue.submit([encoder.finish()]);
    await this.staging.mapAsync(GPUMapMode.READ, 0, size);
    const total = sumOfPairs(new BigUint64Array(this.staging.getMappedRange(0, size)));
    this.staging.unmap();
    this.state = 'idle';
    return total > 0 ? total : null;
  }
}

/** @param stamps nanoseconds: begin, end, begin, end, …; a card may reset its clock, such a pass is left out */
function sumOfPairs(stamps: BigUint64Array): number {
  let total = 0;
  for (let i = 0; i < stamps.length; i += 2) {
    const took = Number(stamps[i + 1]! - stamps[i]!);
    if (took > 0) total += took;
  }
  return total / NANOSECONDS;
}
