import { expect, it } from 'vitest';
import { kernelBytes } from '../build/kernels';

it('compiles a module of kernels once where two parts of a build ask for it at the same time', async () => {
  const [first, second] = [kernelBytes('player'), kernelBytes('player')];
  expect(second).toBe(first);
  expect(WebAssembly.validate(await first)).toBe(true);
});
