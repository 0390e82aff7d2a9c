/**
 * Draws one token per row, the same token from the same random number as `sample/sampleTokens.ts`. Nothing is sorted:
 * top-k and top-p both ask for the lowest logit that stays, and that is found digit by digit, highest digit first, as
 * radix sort would, counting (top-k) or adding up probability (top-p) above it.
 *
 *   lowest logit with  Σ over larger ones < goal         weight 1, goal k     or   weight e^(z−max), goal p·Σ
 */
import { bufferOf, COLUMN, COUNTER, EOS_ID, numberOf, PAD_ID, SEED, shareOf, TEMPERATURE, TOP_K, TOP_P } from './entry';
import { countOf, gapBefore, originOf } from './live';
import { exp1, exp4 } from './maths';
import { logprobOf } from './tokenHead';
import { filled, largestOf, load4, store4 } from './vectors';

/** of contract/config.ts and core/tensor/logitBounds.ts */
const GREEDY_BELOW: f32 = 1e-3;
const LARGEST: f32 = 1e30;
const TOP_P_ROUNDING: f32 = 1e-6;
const BELOW_ONE: f32 = 1 - 1e-6;
const NEVER: f32 = -3e38;

/** The row in hand, in scratch memory: z = logits / temperature and e^(z − top), then what is being looked for. */
@unmanaged
class Row {
  size: u32;
  /** [V] as they are */
  logits: usize;
  /** [V], later the sums of the weights up to each */
  z: usize;
  /** [V] e^(z − top) */
  weights: usize;
  /** [16] */
  bins: usize;
  top: f32;
  likeliest: u32;
  chosen: u32;
  /** keys from here on stay; of those that tie with it, the first `room` */
  lowest: u32;
  room: u32;
  /** of the edge that was found last: what lies above it */
  above: f32;
}

/**
 * buffers logits [B,V], tokens [B,total], alive [B], mask, logprobs [B,G], list of the texts that go on, or none; numbers
 * vocabSize, batch, total, first, count
 */
export function sampleColumn(entry: usize, step: usize, scratch: usize, thread: u32, threads: u32): void {
  const row = changetype<Row>(scratch);
  row.size = numberOf(entry, 0);
  row.bins = scratch + 64;
  row.z = scratch + 128;
  row.weights = row.z + 4 * ((row.size + 3) & ~3);
  const batch = numberOf(entry, 1);
  const list = bufferOf(entry, 5);
  const texts = countOf(list, batch);
  const end = shareOf(texts, thread + 1, threads);
  for (let index = shareOf(texts, thread, threads); index < end; index++) {
    const text = originOf(list, index);
    if (list != 0) for (let over = gapBefore(list, index); over < text; over++) writePadding(entry, step, over);
    row.logits = bufferOf(entry, 0) + 4 * <usize>index * row.size;
    readRow(row, divisorOf(load<f32>(step, TEMPERATURE)));
    writeToken(entry, step, text, row);
  }
  if (list == 0 || thread + 1 < threads) return;
  for (let over = gapBefore(list, texts); over < batch; over++) writePadding(entry, step, over);
}

/** of a text that is over */
function writePadding(entry: usize, step: usize, index: u32): void {
  const column = load<u32>(step, COLUMN);
  const at = index * numberOf(entry, 4) + column - numberOf(entry, 3);
  store<i32>(bufferOf(entry, 1) + 4 * (index * numberOf(entry, 2) + column), load<i32>(step, PAD_ID));
  store<f32>(bufferOf(entry, 3) + 4 * at, 0);
  store<f32>(bufferOf(entry, 4) + 4 * at, -0.0);
}

@inline
function divisorOf(temperature: f32): f32 {
  return temperature < GREEDY_BELOW ? <f32>1 : temperature;
}

/** what is not a number is the least likely of all */
function readRow(row: Row, divisor: f32): void {
  const size = <i32>row.size;
  const lowest = f32x4.splat(-LARGEST);
  let most = f32x4.splat(NEVER);
  for (let v: i32 = 0; v < size; v += 4) {
    const logit = load4(row.logits + 4 * v, size - v);
    const bounded = f32x4.min(f32x4.max(logit, lowest), f32x4.splat(LARGEST));
    const z = f32x4.div(v128.bitselect(bounded, lowest, f32x4.eq(logit, logit)), f32x4.splat(divisor));
    most = f32x4.max(most, filled(z, size - v, NEVER));
    store4(row.z + 4 * v, z, size - v);
  }
  row.top = largestOf(most);
  row.likeliest = 0;
  while (load<f32>(row.z + 4 * row.likeliest) != row.top) row.likeliest++;
  const top = f32x4.splat(row.top);
  let v: i32 = 0;
  // sixteen a turn, see epilogues.ts
  for (; v + 16 <= size; v += 16) {
    weigh(row, v, top, 4);
    weigh(row, v + 4, top, 4);
    weigh(row, v + 8, top, 4);
    weigh(row, v + 12, top, 4);
  }
  for (; v < size; v += 4) weigh(row, v, top, size - v);
}

@inline
function weigh(row: Row, v: i32, top: v128, count: i32): void {
  store4(row.weights + 4 * v, exp4(f32x4.sub(load4(row.z + 4 * v, count), top)), count);
}

