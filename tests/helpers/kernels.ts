/** The kernels of WebAssembly inside tests: compiled once before a tier begins, see vitest.config.ts. */
import { kernelFiles, kernelSources, moduleOf } from '../../build/kernels';

export { kernelFiles };

/** a·b + sum with one rounding, in instructions that every machine has: the product of two floats is exact in twice their length */
const ROUNDED_ONCE = `
@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}
@inline
function roundedOnce(a: v128, b: v128, sum: v128): v128 {
  const low = f64x2.add(f64x2.promote_low_f32x4(sum), f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
  const high = f64x2.add(upper(sum), f64x2.mul(upper(a), upper(b)));
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
`;

/** @param changed what becomes of the text of each of the kernels' files */
const changedModule = async (module: 'player' | 'together', changed: (text: string, name: string) => string) =>
  moduleOf(module, new Map([...(await kernelSources())].map(([name, text]) => [name, changed(text, name)])), true);

function changing(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${from} is not there any more`);
  return text.replaceAll(from, to);
}

/** the modules where fast arithmetic can be had on every machine, slowly */
export async function filesThatFuse(): Promise<Awaited<ReturnType<typeof kernelFiles>>> {
  const fused = (text: string, name: string): string => {
    const asked = text.replaceAll('ASC_FEATURE_RELAXED_SIMD', 'true');
    if (name !== 'tile.ts') return asked;
    return changing(asked, 'f32x4.relaxed_madd(a, b, sum)', 'roundedOnce(a, b, sum)') + ROUNDED_ONCE;
  };
  const [fastPlayer, fastTogether] = await Promise.all([
    changedModule('player', fused),
    changedModule('together', fused),
  ]);
  return { ...(await kernelFiles()), fastPlayer, fastTogether };
}

/** a module that takes the wrong factor, as a browser might */
export const mistakenModule = (): Promise<Uint8Array<ArrayBuffer>> =>
  changedModule('player', (text, name) =>
    name === 'tile.ts' ? changing(text, 'f32x4.mul(a, b)', 'f32x4.mul(a, a)') : text,
  );

/** vitest calls it before the first file */
export async function setup(): Promise<void> {
  await kernelFiles();
}
