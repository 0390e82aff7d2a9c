/** Reductions over the outer axis and layer normalisation, one pass each. */
import { defineHostKernel, type HostArray } from './hostKernel';

/** inputs: rows [N,C], one [1] → [C], Σ over rows */
export const columnSums = defineHostKernel<Record<never, never>>({
  name: 'LabColumnSums',
  outputs: ([rows]) => [[rows![1]!]],
  compute: ([rows, one], [sums], [shape], _, math) => {
    const [count, size] = shape as [number, number];
    math.weighRows(sums!, 0, one as Float32Array, 0, 0, rows as Float32Array, 0, size, count, size);
  },
});

function meanOf(x: HostArray, from: number, size: number): number {
  let sum = 0;
  for (let c = from; c < from + size; c++) sum += x[c]!;
  return sum / size;
}

function varianceOf(x: HostArray, from: number, size: number, mean: number): number {
  let sum = 0;
  for (let c = from; c < from + size; c++) sum += (x[c]! - mean) ** 2;
  return sum / size;
}

/** inputs: x [N,C], gain [C], bias [C] → y [N,C], normalised [N,C], scale [N,1] */
export const layerNormForward = defineHostKernel<{ epsilon: number }>({
  name: 'LabLayerNormForward',
  outputs: ([x]) => [[...x!], [...x!], [x![0]!, 1]],
  compute: ([x, gain, bias], [y, normalised, scales], [shape], { epsilon }) => {
    const [count, size] = shape as [number, number];
    for (let n = 0; n < count; n++) {
      const from = n * size;
      const mean = meanOf(x!, from, size);
      const scale = 1 / Math.sqrt(varianceOf(x!, from, size, mean) + epsilon);
      scales![n] = scale;
      for (let c = 0; c < size; c++) {
        const value = (x![from + c]! - mean) * scale;
        normalised![from + c] = value;
        y![from + c] = value * gain![c]! + bias![c]!;
      }
    }
  },
});

/** inputs: dy [N,C], normalised [N,C], scale [N,1], gain [C] → dx [N,C], dGain [C], dBias [C] */
export const layerNormBackward = defineHostKernel<Record<never, never>>({
  name: 'LabLayerNormBackward',
  outputs: ([dy]) => [[...dy!], [dy![1]!], [dy![1]!]],
  compute: ([dy, normalised, scales, gain], [dx, dGain, dBias], [shape]) => {
    const [count, size] = shape as [number, number];
    dGain!.fill(0);
    dBias!.fill(0);
    for (let n = 0; n < count; n++) {
      const from = n * size;
      let mean = 0; // of dy·gain
      let along = 0; // of dy·gain·normalised
      for (let c = 0; c < size; c++) {
        const slope = dy![from + c]!;
        const value = normalised![from + c]!;
        dGain![c]! += slope * value;
        dBias![c]! += slope;
        mean += slope * gain![c]!;
        along += slope * gain![c]! * value;
      }
      mean /= size;
      along /= size;
      for (let c = 0; c < size; c++)
        dx![from + c] = (dy![from + c]! * gain![c]! - mean - normalised![from + c]! * along) * scales![n]!;
    }
  },
});
