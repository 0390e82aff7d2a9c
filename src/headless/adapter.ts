/**
 * `lab adapter CHECKPOINT FOLDER [--base WHERE]`: what a model of the lab learned by adapters, as peft opens it on the
 * trunk.
 */
import { adapterFolder } from '../formats/transformers/adapter';
import { type Exported, readCheckpoint, writeFolder } from './export';
import { checkFolder } from './writable';

/**
 * @param base where peft will find the trunk
 * @throws LabError in words
 */
export async function exportAdapter(checkpoint: string, folder: string, base: string): Promise<Exported> {
  await checkFolder(folder, 'file/checkpoint');
  const file = await readCheckpoint(checkpoint);
  const files = await writeFolder(folder, adapterFolder(file, base));
  return { name: file.meta.name, kind: file.meta.kind, files };
}
