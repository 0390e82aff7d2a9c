/**
 * The memory of the kernels, dealt out in blocks. It may grow at any block, and views that were taken before then point
 * nowhere: so no view is kept across a call.
 */
import { aligned } from '../plan/arena';
import { ExecutorError } from '../plan/player';

const PAGE = 65_536;
/** grows by at least so many pages, 4 MiB */
const STRETCH = 64;
/** address 0 stands for no buffer */
const FIRST = 256;

interface Gap {
  from: number;
  to: number;
}

export class Heap {
  /** in rising order; two never touch */
  private gaps: Gap[];
  private readonly sizes = new Map<number, number>();

  constructor(readonly memory: WebAssembly.Memory) {
    this.gaps = [{ from: FIRST, to: memory.buffer.byteLength }];
  }

  /** bytes that are dealt out */
  get bytes(): number {
    return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /**
   * @returns the address of so many bytes, a multiple of 256; what they hold is not said
   * @throws ExecutorError when there is no more memory
   */
  allocate(bytes: number): number {
    const size = aligned(Math.max(1, bytes));
    const gap = this.gaps.find(({ from, to }) => to - from >= size) ?? this.grow(size);
    const address = gap.from;
    gap.from += size;
    this.gaps = this.gaps.filter(({ from, to }) => from < to);
    this.sizes.set(address, size);
    return address;
  }

  free(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) return;
    this.sizes.delete(address);
    this.give({ from: address, to: address + size });
  }

  floats(address: number, count: number): Float32Array<ArrayBufferLike> {
    return new Float32Array(this.memory.buffer, address, count);
  }

  words(address: number, count: number): Uint32Array<ArrayBufferLike> {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  integers(address: number, count: number): Int32Array<ArrayBufferLike> {
    return new Int32Array(this.memory.buffer, address, count);
  }

  private grow(size: number): Gap {
    const before = this.memory.buffer.byteLength;
    try {
      this.memory.grow(Math.max(STRETCH, Math.ceil(size / PAGE)));
    } catch {
      throw new ExecutorError(`WebAssembly has no room for ${Math.ceil(size / 2 ** 20)} MB more`);
    }
    this.give({ from: before, to: this.memory.buffer.byteLength });
    return this.gaps.at(-1)!;
  }

  private give(freed: Gap): void {
    const apart = this.gaps.filter(({ from, to }) => to < freed.from || from > freed.to);
    const touching = this.gaps.filter(({ from, to }) => to >= freed.from && from <= freed.to);
    const whole = touching.reduce(
      (sum, { from, to }) => ({ from: Math.min(sum.from, from), to: Math.max(sum.to, to) }),
      freed,
    );
    this.gaps = [...apart, whole].sort((a, b) => a.from - b.from);
  }
}