function writeToken(entry: usize, step: usize, index: u32, row: Row): void {
  const column = load<u32>(step, COLUMN);
  const at = index * numberOf(entry, 4) + column - numberOf(entry, 3);
  const isGreedy = load<f32>(step, TEMPERATURE) < GREEDY_BELOW;
  const token = isGreedy ? row.likeliest : draw(row, step, uniform(load<u32>(step, SEED), load<u32>(step, COUNTER) + at));
  const alive = bufferOf(entry, 2) + 4 * index;
  const counts = load<u32>(alive) == 1;
  const inverse = <f32>1 / divisorOf(load<f32>(step, TEMPERATURE));
  store<i32>(bufferOf(entry, 1) + 4 * (index * numberOf(entry, 2) + column), counts ? <i32>token : load<i32>(step, PAD_ID));
  const counted: f32 = counts ? 1 : 0; // a product, as under a mask: also 0 has its sign
  store<f32>(bufferOf(entry, 3) + 4 * at, counted);
  store<f32>(bufferOf(entry, 4) + 4 * at, logprobOf(row.logits, inverse, row.size, token) * counted);
  store<u32>(alive, counts && <i32>token != load<i32>(step, EOS_ID) ? 1 : 0);
}

/** ordered as the numbers are */
@inline
function keyOf(number: f32): u32 {
  const bits = reinterpret<u32>(number == 0 ? <f32>0 : number);
  return bits >= 0x80000000 ? ~bits : bits | 0x80000000;
}

@inline
function keyAt(row: Row, v: u32): u32 {
  return keyOf(load<f32>(row.z + 4 * v));
}

function massFrom(row: Row, lowest: u32): f32 {
  let mass: f32 = 0;
  for (let v: u32 = 0; v < row.size; v++) if (keyAt(row, v) >= lowest) mass += load<f32>(row.weights + 4 * v);
  return mass;
}

/** The lowest key, none below `lowest`, with less than `goal` above it; that goes to `row.above`. */
function edge(row: Row, lowest: u32, goal: f32, counting: bool): u32 {
  let found: u32 = 0;
  row.above = 0;
  for (let shift: u32 = 32; shift > 0; ) {
    shift -= 4;
    memory.fill(row.bins, 0, 64);
    for (let v: u32 = 0; v < row.size; v++) {
      const key = keyAt(row, v);
      if (key < lowest || (<u64>key >> (shift + 4)) != found) continue;
      const bin = row.bins + 4 * ((key >> shift) & 15);
      store<f32>(bin, load<f32>(bin) + (counting ? <f32>1 : load<f32>(row.weights + 4 * v)));
    }
    let above = row.above;
    let digit: u32 = 15;
    for (let d: i32 = 15; d >= 0; d--) {
      const sum = load<f32>(row.bins + 4 * d);
      if (sum > 0 && above < goal) {
        digit = d;
        row.above = above;
      }
      above += sum;
    }
    found = (found << 4) | digit;
  }
  return found;
}

function filter(row: Row, topK: u32, topP: f32): void {
  row.lowest = topK > 0 && topK < row.size ? edge(row, 0, <f32>topK, true) : 0;
  row.room = row.size;
  if (topP >= 1) return;
  const goal = max<f32>((topP - TOP_P_ROUNDING) * massFrom(row, row.lowest), 1e-30);
  row.lowest = edge(row, row.lowest, goal, false);
  const number = reinterpret<f32>(row.lowest >= 0x80000000 ? row.lowest & 0x7fffffff : ~row.lowest);
  const weight = exp1(number - row.top);
  row.room = 0;
  for (let mass = row.above; row.room < row.size && (row.room == 0 || mass < goal); mass += weight) row.room++;
}

/** Inverts the distribution function: the first token whose cumulated weight passes the number. */
function draw(row: Row, step: usize, number: f32): u32 {
  filter(row, load<u32>(step, TOP_K), load<f32>(step, TOP_P));
  if (row.lowest == 0) return drawFromAll(row, number);
  const goal = number * cumulate(row, Infinity) * BELOW_ONE;
  cumulate(row, goal);
  return row.chosen;
}

/** The same where all tokens stay: their weights are added up once, and the place is found among the sums. */
function drawFromAll(row: Row, number: f32): u32 {
  let sum: f32 = 0;
  for (let v: u32 = 0; v < row.size; v++) {
    sum += load<f32>(row.weights + 4 * v);
    store<f32>(row.z + 4 * v, sum);
  }
  const goal = number * sum * BELOW_ONE;
  let low: u32 = 0;
  let high = row.size - 1;
  while (low < high) {
    const middle = (low + high) / 2;
    if (load<f32>(row.z + 4 * middle) > goal) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @returns Σ of the weights that stay; `row.chosen` becomes the one with which it passes `goal` */
function cumulate(row: Row, goal: f32): f32 {
  let sum: f32 = 0;
  let ties: u32 = 0;
  for (let v: u32 = 0; v < row.size; v++) {
    const key = keyAt(row, v);
    if (key < row.lowest) continue;
    if (key == row.lowest && ++ties > row.room) continue;
    const weight = load<f32>(row.weights + 4 * v);
    if (weight <= 0) continue;
    sum += weight;
    row.chosen = v;
    if (sum > goal) break;
  }
  return sum;
}

function hash32(input: u32): u32 {
  let x = input;
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

/** number `counter` of the stream `key` of tensor/random.ts, for counters below 2³²; in [0, 1), 24 bits */
function uniform(key: u32, counter: u32): f32 {
  const bits = hash32(hash32(counter ^ key) + hash32(key << 1) + key);
  return <f32>(bits >> 8) / 16777216;
}
