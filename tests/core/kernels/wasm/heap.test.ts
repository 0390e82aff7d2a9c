import { describe, expect, it } from 'vitest';
import { ExecutorError } from '../../../../src/core/kernels/plan/player';
import { Heap } from '../../../../src/core/kernels/wasm/heap';

const PAGE = 65_536;
const heapOf = (pages: number, maximum: number): Heap => new Heap(new WebAssembly.Memory({ initial: pages, maximum }));

describe('the memory of the kernels', () => {
  it('gives blocks that never meet, and never address 0, which stands for no buffer', () => {
    const heap = heapOf(1, 1);
    const blocks = [1, 300, 256, 4].map((bytes) => ({ bytes, address: heap.allocate(bytes) }));
    expect(blocks.every(({ address }) => address > 0 && address % 256 === 0)).toBe(true);
    blocks.forEach(({ address, bytes }, i) => {
      heap.words(address, Math.ceil(bytes / 4)).fill(i + 1);
    });
    blocks.forEach(({ address, bytes }, i) => {
      expect(new Set(heap.words(address, Math.ceil(bytes / 4))), `${bytes} bytes`).toEqual(new Set([i + 1]));
    });
  });

  it('gives what was freed again, neighbours as one', () => {
    const heap = heapOf(1, 1);
    const all = Array.from({ length: 4 }, () => heap.allocate(PAGE / 8));
    expect(() => heap.allocate(PAGE)).toThrow(ExecutorError);
    for (const address of [all[1]!, all[3]!, all[2]!]) heap.free(address);
    expect(heap.allocate((3 * PAGE) / 8)).toBe(all[1]);
    expect(heap.bytes).toBe(PAGE / 2);
  });

  it('grows when it is full, keeps what it holds, and says when there is no more', () => {
    const heap = heapOf(1, 200);
    const first = heap.allocate(1024);
    heap.words(first, 256).fill(7);
    const second = heap.allocate(4 * PAGE);
    heap.words(second, PAGE).fill(8);
    expect(new Set(heap.words(first, 256))).toEqual(new Set([7]));
    expect(() => heap.allocate(300 * PAGE)).toThrow('no room for 19 MB more');
  });

  it('frees a block once', () => {
    const heap = heapOf(1, 1);
    const [first, second] = [heap.allocate(512), heap.allocate(512)];
    heap.free(first);
    heap.free(first);
    expect(heap.allocate(256)).toBe(first);
    expect(heap.allocate(256)).toBe(first + 256);
    expect(heap.allocate(256)).toBe(second + 512);
  });
});
