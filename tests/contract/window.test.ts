import { expect, it } from 'vitest';
import { windowOf } from '../../src/contract/window';

const shape = (layers: number, heads: number, width: number, contextLength = 1024) => ({
  ...{ layers, heads, width, contextLength, vocabSize: 500 },
  ...{ positions: 'learned', norm: 'pre', activation: 'gelu', tiedHead: true },
});

it('is the own context of a model whose training fits, and as much of it as half a gigabyte holds of others', () => {
  expect(windowOf(shape(2, 2, 64) as never)).toBe(1024);
  expect(windowOf(shape(2, 2, 64, 48) as never)).toBe(48);
  const [layers, heads, width] = [12, 12, 768];
  const bytes = (T: number) => 4 * 8 * layers * (heads * 2 * T ** 2 + 16 * width * T);
  const T = windowOf(shape(layers, heads, width) as never);
  expect([bytes(T) <= 2 ** 29, bytes(T + 8) > 2 ** 29]).toEqual([true, true]);
});

it('is what was asked for, and never more than the context', () => {
  expect(windowOf(shape(12, 12, 768) as never, 512)).toBe(512);
  expect(windowOf(shape(12, 12, 768, 256) as never, 512)).toBe(256);
  expect(windowOf(shape(2, 2, 64) as never, 1)).toBe(2);
});
