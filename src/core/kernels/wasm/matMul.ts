/** Matrix products on WebAssembly: the forms and epilogues of ../gpu/matMul.ts, computed by ../assembly/matMul.ts. */
import type { MatMulSpec } from '../gpu/matMul';
import { type WasmLaunch, wasmKernel } from './kernel';

const FORMS = ['nn', 'nt', 'tn'] as const;
const EPILOGUES = ['none', 'bias', 'gelu', 'residual', 'geluBackward', 'gradient'] as const;
/** one block of B, one of A, a tile and the description of the product; see ../assembly/matMul.ts */
const SCRATCH = 128 + 128 + 4 * 256 * (768 + 32);

/** @returns names of the buffers at the bindings of ../assembly/matMul.ts: a, b, out, bias or onto, other, sums */
function bindingsOf(spec: MatMulSpec): (string | null)[] {
  const { epilogue } = spec;
  const biased = epilogue === 'bias' || epilogue === 'gelu' || epilogue === 'residual';
  const added = spec.form !== 'tn' && spec.onto ? 'onto' : biased ? 'bias' : null;
  const other = { gelu: 'pre', geluBackward: 'pre', residual: 'residual', none: null, bias: null, gradient: null }[
    epilogue
  ];
  return ['a', 'b', 'out', added, other, spec.form === 'tn' && spec.columnSums ? 'sums' : null];
}

/** a number as the bits that the kernel reads */
const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;

/** @param fused terms are added with one rounding, where the player `fuses` */
export function matMul(spec: MatMulSpec, fused = false): WasmLaunch {
  const last = fused ? 1 : 0;
  const head = [FORMS.indexOf(spec.form), EPILOGUES.indexOf(spec.epilogue)];
  return wasmKernel({
    name: 'matMul',
    bindings: bindingsOf(spec),
    listed: true,
    ...(spec.epilogue === 'gelu' && { spare: 'pre' }),
    shape: ['rows'],
    numbers: ({ rows }) =>
      spec.form === 'tn'
        ? [...head, spec.outRows, spec.columns, rows!, spec.add ? 1 : 0, last]
        : [...head, rows!, spec.columns, spec.inner, 0, last, spec.onto ? 1 : 0, bitsOf(spec.scale ?? 1)],
    scratch: () => SCRATCH,
    work: ({ rows }) => 2 * rows! * spec.columns * (spec.form === 'tn' ? spec.outRows : spec.inner),
  });
}
