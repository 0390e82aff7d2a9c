/** The kernels that generation needs beside those of a forward pass. */
import type { ModelConfig } from '../../../contract/config';
import { decodeAttention, decodeEmbed, storeColumns } from '../../kernels/gpu/decode';
import { sampleColumn } from '../../kernels/gpu/sampler';
import type { KernelStyle } from '../../kernels/gpu/style';

export function writingKernels({ width, heads, vocabSize }: ModelConfig, style: KernelStyle) {
  return {
    store: storeColumns({ width }, style),
    embed: decodeEmbed({ width }, style),
    attention: decodeAttention({ heads, width }, style),
    sample: sampleColumn({ vocabSize }, style),
  };
}
