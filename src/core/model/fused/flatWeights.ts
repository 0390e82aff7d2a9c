/**
 * All weights of a network end to end in one buffer, so that the optimiser is one dispatch and a copy is one command.
 *
 *   | tokenEmbedding ····|positionEmbedding |block0/norm1/gain ··|…        every tensor begins at a multiple of 64 numbers
 */
import { DECAYS, FLAG_BLOCK, HEAD } from '../../kernels/gpu/adamW';
import { aligned } from '../../kernels/gpu/arena';
import type { Gpu } from '../../kernels/gpu/device';
import type { NamedTensors, Parameter } from '../causalNetwork';
import { isHead, sizeOf } from '../layout';

export interface FlatPlace {
  parameter: Parameter;
  /** in numbers, a multiple of FLAG_BLOCK */
  offset: number;
  size: number;
}

export interface FlatLayout {
  places: readonly FlatPlace[];
  /** numbers in the whole buffer, a multiple of FLAG_BLOCK */
  elements: number;
  /** one per FLAG_BLOCK numbers: DECAYS, HEAD */
  flags: Uint32Array<ArrayBuffer>;
}

export function flatLayout(list: readonly Parameter[]): FlatLayout {
  let offset = 0;
  const places = list.map((parameter) => {
    const place = { parameter, offset, size: sizeOf(parameter.shape) };
    offset += aligned(4 * place.size) / 4;
    return place;
  });
  const flags = new Uint32Array(offset / FLAG_BLOCK);
  for (const { parameter, offset: start, size } of places) {
    const flag = (parameter.decay ? DECAYS : 0) | (isHead(parameter.name) ? HEAD : 0);
    flags.fill(flag, start / FLAG_BLOCK, Math.ceil((start + size) / FLAG_BLOCK));
  }
  return { places, elements: offset, flags };
}

const text = (shape: readonly number[]): string => `[${shape.join(',')}]`;

/**
 * Named tensors in the order of the layout, gaps filled with 0.
 * @throws when a name is missing or a shape differs
 */
export function flatten(layout: FlatLayout, tensors: NamedTensors): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(layout.elements);
  for (const { parameter, offset } of layout.places) {
    const { name, shape } = parameter;
    const found = tensors[name];
    if (!found) throw new Error(`weights ${name} are missing`);
    if (text(found.shape) !== text(shape)) throw new Error(`${name} is ${text(found.shape)}, the model needs ${text(shape)}`);
    flat.set(found.data, offset);
  }
  return flat;
}

/** @param prefix put before every name, e.g. `m/` */
export function unflatten(layout: FlatLayout, flat: Float32Array, prefix = ''): NamedTensors {
  return Object.fromEntries(
    layout.places.map(({ parameter: { name, shape }, offset, size }) => [
      `${prefix}${name}`,
      { shape: [...shape], data: flat.slice(offset, offset + size) },
    ]),
  );
}

const USAGE = (): number => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** One number per weight: the weights themselves, their gradients or a moment. Owner of its buffer. */
export class FlatBuffer {
  readonly buffer: GPUBuffer;

  /** begins as zeros */
  constructor(
    private readonly gpu: Gpu,
    label: string,
    readonly layout: FlatLayout,
  ) {
    this.buffer = gpu.device.createBuffer({ label, size: 4 * layout.elements, usage: USAGE() });
  }

  write(flat: Float32Array<ArrayBuffer>): void {
    this.gpu.device.queue.writeBuffer(this.buffer, 0, flat);
  }

  /** as it is now: what is submitted later does not show */
  async read(): Promise<Float32Array> {
    const { device } = this.gpu;
    const size = 4 * this.layout.elements;
    const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.buffer, 0, staging, 0, size);
    this.gpu.submit(encoder);
    await staging.mapAsync(GPUMapMode.READ);
    const flat = new Float32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return flat;
  }

  dispose(): void {
    this.buffer.destroy();
  }
}

/** Copies the tensors that both layouts have. */
export function copyShared(gpu: Gpu, from: FlatBuffer, to: FlatBuffer): void {
  const sources = new Map(from.layout.places.map((place) => [place.parameter.name, place]));
  const encoder = gpu.device.createCommandEncoder();
  for (const { parameter, offset, size } of to.layout.places) {
    const source = sources.get(parameter.name);
    if (source) encoder.copyBufferToBuffer(from.buffer, 4 * source.offset, to.buffer, 4 * offset, 4 * size);
  }
  gpu.submit(encoder);
}
