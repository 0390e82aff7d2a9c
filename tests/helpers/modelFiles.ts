/** Files of models of other programs, as a visitor gives them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { GivenFile } from '../../src/contract/protocol';

const FIXTURES = 'tests/fixtures/interop';

/** by name */
export type ModelFiles = Record<string, Uint8Array<ArrayBuffer>>;

/** @param from a fixture, without its right values */
export const filesOfModel = (from: string): ModelFiles => filesIn(join(FIXTURES, 'gpt2', from));
export const filesOfAdapter = (from: string): ModelFiles => filesIn(join(FIXTURES, 'lora', from));

function filesIn(folder: string): ModelFiles {
  const names = readdirSync(folder).filter((name) => name !== 'golden.json');
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}

export const given = (files: ModelFiles, folder = ''): GivenFile[] =>
  Object.entries(files).map(([name, bytes]) => ({ path: `${folder}${name}`, blob: new Blob([bytes]) }));

export const zipped = (files: ModelFiles, folder = 'owl/'): Uint8Array<ArrayBuffer> =>
  new Uint8Array(zipSync(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [folder + name, bytes]))));

/** the files of `plain` with its config changed */
export function withConfig(changed: Record<string, unknown>): ModelFiles {
  const files = filesOfModel('plain');
  const config = JSON.parse(new TextDecoder().decode(files['config.json'])) as object;
  return { ...files, 'config.json': new TextEncoder().encode(JSON.stringify({ ...config, ...changed })) };
}
