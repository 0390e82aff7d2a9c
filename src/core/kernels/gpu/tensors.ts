/** Where recorded plans and tf.js meet: tensors go in and out on the same device. */
import { tf, type WebGPUBackend } from '../../tf';
import type { BufferRange } from './memory';

interface TensorData {
  resource?: GPUBuffer;
  /** null when only the card has them */
  values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | null;
}

/** The parts of tf.js's backend that its types hide. */
type Backend = Omit<WebGPUBackend, 'tensorMap'> & {
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  tensorMap: { get(id: object): TensorData };
};

const backend = (): Backend => tf.backend() as unknown as Backend;

/** Hands everything that tf.js has recorded to the queue; what is submitted next comes after it. */
export function flushTf(): void {
  const { ensureCommandEncoderReady, endComputePassEncoder, submitQueue } = backend();
  for (const call of [ensureCommandEncoderReady, endComputePassEncoder, submitQueue]) call.call(backend());
}

/** @param encoder is submitted right after */
export function copyTo(encoder: GPUCommandEncoder, tensor: tf.Tensor, to: BufferRange): void {
  backend().uploadToGPU(tensor.dataId);
  flushTf();
  encoder.copyBufferToBuffer(
    backend().tensorMap.get(tensor.dataId).resource as GPUBuffer,
    0,
    to.buffer,
    to.offset,
    to.size,
  );
}

/**
 * Copies a tensor into a plan's memory before the plan runs. Numbers that still lie on the CPU take the short way.
 * @param encoder is submitted right after
 * @throws when the sizes differ
 */
export function copyIn(encoder: GPUCommandEncoder, tensor: tf.Tensor, to: BufferRange): void {
  if (4 * tensor.size !== to.size) throw new Error(`a tensor of ${tensor.size} numbers does not fit ${to.size / 4}`);
  const { values } = backend().tensorMap.get(tensor.dataId);
  if (values) backend().device.queue.writeBuffer(to.buffer, to.offset, values);
  else copyTo(encoder, tensor, to);
}

/** @returns a tensor of tf.js, owned by the caller, that will hold a plan's memory as it is when the encoder runs */
export function copyOut<T extends tf.Tensor>(
  encoder: GPUCommandEncoder,
  from: BufferRange,
  shape: number[],
  dtype: 'float32' | 'int32' = 'float32',
): T {
  const info = backend().makeTensorInfo(shape, dtype);
  backend().uploadToGPU(info.dataId);
  const { resource } = backend().tensorMap.get(info.dataId);
  encoder.copyBufferToBuffer(from.buffer, from.offset, resource as GPUBuffer, 0, from.size);
  return tf.engine().makeTensorFromTensorInfo(info) as T;
}
