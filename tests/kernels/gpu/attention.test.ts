import { beforeAll, describe, expect, it } from 'vitest';
import { attentionForward, attentionMaps } from '../../../src/core/kernels/gpu/attention';
import { attentionBackward } from '../../../src/core/kernels/gpu/attentionBackward';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { startBackend } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, runKernel, SOLITARY, unwritten } from './runKernel';

interface Case {
  batch: number;
  length: number;
  heads: number;
  size: number;
  leftPad: number[];
}
const CASES: Case[] = [
  { batch: 1, length: 1, heads: 1, size: 8, leftPad: [0] },
  { batch: 2, length: 7, heads: 2, size: 6, leftPad: [0, 3] },
  { batch: 3, length: 16, heads: 1, size: 16, leftPad: [0, 7, 16] },
  { batch: 2, length: 19, heads: 3, size: 8, leftPad: [17, 1] },
  { batch: 1, length: 18, heads: 1, size: 64, leftPad: [2] },
  { batch: 1, length: 33, heads: 1, size: 9, leftPad: [0] },
  { batch: 1, length: 10, heads: 1, size: 128, leftPad: [0] },
];

/** The definition: rows of weights, sums over what is seen. */
class Plain {
  readonly width: number;
  readonly qkv: Float32Array;
  readonly dOut: Float32Array;
  readonly rows: number;

  constructor(readonly at: Case) {
    this.width = at.heads * at.size;
    this.rows = at.batch * at.length;
    this.qkv = filled(this.rows * 3 * this.width).map((x) => 4 * x);
    this.dOut = filled(this.rows * this.width, 3);
  }

  /** part 0, 1, 2: query, key, value */
  vector(b: number, t: number, head: number, part: number): number[] {
    const from = (b * this.at.length + t) * 3 * this.width + part * this.width + head * this.at.size;
    return [...this.qkv.subarray(from, from + this.at.size)];
  }

  dOutOf(b: number, t: number, head: number): number[] {
    const from = (b * this.at.length + t) * this.width + head * this.at.size;
    return [...this.dOut.subarray(from, from + this.at.size)];
  }

  /** [T,T] and the log-sum-exp of each row */
  weights(b: number, head: number): { weights: number[][]; lse: number[] } {
    const { length, size, leftPad } = this.at;
    const lse: number[] = [];
    const weights = Array.from({ length }, (_, i) => {
      const scores = Array.from({ length }, (_, j) =>
        j <= i && (j >= leftPad[b]! || j === i)
          ? dot(this.vector(b, i, head, 0), this.vector(b, j, head, 1)) / Math.sqrt(size)
          : Number.NEGATIVE_INFINITY,
      );
      const total = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));
      lse.push(total);
      return scores.map((score) => Math.exp(score - total));
    });
    return { weights, lse };
  }

  forward(): { out: Float32Array; lse: Float32Array } {
    const { heads, length, size } = this.at;
    const out = new Float32Array(this.rows * this.width);
    const lses = new Float32Array(this.rows * heads);
    this.each((b, head) => {
      const { weights, lse } = this.weights(b, head);
      for (let i = 0; i < length; i++) {
        const n = b * length + i;
        lses[n * heads + head] = lse[i]!;
        for (let j = 0; j < length; j++)
          this.vector(b, j, head, 2).forEach((value, d) => {
            out[n * this.width + head * size + d]! += weights[i]![j]! * value;
          });
      }
    });
    return { out, lse: lses };
  }

  backward(): Float32Array {
    const { length, size } = this.at;
    const dQkv = new Float32Array(this.rows * 3 * this.width);
    this.each((b, head) => {
      const { weights } = this.weights(b, head);
      const add = (t: number, part: number, factor: number, vector: number[]): void =>
        vector.forEach((x, d) => {
          dQkv[(b * length + t) * 3 * this.width + part * this.width + head * size + d]! += factor * x;
        });
      for (let i = 0; i < length; i++) {
        const dOut = this.dOutOf(b, i, head);
        const dWeights = weights.map((_, j) => dot(dOut, this.vector(b, j, head, 2)));
        const mean = dot(weights[i]!, dWeights);
        for (let j = 0; j < length; j++) {
          const weight = weights[i]![j]!;
          const dScore = (weight * (dWeights[j]! - mean)) / Math.sqrt(size);
          add(i, 0, dScore, this.vector(b, j, head, 1));
          add(j, 1, dScore, this.vector(b, i, head, 0));
          add(j, 2, weight, dOut);
        }
      }
    });
    return dQkv;
  }

  private each(visit: (b: number, head: number) => void): void {
    for (let b = 0; b < this.at.batch; b++) for (let head = 0; head < this.at.heads; head++) visit(b, head);
  }
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

describe.each([COOPERATIVE, SOLITARY])('$name attention', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  it.each(CASES)('equals the definition: $batch × $length, $heads heads of $size, padding $leftPad', async (at) => {
    const plain = new Plain(at);
    const { out, lse } = await runKernel(gpu, {
      launch: attentionForward({ heads: at.heads, width: plain.width }, style),
      buffers: {
        qkv: plain.qkv,
        leftPad: Int32Array.from(at.leftPad),
        out: unwritten(plain.rows * plain.width),
        lse: unwritten(plain.rows * at.heads),
      },
      shape: { batch: at.batch, length: at.length },
    });
    const expected = plain.forward();
    expectClose(out!, expected.out, 1e-5, 'out');
    expectClose(lse!, expected.lse, 1e-5, 'lse');
  });

  it.each(CASES)(
    'has the gradient of the definition: $batch × $length, $heads heads of $size, padding $leftPad',
    async (at) => {
      const plain = new Plain(at);
      const run = () =>
        runKernel(gpu, {
          launch: attentionBackward({ heads: at.heads, width: plain.width }, style),
          buffers: {
            qkv: plain.qkv,
            ...plain.forward(),
            dOut: plain.dOut,
            leftPad: Int32Array.from(at.leftPad),
            dQkv: unwritten(plain.rows * 3 * plain.width),
          },
          shape: { batch: at.batch, length: at.length },
        });
      const { dQkv } = await run();
      expectClose(dQkv!, plain.backward(), 1e-5, 'dQkv');
      expect((await run()).dQkv).toEqual(dQkv);
    },
  );
});

describe('attention maps', () => {
  it('shows the weights of row 0, 0 where nothing is seen', async () => {
    await startBackend('webgpu');
    const at = { batch: 2, length: 5, heads: 2, size: 6, leftPad: [2, 0] };
    const plain = new Plain(at);
    const { maps } = await runKernel(currentGpu()!, {
      launch: attentionMaps({ heads: 2, width: 12 }),
      buffers: {
        qkv: plain.qkv,
        lse: plain.forward().lse,
        leftPad: Int32Array.from(at.leftPad),
        maps: unwritten(2 * 5 * 5),
      },
      shape: { length: 5 },
    });
    const expected = [0, 1].flatMap((head) => plain.weights(0, head).weights.flat());
    expectClose(maps!, expected, 1e-5, 'maps');
    expect(maps![1]).toBe(0);
    expect(maps![2 * 5 + 1]).toBe(0);
  });
});
