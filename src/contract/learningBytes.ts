/** What it takes when all weights of a model learn: told before a run begins. */
import type { LabConfig } from './config';
import { asksModel } from './settings/whichReward';

const NUMBER = 4;
/** itself, its gradient and two moments of Adam */
const LEARNS = 4 * NUMBER;
/** where the run began, which stays as it is: the reference of PPO and DPO */
const STAYS = NUMBER;

/** @returns bytes of a weight, in all models of the run, each of which is as large as the one that learns */
function bytesEach(kind: 'finetune' | 'reward' | 'ppo' | 'dpo', { ppo }: Pick<LabConfig, 'ppo'>): number {
  const one = STAYS + LEARNS;
  if (kind !== 'ppo') return one;
  const hasCritic = ppo.advantages === 'gae' && ppo.valueModel === 'separate';
  return one + (hasCritic ? LEARNS : 0) + (asksModel(ppo) ? STAYS : 0);
}

/** @returns bytes before the first text is read */
export const learningBytes = (
  kind: 'finetune' | 'reward' | 'ppo' | 'dpo',
  config: Pick<LabConfig, 'ppo'>,
  parameters: number,
): number => bytesEach(kind, config) * parameters;

/** what WebAssembly can address */
export const WASM_BYTES = 2 ** 32;
