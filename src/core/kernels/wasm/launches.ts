/**
 * The kernels of ../assembly beside matrix products, each under the name and with the buffers of its twin in ../gpu.
 */
import { type Shape, type WasmLaunch, wasmKernel } from './kernel';

export interface Sizes {
  width: number;
  heads: number;
  vocabSize: number;
  contextLength: number;
}

const FLOAT = 4;

export const embedForward = ({ width, vocabSize, contextLength }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'embedForward',
    bindings: ['tokens', 'leftPad', 'tokenTable', 'positionTable', 'out'],
    listed: true,
    shape: ['rows', 'length'],
    fixed: [width, vocabSize, contextLength],
  });

export const decodeEmbed = ({ width, vocabSize, contextLength }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'decodeEmbed',
    bindings: ['tokens', 'leftPad', 'tokenTable', 'positionTable', 'out'],
    listed: true,
    shape: ['batch', 'total'],
    fixed: [width, vocabSize, contextLength],
  });

/** @param add to what the language head of the same pass has written */
export const tokenEmbeddingBackward = ({ width, vocabSize }: Sizes, add: boolean): WasmLaunch =>
  wasmKernel({
    name: 'tokenEmbeddingBackward',
    bindings: ['dX', 'tokens', 'out'],
    listed: true,
    shape: ['rows'],
    fixed: [width, vocabSize, add ? 1 : 0],
  });

export const positionEmbeddingBackward = ({ width, contextLength }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'positionEmbeddingBackward',
    bindings: ['dX', 'leftPad', 'out'],
    listed: true,
    shape: ['batch', 'length'],
    fixed: [width, contextLength],
  });

export const layerNormForward = ({ width }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'layerNormForward',
    bindings: ['x', 'gain', 'bias', 'out', 'stats'],
    listed: true,
    shape: ['rows', 'length', 'first', 'count'],
    fixed: [width],
  });

/** @param residual whether a gradient comes over the skip connection */
export const layerNormBackward = ({ width }: Sizes, residual: boolean): WasmLaunch =>
  wasmKernel({
    name: 'layerNormBackward',
    bindings: ['dOut', 'x', 'stats', 'gain', residual ? 'residual' : null, 'dX', 'partials'],
    listed: true,
    shape: ['allRows', 'length', 'first', 'count', 'norm', 'lie'],
    fixed: [width],
  });

export const selectRows = ({ width }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'selectRows',
    bindings: ['x', 'out'],
    listed: true,
    shape: ['rows', 'length', 'first', 'count'],
    fixed: [width],
  });

export const reduceNorms = ({ width }: Sizes, norms: number): WasmLaunch =>
  wasmKernel({
    name: 'reduceNorms',
    bindings: ['partials', 'offsets', 'out'],
    shape: ['chunks'],
    fixed: [width, norms],
  });

/**
 * keys and values turned, [D, T] each, and two rows, or two squares, of scores; T in whole sixteens. `Head` of
 * ../assembly/attention.ts
 */
const headScratch = ({ width, heads }: Sizes, length: number): number => {
  const pitch = FLOAT * 16 * Math.ceil(length / 16);
  return 128 + 2 * pitch * (width / heads + length);
};

/** scores, and values weighed by them: all pairs of columns up to each */
const attentionWork =
  (times: number, { width }: Sizes) =>
  ({ batch, length }: Shape): number =>
    times * batch! * length! * length! * width;

export const attentionForward = (sizes: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'attentionForward',
    bindings: ['qkv', 'leftPad', 'out', 'lse'],
    listed: true,
    shape: ['batch', 'length', 'readAlone'],
    fixed: [sizes.heads, sizes.width],
    scratch: ({ length }: Shape) => headScratch(sizes, length!),
    work: attentionWork(2, sizes),
  });

export const attentionBackward = (sizes: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'attentionBackward',
    bindings: ['qkv', 'lse', 'out', 'dOut', 'leftPad', 'dQkv'],
    listed: true,
    shape: ['batch', 'length', 'readAlone'],
    fixed: [sizes.heads, sizes.width],
    scratch: ({ length }: Shape) => headScratch(sizes, length!),
    work: attentionWork(5, sizes),
  });

export const attentionMaps = (sizes: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'attentionMaps',
    bindings: ['qkv', 'lse', 'leftPad', 'maps'],
    shape: ['length'],
    fixed: [sizes.heads, sizes.width],
    scratch: ({ length }: Shape) => headScratch(sizes, length!),
  });

