/**
 * Plays a stretch of a recorded plan: one call of a step, whatever the number of its kernels.
 *
 *   plan    scratch address │ bytes of scratch per thread │ … │ entry │ entry │ …
 */
import { adamW, clipScale, sumOfSquares } from './adamW';
import { attentionBackward, attentionForward, attentionMaps, decodeAttention } from './attention';
import { decodeEmbed, embedForward, positionEmbeddingBackward, storeColumns, tokenEmbeddingBackward } from './embedding';
import { COLUMN, ENTRY_BYTES } from './entry';
import { layerNormBackward, layerNormForward, reduceNorms, selectRows } from './layerNorm';
import { listRows, listTexts, spreadRows } from './live';
import { matMul } from './matMul';
import { sampleColumn } from './sampler';
import { scalarBackward, scalarForward, scalarWeightBackward } from './scalarHead';
import { tokenLogprobsBackward, tokenLogprobsForward } from './tokenHead';

/** bytes before the first entry */
const HEAD: usize = 128;

/** the share of one thread in one entry; the numbers are indices into `KERNELS` of ../wasm/kernel.ts */
export function playEntry(plan: usize, index: u32, step: usize, thread: u32, threads: u32): void {
  const entry = plan + HEAD + <usize>index * ENTRY_BYTES;
  const scratch = <usize>load<u32>(plan) + <usize>thread * load<u32>(plan, 4);
  switch (load<u32>(entry)) {
    case 0:
      return matMul(entry, step, scratch, thread, threads);
    case 1:
      return embedForward(entry, thread, threads);
    case 2:
      return tokenEmbeddingBackward(entry, step, thread, threads);
    case 3:
      return positionEmbeddingBackward(entry, step, thread, threads);
    case 4:
      return layerNormForward(entry, thread, threads);
    case 5:
      return layerNormBackward(entry, thread, threads);
    case 6:
      return reduceNorms(entry, step, thread, threads);
    case 7:
      return attentionForward(entry, scratch, thread, threads);
    case 8:
      return attentionBackward(entry, scratch, thread, threads);
    case 9:
      return attentionMaps(entry, scratch, thread, threads);
    case 10:
      return tokenLogprobsForward(entry, step, thread, threads);
    case 11:
      return tokenLogprobsBackward(entry, step, thread, threads);
    case 12:
      return scalarForward(entry, thread, threads);
    case 13:
      return scalarBackward(entry, thread, threads);
    case 14:
      return scalarWeightBackward(entry, step, thread, threads);
    case 15:
      return sumOfSquares(entry, thread, threads);
    case 16:
      return clipScale(entry, step, thread);
    case 17:
      return adamW(entry, step, thread, threads);
    case 18:
      return storeColumns(entry, thread, threads);
    case 19:
      return decodeEmbed(entry, step, thread, threads);
    case 20:
      return decodeAttention(entry, load<u32>(step, COLUMN), scratch, thread, threads);
    case 21:
      return sampleColumn(entry, step, scratch, thread, threads);
    case 22:
      return selectRows(entry, thread, threads);
    case 23:
      return listRows(entry, thread);
    case 24:
      return listTexts(entry, thread);
    case 25:
      return spreadRows(entry, thread, threads);
    default:
      unreachable();
  }
}

/** Alone. @param first, end entries of the plan; @param step address of the step's numbers */
export function play(plan: usize, first: u32, end: u32, step: usize): void {
  for (let i = first; i < end; i++) playEntry(plan, i, step, 0, 1);
}
