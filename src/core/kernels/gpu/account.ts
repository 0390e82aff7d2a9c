/**
 * What a graphics card is asked to do, counted where everything passes: at the device, which tf.js and recorded plans
 * share. Between two readings lies what a step cost, whichever executor took it.
 *
 *   step ├── JavaScript ──┤├──── waiting for the card ────┤   dispatches, submits, buffers, bind groups, bytes held
 *   card      ├─ pass ─┤├─ pass ─┤ …                          milliseconds, where the card has a clock
 */
import { PassTimer } from './passTimer';
import { flushTf } from './tensors';

/** Everything since the account was opened, except `bytes`, which is what is held now. */
export interface Reading {
  dispatches: number;
  submits: number;
  /** made */
  buffers: number;
  /** made */
  bindGroups: number;
  /** of all buffers that were not destroyed: weights, gradients, arenas, tensors of tf.js */
  bytes: number;
  /** milliseconds of JavaScript: all time but that between the last request and an answer of the card */
  scriptMs: number;
}

/** replaces one method of a platform's object */
function replace<T extends object, K extends keyof T>(target: T, method: K, make: (original: T[K]) => T[K]): void {
  const original = target[method] as (...args: unknown[]) => unknown;
  target[method] = make(original.bind(target) as T[K]);
}

export class Account {
  /** null where the card has no clock */
  readonly timer: PassTimer | null;
  private readonly counts: Reading = { dispatches: 0, submits: 0, buffers: 0, bindGroups: 0, bytes: 0, scriptMs: 0 };
  /** until here `scriptMs` is counted */
  private countedUntil: number;

  /** @param now milliseconds, steady */
  constructor(
    device: GPUDevice,
    private readonly now: () => number,
  ) {
    this.countedUntil = now();
    // its own buffers are not counted
    this.timer = device.features.has('timestamp-query') ? new PassTimer(device) : null;
    this.watchMemory(device);
    this.watchWork(device);
  }

  get reading(): Reading {
    this.countScript();
    return { ...this.counts };
  }

  /**
   * Ends a timed stretch. @returns milliseconds of its passes; null when the card has no clock, or too many passes for
   * it
   */
  async readTimer(): Promise<number | null> {
    if (!this.timer) return null;
    flushTf(); // a pass that was not submitted has no end
    return this.timer.read();
  }

  private watchMemory(device: GPUDevice): void {
    replace(device, 'createBindGroup', (create) => (descriptor) => {
      this.counts.bindGroups++;
      return create(descriptor);
    });
    replace(device, 'createBuffer', (create) => (descriptor) => {
      const buffer = create(descriptor);
      this.counts.buffers++;
      this.counts.bytes += descriptor.size;
      this.watchBuffer(buffer, descriptor);
      return buffer;
    });
  }

  private watchBuffer(buffer: GPUBuffer, { size, usage }: GPUBufferDescriptor): void {
    let held = size;
    replace(buffer, 'destroy', (destroy) => () => {
      this.counts.bytes -= held;
      held = 0;
      return destroy();
    });
    if (usage & GPUBufferUsage.MAP_READ)
      replace(
        buffer,
        'mapAsync',
        (map) =>
          (...range) =>
            this.awaiting(map(...range)),
      );
  }

  private watchWork(device: GPUDevice): void {
    replace(device.queue, 'submit', (submit) => (buffers) => {
      this.counts.submits++;
      submit(buffers);
      this.countScript();
    });
    replace(device.queue, 'onSubmittedWorkDone', (done) => () => this.awaiting(done()));
    replace(device, 'createCommandEncoder', (create) => (descriptor) => {
      const encoder = create(descriptor);
      replace(encoder, 'beginComputePass', (begin) => (options) => this.watchPass(begin(this.timed(options))));
      return encoder;
    });
  }

  private timed(options: GPUComputePassDescriptor | undefined): GPUComputePassDescriptor | undefined {
    const timestampWrites = this.timer?.timestampWrites;
    return timestampWrites ? { timestampWrites, ...options } : options;
  }

  private watchPass(pass: GPUComputePassEncoder): GPUComputePassEncoder {
    replace(pass, 'dispatchWorkgroups', (dispatch) => (x, y, z) => {
      this.counts.dispatches++;
      return dispatch(x, y, z);
    });
    return pass;
  }

  /** steps may overlap: what is computed while an older answer is still on its way is JavaScript */
  private async awaiting<T>(answer: Promise<T>): Promise<T> {
    this.countScript();
    try {
      return await answer;
    } finally {
      this.countedUntil = this.now();
    }
  }

  private countScript(): void {
    const now = this.now();
    this.counts.scriptMs += now - this.countedUntil;
    this.countedUntil = now;
  }
}

const accounts = new WeakMap<GPUDevice, Account>();

/** @returns the account of this device, opened at the first call: everything from then on is in it */
export function accountOf(device: GPUDevice, now: () => number): Account {
  const account = accounts.get(device) ?? new Account(device, now);
  accounts.set(device, account);
  return account;
}
