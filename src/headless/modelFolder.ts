/** A folder of a model, or of an adapter, that another program saved. */
import type { StoredTensors } from '../contract/checkpoint';
import type { ForeignConfig } from '../formats/foreignConfig';
import { modelIn, objectFile } from '../formats/modelFiles';
import { openStoredTensors } from '../formats/safetensors';
import { withFolder } from './folder';

type Use<T> = (config: ForeignConfig, stored: StoredTensors) => Promise<T>;

/** @throws LabError that names what stands in the way */
export const openModelFolder = <T>(folder: string, use: Use<T>): Promise<T> =>
  withFolder(folder, async (files) => {
    const { config, stored } = await modelIn(files);
    return use(config, stored);
  });

/** @throws LabError that names what stands in the way */
export const openAdapterFolder = <T>(folder: string, use: Use<T>): Promise<T> =>
  withFolder(folder, async (files) => {
    const config = await objectFile(files, 'adapter_config.json');
    return use(config, await openStoredTensors(await files.open('adapter_model.safetensors')));
  });
