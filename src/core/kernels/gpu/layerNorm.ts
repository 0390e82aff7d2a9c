/**
 * Layer normalisation, the twin of `model/ops/layerNorm.ts`. Behind the last attention of a network only those columns
 * are computed that a head reads, so outputs and gradients have rows of their own:
 *
 *   x [B·length,C]     row b·length + first + g        g < count
 *   out [B·count,C]    row b·count + g
 *
 * An ordinary norm has length = count = 1 and first = 0: row by row.
 *
 * Gain and bias are summed over all rows in two steps of fixed order: each workgroup leaves the sums of `NORM_CHUNK`
 * rows, one later dispatch adds the chunks of all norms of the network.
 */

import type { BufferUse } from '../plan/player';
import { NORM_CHUNK, normChunks } from '../plan/sharing';
import { type GpuLaunch, inLine } from './kernel';
import type { KernelStyle } from './style';
import {
  columnTeam,
  groupsFor,
  mainHead,
  rowTeam,
  teamHead,
  teamOf,
  threadsOf,
  totalOf,
  unitHead,
  unitsOf,
  writeGradient,
} from './team';

/** GPT-2's */
const EPSILON = 1e-5;

/** chunks of one workgroup whose threads never wait */
const LONE_CHUNKS = 4;

/**
 * Buffers x [N,C], gain, bias [C], out [R,C], stats [R] of vec2 (mean, 1/√(variance + ε)): R = rows = B·count.
 * Shape rows, length, first, count.
 */
