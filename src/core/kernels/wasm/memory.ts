/** Memory of the kernels that outlives every plan. */
import type { Memory } from '../plan/player';
import type { Heap } from './heap';

/** Owner of its block. */
export class WasmMemory implements Memory {
  readonly address: number;

  constructor(
    private readonly heap: Heap,
    private readonly bytes: number,
  ) {
    this.address = heap.allocate(bytes);
    this.view().fill(0);
  }

  write(numbers: Float32Array | Int32Array | Uint32Array, at = 0): void {
    this.view().set(new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length), at / 4);
  }

  async read(): Promise<Float32Array<ArrayBuffer>> {
    return this.now();
  }

  now(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.heap.floats(this.address, this.bytes / 4));
  }

  clear(parts: readonly { offset: number; bytes: number }[]): void {
    const view = this.view();
    for (const { offset, bytes } of parts) view.fill(0, offset / 4, (offset + bytes) / 4);
  }

  copyFrom(source: Memory, parts: readonly { from: number; to: number; bytes: number }[]): void {
    const theirs = inHeap(source).view();
    const view = this.view();
    for (const { from, to, bytes } of parts) view.set(theirs.subarray(from / 4, (from + bytes) / 4), to / 4);
  }

  dispose(): void {
    this.heap.free(this.address);
  }

  private view(): Uint32Array<ArrayBufferLike> {
    return this.heap.words(this.address, this.bytes / 4);
  }
}

/** @throws for memory of another player: that is a mistake of ours */
export function inHeap(memory: Memory): WasmMemory {
  if (memory instanceof WasmMemory) return memory;
  throw new Error('memory of another player cannot be used by WebAssembly');
}
