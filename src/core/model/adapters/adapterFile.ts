/**
 * What lies in the file of an adapter that peft saved, whatever stands in front of its names; nothing of it is passed
 * over.
 */
import type { NamedTensor, StoredTensors } from '../../../contract/checkpoint';
import { LabError } from '../../../contract/errors';
import { countOf } from '../../../contract/numbers';
import { isShape } from '../../tensor/shapes';
import { transpose } from '../huggingFace';

export const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** what is in front of a name in an adapter's file, or between its parts */
const bareName = (name: string): string =>
  name
    .replace(/^(?:base_model\.model\.)?(?:transformer\.)?/, '')
    .replace(/\.modules_to_save(?:\.default)?\./, '.')
    .replace(/\.(lora_[AB])\.default\./, '.$1.')
    .replace(/\.(lora_embedding_[AB])(?:\.default|\.weight)?$/, '.$1');

/** the files of an adapter under bare names */
function renamed(stored: StoredTensors): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of stored.shapes.keys()) {
    const bare = bareName(name);
    if (names.has(bare)) fail(`tensors ${names.get(bare)} and ${name} are one by two names`);
    names.set(bare, name);
  }
  return names;
}

export class AdapterFile {
  private readonly names: Map<string, string>;
  private readonly unread: Set<string>;

  constructor(private readonly stored: StoredTensors) {
    this.names = renamed(stored);
    this.unread = new Set(this.names.keys());
  }

  isUnread(bare: string): boolean {
    return this.unread.has(bare);
  }

  /** @throws when it is missing, of another shape, or with numbers that are none */
  async read(bare: string, wanted: readonly number[]): Promise<Float32Array> {
    const name = this.names.get(bare) ?? fail(`tensor ${bare} is missing in the adapter, whose config asks for it`);
    const shape = this.stored.shapes.get(name)!;
    if (!isShape(shape, wanted)) fail(`tensor ${name} is [${shape}], the adapter’s config asks for [${wanted}]`);
    this.unread.delete(bare);
    const data = await this.stored.read(name);
    return data.every(Number.isFinite) ? data : fail(`tensor ${name} holds numbers that are not finite`);
  }

  /** the same of a matrix that peft keeps on its side. @returns ours */
  async readTurned(bare: string, wanted: readonly [number, number]): Promise<NamedTensor> {
    return transpose({ shape: [...wanted], data: await this.read(bare, wanted) });
  }

  /** @throws when something of the file was not asked for */
  close(): void {
    const [first] = this.unread;
    if (first === undefined) return;
    fail(
      `${countOf(this.unread.size, 'tensor', 'tensors')} of the adapter ${this.unread.size === 1 ? 'is' : 'are'} for no layer that its config names: ${this.names.get(first)}`,
    );
  }
}
