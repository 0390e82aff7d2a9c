/** An adapter as peft keeps it: two files that belong together. */
import type { StoredTensors } from '../contract/checkpoint';
import { LabError } from '../contract/errors';
import type { FileSet } from './fileSet';
import type { ForeignConfig } from './foreignConfig';
import { objectFile } from './modelFiles';
import { openStoredTensors } from './safetensors';

export const ADAPTER_CONFIG = 'adapter_config.json';
const ADAPTER_TENSORS = 'adapter_model.safetensors';
const PICKLE = 'adapter_model.bin';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** @throws LabError that names the one of the two that is missing */
export function checkAdapterFiles({ names }: FileSet): void {
  if (!names.includes(ADAPTER_CONFIG))
    fail(`${ADAPTER_CONFIG} is missing: it lies beside ${ADAPTER_TENSORS}, and the two are opened together`);
  if (names.includes(ADAPTER_TENSORS)) return;
  if (names.includes(PICKLE))
    fail(
      `${ADAPTER_TENSORS} is missing, and ${PICKLE} is a pickle of Python, which may run anything when it is opened. Save the adapter again with save_pretrained, which writes safetensors`,
    );
  fail(`${ADAPTER_TENSORS} is missing: it lies beside ${ADAPTER_CONFIG}, and the two are opened together`);
}

/** @throws LabError that names what stands in the way */
export async function adapterIn(files: FileSet): Promise<{ config: ForeignConfig; stored: StoredTensors }> {
  checkAdapterFiles(files);
  const config = await objectFile(files, ADAPTER_CONFIG);
  return { config, stored: await openStoredTensors(await files.open(ADAPTER_TENSORS)) };
}
