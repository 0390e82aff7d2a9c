/** The kernels of WebAssembly for one model size, by the names that a recording uses. */
import type { ModelConfig } from '../../../contract/config';
import type { MatMulSpec } from '../../kernels/gpu/matMul';
import type { WasmLaunch } from '../../kernels/wasm/kernel';
import * as kernels from '../../kernels/wasm/launches';
import { matMul as product } from '../../kernels/wasm/matMul';
import type { KernelSet } from './kernelSet';

type Product = (spec: MatMulSpec) => WasmLaunch;

/** y = x·W + b and what its gradient needs, for W [inner,columns] */
const linearOf =
  (matMul: Product) => (name: string, inner: number, columns: number, epilogue: 'bias' | 'gelu' | 'residual') => ({
    forward: matMul({ name, form: 'nn', inner, columns, epilogue }),
    gradient: matMul({ name, form: 'tn', outRows: inner, columns, epilogue: 'gradient', columnSums: true }),
    back: matMul({ name, form: 'nt', inner: columns, columns: inner, epilogue: 'none' }),
  });

/** @param fast products are added with one rounding */
export function wasmKernels(config: ModelConfig, fast: boolean): KernelSet {
  const matMul: Product = (spec) => product(spec, fast);
  const linear = linearOf(matMul);
  const { width, vocabSize, layers } = config;
  const inner = 4 * width;
  return {
    embed: kernels.embedForward(config),
    norm: kernels.layerNormForward(config),
    select: kernels.selectRows(config),
    qkv: linear('qkv', width, 3 * width, 'bias'),
    attention: kernels.attentionForward(config),
    attentionMaps: kernels.attentionMaps(config),
    out: linear('attention out', width, width, 'residual'),
    mlpIn: linear('mlp in', width, inner, 'gelu'),
    mlpOut: linear('mlp out', inner, width, 'residual'),
    logits: matMul({ name: 'logits', form: 'nt', inner: width, columns: vocabSize, epilogue: 'none' }),
    logprobs: kernels.tokenLogprobsForward(config),
    scalar: kernels.scalarForward(config),

    logprobsBack: kernels.tokenLogprobsBackward(config),
    logitsBack: matMul({ name: 'logits back', form: 'nn', inner: vocabSize, columns: width, epilogue: 'none' }),
    logitsGradient: matMul({
      name: 'logits gradient',
      form: 'tn',
      outRows: vocabSize,
      columns: width,
      epilogue: 'gradient',
    }),
    scalarBack: kernels.scalarBackward(config, false),
    scalarBackAdd: kernels.scalarBackward(config, true),
    scalarGradient: kernels.scalarWeightBackward(config),
    mlpOutBack: matMul({ name: 'mlp out back', form: 'nt', inner: width, columns: inner, epilogue: 'geluBackward' }),
    attentionBack: kernels.attentionBackward(config),
    normBack: kernels.layerNormBackward(config, true),
    finalNormBack: kernels.layerNormBackward(config, false),
    normGradient: kernels.reduceNorms(config, 2 * layers + 1),
    tokenGradient: kernels.tokenEmbeddingBackward(config, false),
    tokenGradientAdd: kernels.tokenEmbeddingBackward(config, true),
    positionGradient: kernels.positionEmbeddingBackward(config),

    sumOfSquares: kernels.sumOfSquares(),
    clipScale: kernels.clipScale(),
    adamW: kernels.adamWStep(),

    writing: {
      store: kernels.storeColumns(config),
      embed: kernels.decodeEmbed(config),
      attention: kernels.decodeAttention(config),
      sample: kernels.sampleColumn(config),
    },
  };
}
