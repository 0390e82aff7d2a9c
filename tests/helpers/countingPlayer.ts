/**
 * A player that holds nothing and computes nothing, and counts what plans would take: memory that outlives them, arenas,
 * dispatches. So the counts of a model are known that would fill this machine.
 */
import type { ModelConfig } from '../../src/contract/config';
import { layOut } from '../../src/core/kernels/plan/arena';
import type { Memory, Plan, Player, Recording, Run } from '../../src/core/kernels/plan/player';
import { reduceNorms } from '../../src/core/kernels/wasm/launches';
import { matMul } from '../../src/core/kernels/wasm/matMul';
import type { Engine } from '../../src/core/model/fused/engine';
import { wasmKernels } from '../../src/core/model/fused/wasmKernels';
import { tf } from '../../src/core/tf';

export class CountingPlayer implements Player {
  /** bytes of memory and arenas that there are now */
  bytes = 0;
  /** and that there were at most */
  peak = 0;
  /** bytes of the largest value of any plan */
  largest = 0;
  /** since it was made */
  dispatches = 0;
  /** bytes of the values that these were given, each as often as one was */
  touched = 0;

  allocate(_label: string, bytes: number): Memory {
    const disposed = this.hold(bytes);
    const nothing = (): void => {};
    const read = async () => new Float32Array(bytes / 4);
    return { write: nothing, read, clear: nothing, copyFrom: nothing, dispose: disposed };
  }

  prepare({ dispatches, lives, sections }: Recording): Plan {
    const lifetimes = [...lives.values()];
    const arenaBytes = layOut(lifetimes).size;
    for (const { bytes } of lifetimes) this.largest = Math.max(this.largest, bytes);
    const play = (name: string): void => {
      const { first, end } = sections.find((section) => section.name === name)!;
      this.dispatches += end - first;
      for (const { buffers } of dispatches.slice(first, end))
        for (const { bytes } of Object.values(buffers)) this.touched += bytes;
    };
    const nothing = (): void => {};
    const begin = (): Run => ({
      put: nothing,
      putNumbers: nothing,
      clear: nothing,
      play,
      take: zeros,
      submit: nothing,
    });
    const dispose = this.hold(arenaBytes);
    return { arenaBytes, setSteps: nothing, begin, poison: nothing, unwritten: async () => [], dispose };
  }

  /** @returns what gives them back */
  private hold(bytes: number): () => void {
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
    return () => {
      this.bytes -= bytes;
    };
  }
}

const zeros = <T extends tf.Tensor>(_: unknown, shape: number[], dtype: 'float32' | 'int32' = 'float32'): T =>
  tf.zeros(shape, dtype) as unknown as T;

/** records as the engine of a graphics card does, where `writesAsItReads` is false */
export const countingEngine = (player: CountingPlayer, config: ModelConfig, writesAsItReads: boolean): Engine => ({
  player,
  kernels: wasmKernels(config, false),
  product: (spec) => matMul(spec),
  listing: null,
  normGradient: (norms) => reduceNorms(config, norms),
  arithmetic: 'wasm',
  writesAsItReads,
  style: null,
  pace: 1,
  compile: async () => {},
});
