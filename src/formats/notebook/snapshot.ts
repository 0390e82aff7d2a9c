import * as v from 'valibot';
import { ARITHMETICS, type Arithmetic } from '../../contract/config';
import { objectIn } from '../json';
import { openSafetensors } from '../safetensors';

/** under which a stored run has all that is no tensor */
export const RUN_KEY = 'rlhfLabRun';

const MEMORY = v.looseObject({ memory: v.looseObject({ arithmetic: v.optional(v.picklist(ARITHMETICS), 'tf.js') }) });

/**
 * @returns whose rounding the numbers of a stored run have; runs from before that was kept were computed by tf.js
 * @throws LabError('file/checkpoint') where it is no stored run
 */
export function arithmeticOfSnapshot(bytes: Uint8Array): Arithmetic | null {
  const text = openSafetensors(bytes).metadata[RUN_KEY] ?? '';
  const read = v.safeParse(MEMORY, objectIn(new TextEncoder().encode(text)));
  return read.success ? read.output.memory.arithmetic : null;
}
