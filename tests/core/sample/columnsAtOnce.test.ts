import { describe, expect, it } from 'vitest';
import { columnsAtOnce } from '../../../src/core/sample/generate';

const TINY = 120_000;

describe('a slice of writing', () => {
  it('is eight columns of the usual batches', () => {
    for (const rows of [1, 32, 64, 256]) expect(columnsAtOnce(rows, TINY)).toBe(8);
  });

  it('is longer where more than one core writes', () => {
    expect(columnsAtOnce(32, TINY, 4)).toBe(32);
    expect(columnsAtOnce(64, 1_000_000, 4)).toBe(16);
  });

  it('gets shorter as rows or weights grow, down to one column', () => {
    expect(columnsAtOnce(1024, TINY)).toBe(2);
    expect(columnsAtOnce(64, 1_000_000)).toBe(4);
    expect(columnsAtOnce(1024, 300_000_000)).toBe(1);
  });
});
