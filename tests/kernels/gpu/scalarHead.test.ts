import { beforeAll, describe, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { scalarBackward, scalarForward, scalarWeightBackward } from '../../../src/core/kernels/gpu/scalarHead';
import { startBackend } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, runKernel, SOLITARY, SUBGROUPS, unwritten } from './runKernel';

const cases = [
  { rows: 1, width: 5 },
  { rows: 21, width: 12 },
  { rows: 70, width: 32 },
];

describe.each([COOPERATIVE, SUBGROUPS, SOLITARY])('scalar head kernels, $name', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  it.each(cases)('reads one number per row: %o', async ({ rows, width }) => {
    const [hidden, weight] = [filled(rows * width), filled(width, 1)];
    const { out } = await runKernel(gpu, {
      launch: scalarForward({ width }, style),
      buffers: { hidden, weight, bias: Float32Array.of(0.25), out: unwritten(rows) },
      shape: { rows },
    });
    const expected = Array.from({ length: rows }, (_, r) =>
      weight.reduce((sum, w, c) => sum + w * hidden[r * width + c]!, 0.25),
    );
    expectClose(out!, expected, 1e-5, 'out');
  });

  it.each(cases)('sends its gradient to the hidden states: %o', async ({ rows, width }) => {
    const [dOut, weight, before] = [filled(rows), filled(width, 1), filled(rows * width, 2)];
    const run = (add: boolean, dHidden: Float32Array) =>
      runKernel(gpu, {
        launch: scalarBackward({ width, add }, style),
        buffers: { dOut, weight, dHidden },
        shape: { rows },
      });
    const expected = Array.from({ length: rows * width }, (_, i) => dOut[Math.floor(i / width)]! * weight[i % width]!);
    expectClose((await run(false, unwritten(rows * width))).dHidden!, expected, 1e-6, 'replaced');
    const above = expected.map((value, i) => value + before[i]!);
    expectClose((await run(true, before)).dHidden!, above, 1e-6, 'added');
  });

  it.each(cases)('sends its gradient to weight and bias: %o', async ({ rows, width }) => {
    const [dOut, hidden] = [filled(rows), filled(rows * width, 1)];
    const run = (dWeight: Float32Array, dBias: Float32Array, accumulate: number) =>
      runKernel(gpu, {
        launch: scalarWeightBackward({ width }, style),
        buffers: { dOut, hidden, dWeight, dBias },
        shape: { rows },
        step: { accumulate },
      });
    const expected = Array.from({ length: width }, (_, c) =>
      dOut.reduce((sum, d, r) => sum + d * hidden[r * width + c]!, 0),
    );
    const bias = dOut.reduce((sum, d) => sum + d, 0);
    const fresh = await run(unwritten(width), unwritten(1), 0);
    expectClose(fresh.dWeight!, expected, 1e-5, 'dWeight');
    expectClose(fresh.dBias!, [bias], 1e-5, 'dBias');
    const more = await run(new Float32Array(width).fill(3), Float32Array.of(4), 1);
    expectClose(
      more.dWeight!,
      expected.map((value) => value + 3),
      1e-5,
      'dWeight accumulated',
    );
    expectClose(more.dBias!, [bias + 4], 1e-5, 'dBias accumulated');
  });
});
