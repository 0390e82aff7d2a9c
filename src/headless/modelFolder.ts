/** A folder of a model, or of an adapter, that another program saved. */
import type { StoredTensors } from '../contract/checkpoint';
import { adapterIn } from '../formats/adapterFiles';
import type { ForeignConfig } from '../formats/foreignConfig';
import { modelIn } from '../formats/modelFiles';
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
    const { config, stored } = await adapterIn(files);
    return use(config, stored);
  });
