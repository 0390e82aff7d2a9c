/**
 * Reading one column of all rows at a time. Keys and values of earlier columns never change, so they are kept: the
 * cache of a layer is the packed [q | k | v] of every column there will be, laid out as in training with `total`
 * columns to a row.
 *
 *   cache row b    ░░ ░░ kv kv kv │ kv ··  ··       column leftPad[b] … step.column is looked at
 *                  padding  prompt│ ↑ written now
 *
 * The number of the column is `step.column`, so that one recorded dispatch serves them all.
 */

import { range, reader, writer } from './attentionBlocks';
import { type HeadShape, headLayout, reads, writes } from './headLayout';
import { type GpuLaunch, inLine } from './kernel';
import type { KernelStyle } from './style';
import { groupsFor, mainHead, rowTeam, teamHead, threadsOf, unitHead, unitsOf } from './team';

export interface DecodeSizes {
  width: number;
  /** factor of the token vectors: √C where positions are fixed waves, else 1 */
  tokenScale?: number;
}

/**
 *   x[b] = tokenScale · tokenTable[tokens[b,column]] + positionTable[max(column − leftPad[b], 0)]
 * buffers: tokens [B,total], leftPad [B], tokenTable [V,C], positionTable [·,C], out [B,C]
 * shape: batch, total; reads step.column
 */
export function decodeEmbed({ width, tokenScale = 1 }: DecodeSizes, style: KernelStyle): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: 'decode embed',
      buffers: {
        tokens: reads('i32'),
        leftPad: reads('i32'),
        tokenTable: reads(type),
        positionTable: reads(type),
        out: writes(type),
      },
      shape: ['batch', 'total'],
      readsStep: true,
      code: `${unitHead(width)}${teamHead(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  if (row >= shape.batch) { return; }
  let token = u32(tokens[row * shape.total + step.column]);
  let position = u32(max(i32(step.column) - leftPad[row], 0));
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) {
    out[row * UNITS + c] = tokenTable[token * UNITS + c] * f32(${tokenScale}) + positionTable[position * UNITS + c];
  }
}`,
    },
    groups: ({ batch }) => inLine(groupsFor(batch!, team)),
  };
}

/**
 * Puts a prompt's columns into the cache.
 *
 * buffers: qkv [B·P,3C], cache [B,total,3C]
 * shape: rows = B·P, length = P, total
 */