export const storeColumns = ({ width }: Sizes): WasmLaunch =>
  wasmKernel({ name: 'storeColumns', bindings: ['qkv', 'cache'], shape: ['rows', 'length', 'total'], fixed: [width] });

export const decodeAttention = ({ heads, width }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'decodeAttention',
    bindings: ['qkv', 'cache', 'leftPad', 'out'],
    listed: true,
    shape: ['batch', 'total'],
    fixed: [heads, width],
    // four turned keys, and scores in whole fours
    scratch: ({ total }: Shape) => FLOAT * 4 * (width / heads + Math.ceil(total! / 4)),
  });

export const tokenLogprobsForward = ({ vocabSize }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'tokenLogprobsForward',
    bindings: ['logits', 'tokens', 'logprobs', 'entropy', 'lse'],
    listed: true,
    shape: ['rows', 'length', 'first', 'count', 'begin'],
    fixed: [vocabSize],
  });

export const tokenLogprobsBackward = ({ vocabSize }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'tokenLogprobsBackward',
    bindings: ['logits', 'tokens', 'lse', 'entropy', 'dLogprobs', 'dEntropy'],
    listed: true,
    shape: ['rows', 'length', 'first', 'count', 'begin'],
    fixed: [vocabSize],
  });

export const scalarForward = ({ width }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'scalarForward',
    bindings: ['hidden', 'weight', 'bias', 'out'],
    listed: true,
    shape: ['rows'],
    fixed: [width],
  });

/** @param add to what the language head has left in dHidden */
export const scalarBackward = ({ width }: Sizes, add: boolean): WasmLaunch =>
  wasmKernel({
    name: 'scalarBackward',
    bindings: ['dOut', 'weight', 'dHidden'],
    listed: true,
    shape: ['rows'],
    fixed: [width, add ? 1 : 0],
  });

export const scalarWeightBackward = ({ width }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'scalarWeightBackward',
    bindings: ['dOut', 'hidden', 'dWeight', 'dBias'],
    listed: true,
    shape: ['rows'],
    fixed: [width],
  });

export const sumOfSquares = (): WasmLaunch =>
  wasmKernel({ name: 'sumOfSquares', bindings: ['gradients', 'partials'], shape: ['elements'] });

export const clipScale = (): WasmLaunch =>
  wasmKernel({ name: 'clipScale', bindings: ['partials', 'scale', 'norm'], shape: [] });

export const adamWStep = (): WasmLaunch =>
  wasmKernel({
    name: 'adamWStep',
    bindings: ['weights', 'gradients', 'm', 'v', 'flags', 'scale'],
    shape: ['elements'],
    work: ({ elements }) => 20 * elements!, // a root and a division count for several
  });

/** @param vocabSize numbers of a row: divided by the temperature, and their exponentials */
export const sampleColumn = ({ vocabSize }: Sizes): WasmLaunch =>
  wasmKernel({
    name: 'sampleColumn',
    bindings: ['logits', 'tokens', 'alive', 'mask', 'logprobs'],
    listed: true,
    shape: ['batch', 'total', 'first', 'count'],
    fixed: [vocabSize],
    scratch: () => 128 + 2 * FLOAT * 4 * Math.ceil(vocabSize / 4),
  });

/** words of a list over so many rows of the trunk, or of a head; `listRows` of ../assembly/live.ts */
export const listWords = ({ rows, batch }: { rows: number; batch: number }): number => 8 + 2 * rows + batch + 1;

/** finds the rows of the trunk and of the heads that are computed */
export const listRows = (): WasmLaunch =>
  wasmKernel({
    name: 'listRows',
    bindings: ['leftPad', 'ends', 'trunk', 'head'],
    shape: ['batch', 'length', 'first', 'count', 'lastAlone'],
  });

/** finds the texts that go on */
export const listTexts = (): WasmLaunch =>
  wasmKernel({ name: 'listTexts', bindings: ['alive', 'texts'], shape: ['batch'] });

/** lays the rows of a head where all rows have a place, 0 in the others. @param width numbers of a row */
export const spreadRows = (width: number): WasmLaunch =>
  wasmKernel({ name: 'spreadRows', bindings: ['x', 'out', 'head'], shape: ['rows'], fixed: [width] });
