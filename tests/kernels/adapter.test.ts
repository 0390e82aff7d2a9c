import { expect, it } from 'vitest';

it('finds a WebGPU adapter in Node', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
  expect(adapter?.info.vendor).toBeTypeOf('string');
});
