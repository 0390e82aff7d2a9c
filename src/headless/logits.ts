/**
 * `lab logits FOLDER [--adapter FOLDER] [--greedy N]`: a JSON array of token numbers a line in, what the model says
 * after each of them a line out, and how it would go on.
 */
import type { ModelConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import { inWords } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { mergeAdapter } from '../core/model/adapters/merge';
import { adapterNotes } from '../core/model/adapters/readAdapter';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { restoreNetwork } from '../core/model/createNetwork';
import { readForeignWeights } from '../core/model/gpt2/weights';
import { loraOf } from '../formats/adapterConfig';
import { modelOfGpt2 } from '../formats/gpt2Config';
import { startPortable } from './engine';
import { openAdapterFolder, openModelFolder } from './modelFolder';
import { greedyAfter, logitsOf } from './reading';
import { about } from './systemWords';

/** What a line is answered with. */
export interface Said {
  /** by position, then by token */
  logits: number[][];
  greedy?: number[];
}

export interface Doorway {
  /** of the model */
  folder: string;
  /** folder of an adapter for it; null for none */
  adapter: string | null;
  /** how many tokens to go on with; null for none */
  greedy: number | null;
  /** what a visitor of the page would be told beside */
  tell(words: string): void;
}

const fail = (message: string): never => {
  throw new LabError('run/missingInput', message);
};

/** @param line not yet looked at; @throws LabError in words */
function idsIn(line: string, { vocabSize, contextLength }: ModelConfig): number[] {
  let ids: unknown;
  try {
    ids = JSON.parse(line);
  } catch {
    return fail('not JSON');
  }
  if (!Array.isArray(ids) || ids.length === 0) return fail('not a JSON array of token numbers');
  if (ids.length > contextLength)
    return fail(`${countOf(ids.length, 'token')}, and the model reads ${inWords(contextLength)} at once`);
  const strange = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
  return strange === undefined
    ? ids
    : fail(`${JSON.stringify(strange)} is no token: they are numbers from 0 to ${inWords(vocabSize - 1)}`);
}

/** @returns a network of what a folder holds, the caller's to dispose of */
async function openNetwork({ folder, adapter, tell }: Doorway): Promise<CausalNetwork> {
  const { notes, ...base } = await about(folder, () =>
    openModelFolder(folder, (config, stored) => readForeignWeights(stored, modelOfGpt2(config))),
  );
  notes.forEach(tell);
  const { model, tensors } =
    adapter === null
      ? base
      : await about(adapter, () =>
          openAdapterFolder(adapter, (config, stored) => mergeAdapter(base, stored, loraOf(config))),
        );
  adapterNotes(base.model, model).forEach(tell);
  await startPortable();
  return restoreNetwork(model, { language: true, scalar: false }, tensors, 'policy');
}

/**
 * @returns a function from lines to answers
 * @throws LabError that names what stands in the way of the model
 */
export async function logitsDoor(doorway: Doorway): Promise<(line: string) => Promise<Said>> {
  const network = await openNetwork(doorway);
  const { greedy } = doorway;
  return async (line) => {
    const ids = idsIn(line, network.config);
    const logits = await logitsOf(network, ids);
    return greedy === null ? { logits } : { logits, greedy: await greedyAfter(network, ids, greedy) };
  };
}
