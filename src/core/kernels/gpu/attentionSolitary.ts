/**
 * Attention for an emulated GPU, where a read costs as much as many multiplications: a thread owns several queries (or
 * keys) and holds them in registers, four to a matrix, so that a number it reads serves all of them, and the products
 * are those of 4 × 4 matrices. A matrix of vectors has one vector's four numbers in each column:
 *
 *   s = kᵀ·q      column r: the scores of query r with four keys
 *   o += v·p      column r: four numbers of the output of query r
 *
 * Products over the units of a head are written out, because an array with a running index is as slow as a buffer;
 * reads are not, because each line that reads takes long to compile.
 */
import {
  begin,
  each,
  eachBlock,
  head,
  ROWS,
  range,
  reader,
  type Solitary,
  solitary,
  unitsOf,
  vectors,
  writeAll,
  writer,
} from './attentionBlocks';
import type { HeadShape } from './headLayout';

const FORWARD_BLOCKS = 2;

export function solitaryForward(shape: HeadShape): Solitary {
  const size = shape.width / shape.heads;
  const [units, blocks] = [unitsOf(shape), FORWARD_BLOCKS];
  const code = `${head(shape, blocks)}${reader('qkv', size)}${writer('out', size)}${ROWS}
fn offsetOf_out(n : u32) -> u32 { return n * WIDTH; }
fn weigh(scores : Block, i : u32, j : u32, pad : u32, top : ptr<function, Four>, mass : ptr<function, Four>, fade : ptr<function, Four>) -> Block {
  ${eachBlock(4, (r) => `let seen${r} = sees(vec4<u32>(i + ${r}u), next(j), pad);\n  let z${r} = select(Four(NEVER), scores[${r}], seen${r});`)}
  let last = *top;
  *top = max(last, Four(${range(4)
    .map((r) => `max(max(z${r}.x, z${r}.y), max(z${r}.z, z${r}.w))`)
    .join(', ')}));
  *fade = exp(last - *top);
  ${eachBlock(4, (r) => `let p${r} = select(Four(), exp(z${r} - (*top)[${r}]), seen${r});`)}
  *mass = *mass * *fade + Four(${range(4)
    .map((r) => `dot(p${r}, Four(1.0))`)
    .join(', ')});
  return Block(p0, p1, p2, p3);
}
fn faded(sums : Block, fade : Four) -> Block { return Block(sums[0] * fade.x, sums[1] * fade.y, sums[2] * fade.z, sums[3] * fade.w); }
${begin(1)}
  ${eachBlock(blocks, (c) => `var top${c} = Four(NEVER);\n  var mass${c} = Four();\n  var fade${c} = Four();`)}
  var queries : array<Block, ${blocks * units}>;
  for (var e = 0u; e < ${4 * blocks * units}u; e++) {
    let i = min(first + e / ${4 * units}u * 4u + e % 4u, shape.length - 1u);
    queries[e / 4u][e % 4u] = SCALE * qkvFour((start + i) * 3u * WIDTH + column, e / 4u % ${units}u * 4u);
  }
  ${each(blocks, units, (c, u) => `let q${c}_${u} = queries[${c * units + u}];\n  var o${c}_${u} = Block();`)}
  var tile : array<Block, ${units}>;
  for (var j = min(pad, first) / 4u * 4u; j < min(first + OWNED, shape.length); j += 4u) {
    let keys = (rowsOf(start, j) * 3u + 1u) * WIDTH + column;
    ${eachBlock(blocks, (c) => `var s${c} = Block();`)}
    for (var e = 0u; e < ${4 * units}u; e++) { tile[e / 4u][e % 4u] = qkvFour(keys[e % 4u], e / 4u * 4u); }
    ${range(units)
      .map((u) => `let k${u} = transpose(tile[${u}]);\n    ${eachBlock(blocks, (c) => `s${c} += k${u} * q${c}_${u};`)}`)
      .join('\n    ')}
    for (var e = 0u; e < ${4 * units}u; e++) { tile[e / 4u][e % 4u] = qkvFour(keys[e % 4u] + WIDTH, e / 4u * 4u); }
    ${eachBlock(blocks, (c) => `s${c} = weigh(s${c}, first + ${4 * c}u, j, pad, &top${c}, &mass${c}, &fade${c});`)}
    ${range(units)
      .map(
        (u) =>
          `let v${u} = tile[${u}];\n    ${eachBlock(blocks, (c) => `o${c}_${u} = faded(o${c}_${u}, fade${c}) + v${u} * s${c};`)}`,
      )
      .join('\n    ')}
  }
  var masses = array<Four, ${blocks}>(${range(blocks)
    .map((c) => `mass${c}`)
    .join(', ')});
  var tops = array<Four, ${blocks}>(${range(blocks)
    .map((c) => `top${c}`)
    .join(', ')});
  ${writeAll('out', vectors('o', blocks, units), units, ` / masses[e / ${4 * units}u][e % 4u]`)}
  for (var r = 0u; r < OWNED && first + r < shape.length; r++) {
    lse[(start + first + r) * HEADS + column / SIZE] = tops[r / 4u][r % 4u] + log(masses[r / 4u][r % 4u]);
  }
}`;
  return solitary(code, blocks, shape, 1);
}

/**
 * Sums over what passes: `mine` and `partner` belong to a thread, `passing` and `passingPartner` are the four it meets
 * now.
 */
