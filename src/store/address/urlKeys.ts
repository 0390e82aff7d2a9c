import type * as v from 'valibot';
import { SETTING_ROWS } from '../../contract/settings/table';
import { settingTextSchema } from '../../formats/schemas';

/** Where a key of the address lives in the configuration, and which values it may take. */
export interface UrlKey {
  /** dotted path in LabConfig */
  path: string;
  schema: v.GenericSchema<string, unknown>;
}

/** Every key of the address, flat and readable. What is not here is ignored. */
export const URL_KEYS: Readonly<Record<string, UrlKey>> = Object.fromEntries(
  SETTING_ROWS.map(({ path, address, setting }) => [
    address,
    { path: path.join('.'), schema: settingTextSchema(setting) },
  ]),
);
