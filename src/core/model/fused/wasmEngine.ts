/** The engine on WebAssembly: its kernels are compiled with the module, so there is nothing to wait for. */
import type { ModelConfig } from '../../../contract/config';
import { listRows, listTexts, listWords, reduceNorms, spreadRows } from '../../kernels/wasm/launches';
import { matMul } from '../../kernels/wasm/matMul';
import type { WasmPlayer } from '../../kernels/wasm/player';
import { bySize } from './bySize';
import type { Engine } from './engine';
import { wasmKernels } from './wasmKernels';

const LISTING = { rows: listRows(), texts: listTexts(), spread: spreadRows, words: listWords };
const plainFor = bySize((_: WasmPlayer, config) => wasmKernels(config, false));
const fastFor = bySize((_: WasmPlayer, config) => wasmKernels(config, true));

/** @param fast products are added with one rounding, where this machine can */
export function wasmEngine(player: WasmPlayer, config: ModelConfig, fast = false): Engine {
  const fuses = fast && player.fuses;
  return {
    player,
    kernels: (fuses ? fastFor : plainFor)(player, config),
    product: (spec) => matMul(spec, fuses),
    listing: LISTING,
    normGradient: (norms) => reduceNorms(config, norms),
    arithmetic: fuses ? 'wasmFast' : 'wasm',
    writesAsItReads: true,
    style: null,
    pace: 1,
    compile: async (onProgress) => onProgress?.(1),
  };
}