export function layerNormForward({ width }: { width: number }, style: KernelStyle): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: 'layerNormForward',
      buffers: {
        x: { type, use: 'read' },
        gain: { type, use: 'read' },
        bias: { type, use: 'read' },
        out: { type, use: 'write' },
        stats: { type: 'vec2<f32>', use: 'write' },
      },
      shape: ['rows', 'length', 'first', 'count'],
      readsStep: false,
      code: `${unitHead(width)}${teamHead(team)}
${totalOf(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  let near = min(row, shape.rows - 1u);
  let begin = ((near / shape.count) * shape.length + shape.first + near % shape.count) * UNITS;
  var sum = Unit(0.0);
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) { sum += x[begin + c]; }
  let mean = total(added(sum), thread) / WIDTH;
  var squares = Unit(0.0);
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) {
    let centred = x[begin + c] - mean;
    squares += centred * centred;
  }
  let scale = inverseSqrt(total(added(squares), thread) / WIDTH + ${EPSILON});
  if (row >= shape.rows) { return; }
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) {
    out[row * UNITS + c] = (x[begin + c] - mean) * scale * gain[c] + bias[c];
  }
  if (memberOf(thread) == 0u) { stats[row] = vec2<f32>(mean, scale); }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

/** The residual stream where its norm was taken. Buffers x [N,C], out [R,C]; shape rows = R, length, first, count. */
export function selectRows({ width }: { width: number }, style: KernelStyle): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: 'selectRows',
      buffers: { x: { type, use: 'read' }, out: { type, use: 'write' } },
      shape: ['rows', 'length', 'first', 'count'],
      readsStep: false,
      code: `${unitHead(width)}${teamHead(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  if (row >= shape.rows) { return; }
  let begin = ((row / shape.count) * shape.length + shape.first + row % shape.count) * UNITS;
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) { out[row * UNITS + c] = x[begin + c]; }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

/**
 * A row of all, where its output stands, and where x and dX have it: they have all rows with a residual, else those
 * that were read.
 */
const rowHead = (residual: boolean): string => `
struct Row { at : u32, out : u32, seen : bool }
fn rowAt(n : u32) -> Row {
  let at = min(n, shape.allRows - 1u);
  let column = at % shape.length;
  let seen = n < shape.allRows && column >= shape.first && column < shape.first + shape.count;
  let out = select(0u, (at / shape.length) * shape.count + column - shape.first, seen);
  return Row(${residual ? 'at' : 'out'}, out, seen);
}
fn normalised(row : Row, c : u32) -> Unit {
  return (x[row.at * UNITS + c] - stats[row.out].x) * stats[row.out].y;
}`;

/** dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(variance + ε),   dx̂ = dy · gain;   for the rows of one chunk */
const rowPass = (residual: boolean): string => `
  for (var k = 0u; k < CHUNK; k += TEAMS_PER_CHUNK) {
    let n = chunk * CHUNK + k + team;
    let row = rowAt(n);
    var sums = vec2<f32>(0.0);
    for (var c = member; c < UNITS; c += MEMBERS) {
      let d = dOut[row.out * UNITS + c] * gain[c];
      sums += vec2<f32>(added(d), added(d * normalised(row, c)));
    }
    let means = total(sums, thread) / WIDTH;
    let scale = stats[row.out].y;
    if (${residual ? 'n < shape.allRows' : 'row.seen'}) {
      for (var c = member; c < UNITS; c += MEMBERS) {
        let fresh = (dOut[row.out * UNITS + c] * gain[c] - means.x - normalised(row, c) * means.y) * scale;
        dX[row.at * UNITS + c] = ${residual ? 'select(Unit(0.0), fresh + residual[row.out * UNITS + c], row.seen)' : 'fresh'};
      }
    }
  }`;

/** one thread for each unit of columns, down the rows of the chunk */
const columnPass = (threadsPerChunk: number, worker: string): string => `
  for (var c = ${worker}; c < UNITS; c += ${threadsPerChunk}u) {
    var dGain = Unit(0.0);
    var dBias = Unit(0.0);
    for (var k = 0u; k < CHUNK; k++) {
      let row = rowAt(chunk * CHUNK + k);
      if (row.seen) {
        let d = dOut[row.out * UNITS + c];
        dGain += d * normalised(row, c);
        dBias += d;
      }
    }
    let chunks = (shape.allRows + CHUNK - 1u) / CHUNK;
    let at = (shape.norm * chunks + chunk) * 2u * UNITS + c;
    partials[at] = dGain;
    partials[at + UNITS] = dBias;
  }`;

function backwardCode(width: number, residual: boolean, style: KernelStyle): string {
  const { alone } = style;
  const team = alone ? teamOf(1, LONE_CHUNKS, style) : teamOf(16, NORM_CHUNK, style);
  return `${unitHead(width)}${teamHead(team)}
const CHUNK = ${NORM_CHUNK}u;
const TEAMS_PER_CHUNK = ${alone ? 1 : NORM_CHUNK}u;
${totalOf(team, 'vec2<f32>')}${rowHead(residual)}
${mainHead(threadsOf(team))}
  let chunk = ${alone ? `group * ${LONE_CHUNKS}u + thread` : 'group'};
  let team = ${alone ? '0u' : 'teamOf(thread)'};
  let member = memberOf(thread);
  if (chunk * CHUNK >= shape.allRows) { return; }${rowPass(residual)}${columnPass(alone ? 1 : threadsOf(team), alone ? '0u' : 'thread')}
}`;
}

/**
 * Buffers dOut [R,C], x, stats [R] of vec2, gain [C], with option `residual` a buffer residual [R,C], then dX,
 * partials [norms,normChunks(N),2C]: this norm's part holds the sums for gain, then those for bias, of each chunk of
 * all rows.
 *   residual    x and dX [N,C]: lnBackward(dOut) + residual, the gradient that comes over the skip connection,
 *               and 0 where nobody read
 *   none        x and dX [R,C], of the selected columns alone
 * Shape allRows = N = B·length, length, first, count, norm: index among the partials.
 */
export function layerNormBackward(
  { width, residual }: { width: number; residual: boolean },
  style: KernelStyle,
): GpuLaunch {
  const { type } = unitsOf(width);
  const skip: Record<string, BufferUse> = residual ? { residual: { type, use: 'read' } } : {};
  return {
    kernel: {
      name: 'layerNormBackward',
      buffers: {
        dOut: { type, use: 'read' },
        x: { type, use: 'read' },
        stats: { type: 'vec2<f32>', use: 'read' },
        gain: { type, use: 'read' },
        ...skip,
        dX: { type, use: 'write' },
        partials: { type, use: 'write' },
      },
      shape: ['allRows', 'length', 'first', 'count', 'norm'],
      readsStep: false,
      code: backwardCode(width, residual, style),
    },
    groups: ({ allRows }) => inLine(style.alone ? Math.ceil(normChunks(allRows!) / LONE_CHUNKS) : normChunks(allRows!)),
  };
}

/**
 * Gain and bias of all norms of a network. Buffers partials [norms,chunks,2C]; offsets [norms,2] u32: element of `out`
 * where dGain and dBias begin; out, the flat buffer of all gradients.
 * Shape chunks = normChunks(N). Reads step.accumulate.
 */
export function reduceNorms({ width, norms }: { width: number; norms: number }, style: KernelStyle): GpuLaunch {
  const team = columnTeam(style);
  return {
    kernel: {
      name: 'reduceNorms',
      buffers: {
        partials: { type: 'f32', use: 'read' },
        offsets: { type: 'u32', use: 'read' },
        out: { type: 'f32', use: 'readWrite' },
      },
      shape: ['chunks'],
      readsStep: true,
      code: `${teamHead(team)}
const WIDTH = ${width}u;
const SUMS = ${2 * width * norms}u;
${totalOf(team)}
${mainHead(threadsOf(team))}
  let index = group * TEAMS + teamOf(thread);
  let near = min(index, SUMS - 1u);
  let norm = near / (2u * WIDTH);
  let column = near % (2u * WIDTH);
  var share = 0.0;
  for (var chunk = memberOf(thread); chunk < shape.chunks; chunk += MEMBERS) {
    share += partials[(norm * shape.chunks + chunk) * 2u * WIDTH + column];
  }
  let sum = total(share, thread);
  if (index >= SUMS || memberOf(thread) > 0u) { return; }
  let element = offsets[2u * norm + column / WIDTH] + column % WIDTH;
  ${writeGradient('out[element]', 'sum')}
}`,
    },
    groups: () => inLine(groupsFor(2 * width * norms, team)),
  };
}
