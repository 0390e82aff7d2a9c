/**
 * Token vectors plus position vectors, and their gradients: the twin of `model/positions.ts`. A row of a table may be
 * looked up many times; its gradient is summed by the one thread, or team, that owns it, which walks over all tokens of
 * the batch. That reads more than scattering would, and needs no atomics.
 */

import { type GpuLaunch, inLine } from './kernel';
import type { KernelStyle } from './style';
import {
  columnTeam,
  groupsFor,
  mainHead,
  rowTeam,
  teamHead,
  threadsOf,
  totalOf,
  unitHead,
  unitsOf,
  writeGradient,
} from './team';

export interface EmbedSizes {
  width: number;
  vocabSize: number;
  contextLength: number;
  /** factor of the token vectors: √C where positions are fixed waves, else 1 */
  tokenScale?: number;
}

/**
 *   x[b·T + t] = tokenScale · tokenTable[tokens[b,t]] + positionTable[max(t − leftPad[b], 0)]
 * Buffers tokens [B,T] i32, leftPad [B] i32, tokenTable [V,C], positionTable [contextLength,C], out [N,C].
 * Shape rows = N = B·T, length = T. Tokens outside the vocabulary are taken for the nearest inside.
 */
export function embedForward(
  { width, vocabSize, contextLength, tokenScale = 1 }: EmbedSizes,
  style: KernelStyle,
): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: 'embedForward',
      buffers: {
        tokens: { type: 'i32', use: 'read' },
        leftPad: { type: 'i32', use: 'read' },
        tokenTable: { type, use: 'read' },
        positionTable: { type, use: 'read' },
        out: { type, use: 'write' },
      },
      shape: ['rows', 'length'],
      readsStep: false,
      code: `${unitHead(width)}${teamHead(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  if (row >= shape.rows) { return; }
  let token = u32(clamp(tokens[row], 0, ${vocabSize - 1}));
  let position = u32(clamp(i32(row % shape.length) - leftPad[row / shape.length], 0, ${contextLength - 1}));
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) {
    out[row * UNITS + c] = tokenTable[token * UNITS + c]${tokenScale === 1 ? '' : ` * f32(${tokenScale})`} + positionTable[position * UNITS + c];
  }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

export interface TokenTableSizes {
  width: number;
  vocabSize: number;
  /** the language head of the same pass has written its part of the shared table before */
  add: boolean;
  /** as in the forward pass */
  tokenScale?: number;
}

/**
 *   dTable[v] = tokenScale · Σ over rows with token v of dX[row]
 * Buffers dX [N,C], tokens [B,T] i32, out [V,C]. Shape rows = N. Without `add` reads step.accumulate.
 */
export function tokenEmbeddingBackward(
  { width, vocabSize, add, tokenScale = 1 }: TokenTableSizes,
  style: KernelStyle,
): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  const perMember = Math.ceil(count / team.members);
  return {
    kernel: {
      name: add ? 'tokenEmbeddingBackwardAdd' : 'tokenEmbeddingBackward',
      buffers: { dX: { type, use: 'read' }, tokens: { type: 'i32', use: 'read' }, out: { type, use: 'readWrite' } },
      shape: ['rows'],
      readsStep: !add,
      code: `${unitHead(width)}${teamHead(team)}
${mainHead(threadsOf(team))}
  let token = group * TEAMS + teamOf(thread);
  if (token >= ${vocabSize}u) { return; }
  var sums : array<Unit, ${perMember}>;
  for (var row = 0u; row < shape.rows; row++) {
    if (u32(clamp(tokens[row], 0, ${vocabSize - 1})) != token) { continue; }
    for (var i = 0u; i < ${perMember}u; i++) {
      let c = i * MEMBERS + memberOf(thread);
      if (c < UNITS) { sums[i] += dX[row * UNITS + c]; }
    }
  }
  for (var i = 0u; i < ${perMember}u; i++) {
    let c = i * MEMBERS + memberOf(thread);
    if (c >= UNITS) { break; }
    let sum = sums[i]${tokenScale === 1 ? '' : ` * f32(${tokenScale})`};
    ${writeGradient('out[token * UNITS + c]', 'sum', add)}
  }
}`,
    },
    groups: () => inLine(groupsFor(vocabSize, team)),
  };
}

/**
 *   dTable[p] = Σ_b dX[b, p + leftPad[b]];   padding columns say position 0, so row 0 collects them too
 * Buffers dX [N,C], leftPad [B] i32, out [contextLength,C]. Shape batch, length. Reads step.accumulate.
 */
export function positionEmbeddingBackward(
  { width, contextLength }: { width: number; contextLength: number },
  style: KernelStyle,
): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = columnTeam(style);
  const sums = contextLength * count;
  return {
    kernel: {
      name: 'positionEmbeddingBackward',
      buffers: { dX: { type, use: 'read' }, leftPad: { type: 'i32', use: 'read' }, out: { type, use: 'readWrite' } },
      shape: ['batch', 'length'],
      readsStep: true,
      code: `${unitHead(width)}${teamHead(team)}
${totalOf(team, type)}
${mainHead(threadsOf(team))}
  let index = group * TEAMS + teamOf(thread);
  let position = index / UNITS;
  let c = index % UNITS;
  var share = Unit(0.0);
  for (var b = memberOf(thread); b < shape.batch; b += MEMBERS) {
    let padding = u32(max(leftPad[b], 0));
    let last = min(position + padding, shape.length);
    for (var t = select(last, 0u, position == 0u); t <= last && t < shape.length; t++) {
      share += dX[(b * shape.length + t) * UNITS + c];
    }
  }
  let sum = total(share, thread);
  if (index >= ${sums}u || memberOf(thread) > 0u) { return; }
  ${writeGradient('out[index]', 'sum')}
}`,
    },
    groups: () => inLine(groupsFor(sums, team)),
  };
}
