/**
 * All weights of a network end to end in one memory, so that the optimiser is one dispatch and a copy is one command.
 *
 *   | tokenEmbedding ····|positionEmbedding |block0/norm1/gain ··|…   every tensor begins at a multiple of 64 numbers
 */
import { aligned } from '../../kernels/plan/arena';
import type { Memory, Player } from '../../kernels/plan/player';
import { DECAYS, FLAG_BLOCK, HEAD } from '../../kernels/plan/sharing';
import { sizeOf } from '../../tensor/shapes';
import type { NamedTensors, Parameter } from '../causalNetwork';
import { isHead, savedWeight } from '../layout';

/** Where one tensor lies. */
export interface FlatRange {
  parameter: Parameter;
  /** in numbers, a multiple of FLAG_BLOCK */
  offset: number;
  size: number;
}

export interface FlatLayout {
  ranges: readonly FlatRange[];
  /** numbers in the whole memory, a multiple of FLAG_BLOCK */
  elements: number;
  /** one per FLAG_BLOCK numbers: DECAYS, HEAD */
  flags: Uint32Array<ArrayBuffer>;
}

export function flatLayout(list: readonly Parameter[]): FlatLayout {
  let offset = 0;
  const ranges = list.map((parameter) => {
    const range = { parameter, offset, size: sizeOf(parameter.shape) };
    offset += aligned(4 * range.size) / 4;
    return range;
  });
  const flags = new Uint32Array(offset / FLAG_BLOCK);
  for (const { parameter, offset: start, size } of ranges) {
    const flag = (parameter.decay ? DECAYS : 0) | (isHead(parameter.name) ? HEAD : 0);
    flags.fill(flag, start / FLAG_BLOCK, Math.ceil((start + size) / FLAG_BLOCK));
  }
  return { ranges, elements: offset, flags };
}

/** @throws when this network has no such weights */
export function rangeOf({ ranges }: FlatLayout, name: string): FlatRange {
  const range = ranges.find(({ parameter }) => parameter.name === name);
  if (!range) throw new Error(`the network has no ${name}`);
  return range;
}

/**
 * Named tensors in the order of the layout, gaps filled with 0.
 * @throws when a name is missing or a shape differs
 */
export function flatten(layout: FlatLayout, tensors: NamedTensors): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(layout.elements);
  for (const { parameter, offset } of layout.ranges) flat.set(savedWeight(tensors, parameter).data, offset);
  return flat;
}

export function unflatten(layout: FlatLayout, flat: Float32Array): NamedTensors {
  return Object.fromEntries(
    layout.ranges.map(({ parameter: { name, shape }, offset, size }) => [
      name,
      { shape: [...shape], data: flat.slice(offset, offset + size) },
    ]),
  );
}

const inBytes = ({ offset, size }: FlatRange) => ({ offset: 4 * offset, bytes: 4 * size });

/** Memory that several hold; it is freed by the last of them. */
interface Shared {
  memory: Memory;
  holders: number;
}

/** One number per weight: the weights themselves, their gradients or a moment. Owner of its memory, or one of several. */
export class FlatBuffer {
  private constructor(
    readonly layout: FlatLayout,
    private readonly shared: Shared,
  ) {
    shared.holders++;
  }

  /** begins as zeros */
  static allocate(player: Player, label: string, layout: FlatLayout): FlatBuffer {
    return new FlatBuffer(layout, { memory: player.allocate(label, 4 * layout.elements), holders: 0 });
  }

  get memory(): Memory {
    return this.shared.memory;
  }

  /** whether somebody else reads it too: then it must not be written */
  get isShared(): boolean {
    return this.shared.holders > 1;
  }

  /** @returns the same numbers in the same memory, to be disposed of like any other */
  share(): FlatBuffer {
    return new FlatBuffer(this.layout, this.shared);
  }

  /** @throws when a name is missing or a shape differs; then nothing was changed */
  load(tensors: NamedTensors): void {
    const saved = this.layout.ranges.map(({ parameter, offset }) => ({ offset, ...savedWeight(tensors, parameter) }));
    for (const { offset, data } of saved) this.memory.write(data, 4 * offset); // between them lie zeros
  }

  /** as it is now: what is submitted later does not show */
  async save(): Promise<NamedTensors> {
    return unflatten(this.layout, await this.memory.read());
  }

  /** the same numbers in a memory of their own */
  copy(player: Player, label: string): FlatBuffer {
    const copy = FlatBuffer.allocate(player, label, this.layout);
    copy.copyShared(this);
    return copy;
  }

  /** sets the tensors that `chosen` names to 0 */
  clear(chosen: (name: string) => boolean): void {
    const ranges = this.layout.ranges.filter(({ parameter }) => chosen(parameter.name));
    if (ranges.length > 0) this.memory.clear(ranges.map(inBytes));
  }

  /** takes over the tensors that both layouts have, or of them those that `chosen` names */
  copyShared(source: FlatBuffer, chosen: (name: string) => boolean = () => true): void {
    const theirs = new Map(source.layout.ranges.map((range) => [range.parameter.name, range]));
    const parts = this.layout.ranges.flatMap((range) => {
      const from = chosen(range.parameter.name) ? theirs.get(range.parameter.name) : undefined;
      return from ? [{ from: 4 * from.offset, to: 4 * range.offset, bytes: 4 * range.size }] : [];
    });
    if (parts.length > 0) this.memory.copyFrom(source.memory, parts);
  }

  dispose(): void {
    this.shared.holders--;
    if (this.shared.holders === 0) this.memory.dispose();
  }
}
