/** The engine on WebAssembly: its kernels are compiled with the module, so there is nothing to wait for. */
import type { ModelConfig } from '../../../contract/config';
import type { WasmPlayer } from '../../kernels/wasm/player';
import { bySize } from './bySize';
import type { Engine } from './engine';
import { wasmKernels } from './wasmKernels';

const kernelsFor = bySize((_: WasmPlayer, config) => wasmKernels(config));

export const wasmEngine = (player: WasmPlayer, config: ModelConfig): Engine => ({
  player,
  kernels: kernelsFor(player, config),
  style: null,
  pace: 1,
  compile: async (onProgress) => onProgress?.(1),
});