export function storeColumns({ width }: { width: number }, style: KernelStyle): GpuLaunch {
  const { type, count } = unitsOf(3 * width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: 'store columns',
      buffers: { qkv: reads(type), cache: writes(type) },
      shape: ['rows', 'length', 'total'],
      readsStep: false,
      code: `${unitHead(3 * width)}${teamHead(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  if (row >= shape.rows) { return; }
  let to = row / shape.length * shape.total + row % shape.length;
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) { cache[to * UNITS + c] = qkv[row * UNITS + c]; }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

/**
 * A team looks at as many columns at once as it has threads, one score each, then shares out the numbers of the head.
 * What is written in this dispatch is read from where it came from, not from the cache.
 */
const cooperative = (threads: number): string => `
fn store(b : u32, offset : u32) {
  let to = (b * shape.total + step.column) * 3u * ROW + offset;
  cache[to + ROW] = qkv[b * 3u * ROW + ROW + offset];
  cache[to + 2u * ROW] = qkv[b * 3u * ROW + 2u * ROW + offset];
}
fn columnUnit(b : u32, column : u32, offset : u32) -> Unit {
  if (column == step.column) { return qkv[b * 3u * ROW + offset]; }
  return cache[(b * shape.total + column) * 3u * ROW + offset];
}
const THREADS = ${threads}u;
const PARTS = THREADS / UNITS;
var<workgroup> weights : array<f32, THREADS>;
var<workgroup> shares : array<Unit, THREADS>;
var<workgroup> padding : u32;
${mainHead(threads)}
  if (group >= shape.batch * HEADS) { return; }
  let b = group / HEADS;
  let offset = group % HEADS * UNITS;
  if (thread < UNITS) { store(b, offset + thread); }
  if (thread == 0u) { padding = u32(leftPad[b]); }
  let pad = workgroupUniformLoad(&padding);
  let unit = thread % UNITS;
  var top = NEVER;
  var mass = 0.0;
  var sum = Unit();
  for (var first = min(pad, step.column); first <= step.column; first += THREADS) {
    let count = min(THREADS, step.column + 1u - first);
    var score = NEVER;
    if (thread < count) {
      score = 0.0;
      for (var u = 0u; u < UNITS; u++) {
        score += product(qkv[b * 3u * ROW + offset + u], columnUnit(b, first + thread, ROW + offset + u));
      }
      score *= SCALE;
    }
    weights[thread] = score;
    workgroupBarrier();
    let last = top;
    for (var k = 0u; k < count; k++) { top = max(top, weights[k]); }
    workgroupBarrier();
    weights[thread] = exp(score - top);
    workgroupBarrier();
    mass *= exp(last - top);
    sum *= exp(last - top);
    for (var k = 0u; k < count; k++) { mass += weights[k]; }
    for (var k = thread / UNITS; k < count && thread < PARTS * UNITS; k += PARTS) {
      sum += weights[k] * columnUnit(b, first + k, 2u * ROW + offset + unit);
    }
    workgroupBarrier();
  }
  shares[thread] = sum;
  workgroupBarrier();
  if (thread >= UNITS) { return; }
  for (var p = 1u; p < PARTS; p++) { sum += shares[p * UNITS + thread]; }
  out[b * ROW + offset + thread] = sum / mass;
}`;

const SOLITARY_THREADS = 4;

/** One thread for each head, its vectors in registers; the column itself is where the sums begin. */
function solitary({ heads, width }: HeadShape): string {
  const size = width / heads;
  const unit = (line: (u: number) => string): string =>
    range(Math.ceil(size / 4))
      .map(line)
      .join('\n  ');
  return `
alias Four = vec4<f32>;
const HEADS = ${heads}u;
const SIZE = ${size}u;
const WIDTH = ${width}u;
${reader('qkv', size)}${reader('cache', size)}${writer('cache', size)}${writer('out', size)}
${mainHead(SOLITARY_THREADS)}
  let index = group * ${SOLITARY_THREADS}u + thread;
  let b = index / HEADS;
  if (b >= shape.batch) { return; }
  let offset = index % HEADS * SIZE;
  let own = b * 3u * WIDTH + offset;
  let line = b * shape.total * 3u * WIDTH + offset;
  let now = line + step.column * 3u * WIDTH;
  var top = 0.0;
  var mass = 1.0;
  ${unit(
    (u) => `let q${u} = qkvFour(own, ${4 * u}u) * f32(${1 / Math.sqrt(size)});
  let k${u} = qkvFour(own + WIDTH, ${4 * u}u);
  var o${u} = qkvFour(own + 2u * WIDTH, ${4 * u}u);
  top += dot(q${u}, k${u});
  write_cache(now + WIDTH, ${4 * u}u, k${u});
  write_cache(now + 2u * WIDTH, ${4 * u}u, o${u});`,
  )}
  for (var key = line + (3u * min(u32(leftPad[b]), step.column) + 1u) * WIDTH; key < now; key += 3u * WIDTH) {
    var score = 0.0;
    ${unit((u) => `score += dot(q${u}, cacheFour(key, ${4 * u}u));`)}
    let last = top;
    top = max(top, score);
    let fade = exp(last - top);
    let weight = exp(score - top);
    mass = mass * fade + weight;
    ${unit((u) => `o${u} = o${u} * fade + weight * cacheFour(key + WIDTH, ${4 * u}u);`)}
  }
  ${unit((u) => `write_out(b * WIDTH + offset, ${4 * u}u, o${u} / mass);`)}
}`;
}

/**
 * Attention of one column to itself and the columns before it; also puts its keys and values into the cache.
 *
 * buffers: qkv [B,3C] of this column, cache [B,total,3C], leftPad [B], out [B,C]
 * shape: batch, total; reads step.column
 */
export function decodeAttention(shape: HeadShape, style: KernelStyle): GpuLaunch {
  const { type, units, wgsl } = headLayout(shape);
  const isCooperative = !style.alone;
  return {
    kernel: {
      name: 'decode attention',
      buffers: { qkv: reads(type), cache: { type, use: 'readWrite' }, leftPad: reads('i32'), out: writes(type) },
      shape: ['batch', 'total'],
      readsStep: true,
      code: isCooperative ? wgsl + cooperative(units > 64 ? 128 : 64) : solitary(shape),
    },
    groups: ({ batch }) => inLine(Math.ceil((batch! * shape.heads) / (isCooperative ? 1 : SOLITARY_THREADS))),
  };
}
