/** The card's kernels for one model size, made once: what is compiled ahead and what plans are built from. */
import type { ModelConfig } from '../../../contract/config';
import { adamWStep, clipScale, sumOfSquares } from '../../kernels/gpu/adamW';
import { attentionForward, attentionMaps } from '../../kernels/gpu/attention';
import { attentionBackward } from '../../kernels/gpu/attentionBackward';
import { embedForward, positionEmbeddingBackward, tokenEmbeddingBackward } from '../../kernels/gpu/embedding';
import type { GpuLaunch } from '../../kernels/gpu/kernel';
import { layerNormBackward, layerNormForward, reduceNorms, selectRows } from '../../kernels/gpu/layerNorm';
import { matMul } from '../../kernels/gpu/matMul';
import { scalarBackward, scalarForward, scalarWeightBackward } from '../../kernels/gpu/scalarHead';
import type { KernelStyle } from '../../kernels/gpu/style';
import { tokenLogprobsBackward, tokenLogprobsForward } from '../../kernels/gpu/tokenHead';
import { writingKernels } from './writingKernels';

/** y = x·W + b and what its gradient needs, for W [inner,columns] */
function linear(
  name: string,
  inner: number,
  columns: number,
  epilogue: 'bias' | 'gelu' | 'residual',
  style: KernelStyle,
) {
  return {
    forward: matMul({ name, form: 'nn', inner, columns, epilogue }, style),
    /** dW, and db beside it */
    gradient: matMul(
      { name: `${name} gradient`, form: 'tn', outRows: inner, columns, epilogue: 'gradient', columnSums: true },
      style,
    ),
    /** dx = dy·Wᵀ */
    back: matMul({ name: `${name} back`, form: 'nt', inner: columns, columns: inner, epilogue: 'none' }, style),
  };
}

export function gpuKernels(config: ModelConfig, style: KernelStyle) {
  const { width, heads, vocabSize, contextLength, layers } = config;
  const inner = 4 * width;
  return {
    embed: embedForward({ width, vocabSize, contextLength }, style),
    norm: layerNormForward({ width }, style),
    select: selectRows({ width }, style),
    qkv: linear('qkv', width, 3 * width, 'bias', style),
    attention: attentionForward({ heads, width }, style),
    attentionMaps: attentionMaps({ heads, width }),
    out: linear('attention out', width, width, 'residual', style),
    mlpIn: linear('mlp in', width, inner, 'gelu', style),
    mlpOut: linear('mlp out', inner, width, 'residual', style),
    logits: matMul({ name: 'logits', form: 'nt', inner: width, columns: vocabSize, epilogue: 'none' }, style),
    logprobs: tokenLogprobsForward({ vocabSize }, style),
    scalar: scalarForward({ width }, style),

    logprobsBack: tokenLogprobsBackward({ vocabSize }, style),
    logitsBack: matMul({ name: 'logits back', form: 'nn', inner: vocabSize, columns: width, epilogue: 'none' }, style),
    logitsGradient: matMul(
      { name: 'logits gradient', form: 'tn', outRows: vocabSize, columns: width, epilogue: 'gradient' },
      style,
    ),
    scalarBack: scalarBackward({ width, add: false }, style),
    scalarBackAdd: scalarBackward({ width, add: true }, style),
    scalarGradient: scalarWeightBackward({ width }, style),
    /** through the second linear layer of the mlp and its activation at once */
    mlpOutBack: matMul(
      { name: 'mlp out back', form: 'nt', inner: width, columns: inner, epilogue: 'geluBackward' },
      style,
    ),
    attentionBack: attentionBackward({ heads, width }, style),
    normBack: layerNormBackward({ width, residual: true }, style),
    finalNormBack: layerNormBackward({ width, residual: false }, style),
    normGradient: reduceNorms({ width, norms: 2 * layers + 1 }, style),
    tokenGradient: tokenEmbeddingBackward({ width, vocabSize, add: false }, style),
    tokenGradientAdd: tokenEmbeddingBackward({ width, vocabSize, add: true }, style),
    positionGradient: positionEmbeddingBackward({ width, contextLength }, style),

    sumOfSquares: sumOfSquares(style),
    clipScale: clipScale(style),
    adamW: adamWStep(style),

    writing: writingKernels(config, style),
  };
}

export type GpuKernels = ReturnType<typeof gpuKernels>;

type Tree = { [name: string]: GpuLaunch | Tree };

const isLaunch = (node: GpuLaunch | Tree): node is GpuLaunch => 'kernel' in node && 'groups' in node;

/** every kernel of a set, for compiling */
export function launchesOf(set: GpuKernels | Tree): GpuLaunch[] {
  return Object.values(set as Tree).flatMap((node) => (isLaunch(node) ? [node] : launchesOf(node)));
}
