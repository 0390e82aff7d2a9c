/**
 * Matrix product for an emulated GPU. There every read is slow, whether four lanes read one number or four, and arithmetic is
 * cheap; so an invocation computes an 8×8 tile of the result alone, and each number it reads serves eight products.
 */
import { type Groups, inLine } from './kernel';
import { count, finish, type Product, readBlocks, SIDE } from './matMulBlocks';

/** blocks of a tile, down and across */
const DOWN = 2;
const MOST_ACROSS = 2;
const WORKGROUP = 8;

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

export function solitary(product: Product): { code: string; groups(shape: Readonly<Record<string, number>>): Groups } {
  const across = Math.min(MOST_ACROSS, Math.ceil(product.columns / SIDE));
  const tiles = Math.ceil(product.columns / (SIDE * across));
  const groups = ({ rows }: Readonly<Record<string, number>>): Groups =>
    inLine(Math.ceil((Math.ceil((product.outRows ?? rows!) / (SIDE * DOWN)) * tiles) / WORKGROUP));
  const blocks = range(DOWN).flatMap((i) => range(across).map((j) => ({ i, j, sum: `sum${i}${j}` })));
  const code = `${readBlocks(product)}
${finish(product)}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let tile = (group.x + group.y * groups.x) * ${WORKGROUP}u + local;
  let row = tile / ${tiles}u * ${SIDE * DOWN}u;
  let column = tile % ${tiles}u * ${SIDE * across}u;
  if (row >= ${count(product.outRows)}) { return; }
  ${blocks.map(({ sum }) => `var ${sum} = mat4x4<f32>();`).join('\n  ')}
  ${
    product.columnSums
      ? range(across)
          .map((j) => `var columnSum${j} = vec4<f32>();`)
          .join('\n  ')
      : ''
  }
  for (var k = 0u; k < ${count(product.inner)}; k += 4u) {
    ${range(across)
      .map((j) => `let b${j} = bBlock(k, column + ${SIDE * j}u);`)
      .join('\n    ')}
    ${range(DOWN)
      .map(
        (i) =>
          `let a${i} = aBlock(row + ${SIDE * i}u, k);\n    ${range(across)
            .map((j) => `sum${i}${j} += b${j} * a${i};`)
            .join('\n    ')}`,
      )
      .join('\n    ')}
    ${
      product.columnSums
        ? range(across)
            .map((j) => `columnSum${j} += b${j}[0] + b${j}[1] + b${j}[2] + b${j}[3];`)
            .join('\n    ')
        : ''
    }
  }
  ${blocks.flatMap(({ i, j, sum }) => range(SIDE).map((r) => `finish(row + ${SIDE * i + r}u, column + ${SIDE * j}u, ${sum}[${r}]);`)).join('\n  ')}
  ${
    product.columnSums
      ? `if (row == 0u) { ${range(across)
          .map((j) => `finishSums(column + ${SIDE * j}u, columnSum${j});`)
          .join(' ')} }`
      : ''
  }
}`;
  return { code, groups };
}
