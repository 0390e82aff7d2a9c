/**
 * What training reads off the logits, the twin of `model/ops/tokenLogprobs.ts`: log-probability of the token that came,
 * entropy of the distribution, and the gradient of both, written over the logits.
 *
 *   tokens    t0 t1 t2 t3 t4        first = 1, count = 3: rows of columns 1 2 3
 *   speaks           2  3  4        the row of a column judges the token of the next
 *
 * Where the logits of all rows would be too many, a dispatch has the rows from `begin` on; so has every buffer but tokens.
 */

import { type GpuLaunch, inLine } from './kernel';
import type { KernelStyle } from './style';
import { groupsFor, largestOf, mainHead, rowTeam, type Team, teamHead, threadsOf, totalOf } from './team';

const SHAPE = ['rows', 'length', 'first', 'count', 'begin'] as const;

/** a row's token and its logits; x(v) = logits / temperature */
const rowHead = (vocabSize: number, team: Team): string => `${teamHead(team)}
const VOCAB = ${vocabSize}u;
fn tokenOf(row : u32) -> u32 {
  let index = shape.begin + row;
  let column = shape.first + 1u + index % shape.count;
  return u32(clamp(tokens[(index / shape.count) * shape.length + column], 0, ${vocabSize - 1}));
}
fn scaled(row : u32, v : u32) -> f32 { return logits[row * VOCAB + v] / step.temperature; }`;

/**
 *   logprob = x_token − log Σ exp x,   entropy = log Σ exp x − Σ π x;   both of x − max x: nothing large cancels
 * Buffers logits [R,V], tokens [B,T] i32, logprobs, entropy, lse [R]: lse = log Σ exp x for the backward pass.
 * Shape rows = R, length = T, first, count, begin; R + begin ≤ B·count, first + count < length. Reads step.temperature.
 */
export function tokenLogprobsForward({ vocabSize }: { vocabSize: number }, style: KernelStyle): GpuLaunch {
  const team = rowTeam(vocabSize, style);
  return {
    kernel: {
      name: 'tokenLogprobsForward',
      buffers: {
        logits: { type: 'f32', use: 'read' },
        tokens: { type: 'i32', use: 'read' },
        logprobs: { type: 'f32', use: 'write' },
        entropy: { type: 'f32', use: 'write' },
        lse: { type: 'f32', use: 'write' },
      },
      shape: SHAPE,
      readsStep: true,
      code: `${rowHead(vocabSize, team)}
${largestOf(team)}
${totalOf(team, 'vec2<f32>')}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  let near = min(row, shape.rows - 1u);
  var top = -3.0e38;
  for (var v = memberOf(thread); v < VOCAB; v += MEMBERS) { top = max(top, scaled(near, v)); }
  top = largest(top, thread);
  var share = vec2<f32>(0.0);
  for (var v = memberOf(thread); v < VOCAB; v += MEMBERS) {
    let x = scaled(near, v) - top;
    share += exp(x) * vec2<f32>(1.0, x);
  }
  let sums = total(share, thread);
  if (row >= shape.rows || memberOf(thread) > 0u) { return; }
  let logSum = log(sums.x);
  logprobs[row] = scaled(row, tokenOf(row)) - top - logSum;
  entropy[row] = logSum - sums.y / sums.x;
  lse[row] = top + logSum;
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

/**
 *   dlogits_v = (dLogprob · ([v = token] − π_v) − dEntropy · π_v (log π_v + entropy)) / temperature
 * Buffers logits [R,V], in place: their gradient afterwards; tokens [B,T] i32; lse, entropy of the forward pass;
 * dLogprobs, dEntropy [R]. Shape and step as in the forward pass.
 */
export function tokenLogprobsBackward({ vocabSize }: { vocabSize: number }, style: KernelStyle): GpuLaunch {
  const team = rowTeam(vocabSize, style);
  return {
    kernel: {
      name: 'tokenLogprobsBackward',
      buffers: {
        logits: { type: 'f32', use: 'readWrite' },
        tokens: { type: 'i32', use: 'read' },
        lse: { type: 'f32', use: 'read' },
        entropy: { type: 'f32', use: 'read' },
        dLogprobs: { type: 'f32', use: 'read' },
        dEntropy: { type: 'f32', use: 'read' },
      },
      shape: SHAPE,
      readsStep: true,
      code: `${rowHead(vocabSize, team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  if (row >= shape.rows) { return; }
  let token = tokenOf(row);
  let dLogprob = dLogprobs[row] / step.temperature;
  let dH = dEntropy[row] / step.temperature;
  for (var v = memberOf(thread); v < VOCAB; v += MEMBERS) {
    let logPi = scaled(row, v) - lse[row];
    let pi = exp(logPi);
    logits[row * VOCAB + v] = dLogprob * (select(0.0, 1.0, v == token) - pi) - dH * pi * (logPi + entropy[row]);
  }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}