export function solitaryBackward(shape: HeadShape): Solitary {
  const size = shape.width / shape.heads;
  const units = unitsOf(shape);
  const unit = (line: (u: number) => string): string => range(units).map(line).join('\n    ');
  const sums = (name: string): string[] => range(units).map((u) => `${name}${u}`);
  const code = `${head(shape, 1)}${['qkv', 'dOut', 'out'].map((name) => reader(name, size)).join('')}${writer('dQkv', size)}${ROWS}
fn offsetOf_dQkv(n : u32) -> u32 { return n * 3u * WIDTH; }
fn lseOf(rows : vec4<u32>, column : u32) -> Four {
  let at = rows * HEADS + column / SIZE;
  return Four(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
}
/** rows own, keys pass: column r belongs to query i + r */
fn weightsOfRows(s : Block, total : Four, i : u32, j : u32, pad : u32) -> Block {
  return Block(${range(4)
    .map((r) => `select(Four(), exp(s[${r}] - total[${r}]), sees(vec4<u32>(i + ${r}u), next(j), pad))`)
    .join(', ')});
}
/** keys own, rows pass: column r belongs to key j + r */
fn weightsOfKeys(s : Block, total : Four, i : u32, j : u32, pad : u32) -> Block {
  let exists = next(i) < vec4<u32>(shape.length);
  return Block(${range(4)
    .map((r) => `select(Four(), exp(s[${r}] - total), exists & sees(next(i), vec4<u32>(j + ${r}u), pad))`)
    .join(', ')});
}
fn rowGradients(start : u32, first : u32, column : u32, pad : u32) {
  let rows = rowsOf(start, first);
  let total = lseOf(rows, column);
  var delta = Four();
  var mine : array<Block, ${units}>;
  var partner : array<Block, ${units}>;
  var passing : array<Block, ${units}>;
  var passingPartner : array<Block, ${units}>;
  for (var e = 0u; e < ${4 * units}u; e++) {
    let n = rows[e % 4u];
    mine[e / 4u][e % 4u] = SCALE * qkvFour(n * 3u * WIDTH + column, e / 4u * 4u);
    let four = dOutFour(n * WIDTH + column, e / 4u * 4u);
    partner[e / 4u][e % 4u] = four;
    delta[e % 4u] += dot(four, outFour(n * WIDTH + column, e / 4u * 4u));
  }
  ${unit((u) => `let q${u} = mine[${u}];\n  let g${u} = partner[${u}];\n  var dq${u} = Block();`)}
  for (var j = min(pad, first) / 4u * 4u; j < min(first + OWNED, shape.length); j += 4u) {
    let keys = rowsOf(start, j);
    for (var e = 0u; e < ${4 * units}u; e++) {
      let offset = (keys[e % 4u] * 3u + 1u) * WIDTH + column;
      passing[e / 4u][e % 4u] = qkvFour(offset, e / 4u * 4u);
      passingPartner[e / 4u][e % 4u] = qkvFour(offset + WIDTH, e / 4u * 4u);
    }
    var s = Block();
    var t = Block();
    ${unit((u) => `s += transpose(passing[${u}]) * q${u};\n    t += transpose(passingPartner[${u}]) * g${u};`)}
    let p = weightsOfRows(s, total, first, j, pad);
    let d = SCALE * Block(${range(4)
      .map((r) => `p[${r}] * (t[${r}] - delta[${r}])`)
      .join(', ')});
    ${unit((u) => `dq${u} += passing[${u}] * d;`)}
  }
  ${writeAll('dQkv', sums('dq'), units)}
}
fn keyGradients(start : u32, first : u32, head : u32, pad : u32) {
  let keys = rowsOf(start, first);
  var mine : array<Block, ${units}>;
  var partner : array<Block, ${units}>;
  var passing : array<Block, ${units}>;
  var passingPartner : array<Block, ${units}>;
  for (var e = 0u; e < ${4 * units}u; e++) {
    let offset = (keys[e % 4u] * 3u + 1u) * WIDTH + head;
    mine[e / 4u][e % 4u] = SCALE * qkvFour(offset, e / 4u * 4u);
    partner[e / 4u][e % 4u] = qkvFour(offset + WIDTH, e / 4u * 4u);
  }
  ${unit((u) => `let k${u} = mine[${u}];\n  let v${u} = partner[${u}];\n  var dk${u} = Block();\n  var dv${u} = Block();`)}
  let stop = select(shape.length, min(first + OWNED, shape.length), first + OWNED <= pad);
  for (var i = first; i < stop; i += 4u) {
    let rows = rowsOf(start, i);
    var delta = Four();
    for (var e = 0u; e < ${4 * units}u; e++) {
      let n = rows[e % 4u];
      passing[e / 4u][e % 4u] = qkvFour(n * 3u * WIDTH + head, e / 4u * 4u);
      let four = dOutFour(n * WIDTH + head, e / 4u * 4u);
      passingPartner[e / 4u][e % 4u] = four;
      delta[e % 4u] += dot(four, outFour(n * WIDTH + head, e / 4u * 4u));
    }
    var s = Block();
    var t = Block();
    ${unit((u) => `s += transpose(passing[${u}]) * k${u};\n    t += transpose(passingPartner[${u}]) * v${u};`)}
    let p = weightsOfKeys(s, lseOf(rows, head), i, first, pad);
    let d = SCALE * Block(${range(4)
      .map((r) => `p[${r}] * (t[${r}] - delta)`)
      .join(', ')});
    ${unit((u) => `dk${u} += passing[${u}] * d;\n    dv${u} += passingPartner[${u}] * p;`)}
  }
  var column = head + WIDTH;
  ${writeAll('dQkv', sums('dk'), units)}
  column += WIDTH;
  ${writeAll('dQkv', sums('dv'), units)}
}
${begin(2)}
  if (index < half) {
    rowGradients(start, first, column, pad);
  } else {
    keyGradients(start, first, column, pad);
  }
}`;
  return solitary(code, 1, shape, 2);
}
