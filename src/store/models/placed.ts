import type { CheckpointInfo } from '../../contract/domain';
import { rewardKey } from '../../contract/settings/whichReward';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import { axisOf, METHODS, type Method } from '../runs/methodTrail';
import type { LabState, PlacedModel, PlacedSlice } from '../state';
import { checkpointById } from './inUse';

/** as many as the methods themselves look at (measure.ts), so that the points compare */
const TEXTS = 64;
/** more names than these cannot be read on one chart */
const MOST = 8;

/**
 * @returns models of the shelf that can stand on the axis of this method's run and are not on it already; newest last
 */
export function placeable(state: LabState, method: Method): CheckpointInfo[] {
  const { spec } = state.runs[method];
  if (spec?.kind !== 'ppo' && spec?.kind !== 'dpo' && spec?.kind !== 'bestOf') return [];
  const reference = checkpointById(state, spec.baseId);
  const ends = [...METHODS.map((kind) => state.runs[kind].state), ...state.earlier.runs].map(
    (run) => run?.checkpointId,
  );
  const placed = state.placed.models
    .filter(({ axis }) => axis === axisOf(spec))
    .map(({ checkpointId }) => checkpointId);
  const fits = ({ checkpointId, kind, tokenizerKey }: CheckpointInfo) =>
    kind !== 'reward' &&
    checkpointId !== spec.baseId &&
    ![...ends, ...placed].includes(checkpointId) &&
    tokenizerKey === reference?.tokenizerKey;
  return state.shelf.checkpoints.filter(fits).slice(-MOST);
}

export const placedSlice = (context: Context): PlacedSlice => ({
  models: [],
  busy: false,
  forget: () => context.patch('placed', { models: [] }),
  async measure(method) {
    const { spec } = context.get().runs[method];
    const axis = axisOf(spec);
    if (
      context.get().placed.busy ||
      axis === null ||
      (spec?.kind !== 'ppo' && spec?.kind !== 'dpo' && spec?.kind !== 'bestOf')
    )
      return;
    const { baseId: referenceId, rewardId, rater, seed, config } = spec;
    const isMixed = rewardKey(config) !== null; // the reward model’s score alone is another quantity
    context.patch('placed', { busy: true });
    const measureAll = async ({ context: { call }, tell }: Course) => {
      const placed: PlacedModel[] = [];
      const waiting = placeable(context.get(), method);
      for (const { checkpointId, name } of waiting) {
        tell({ done: placed.length, total: waiting.length, label: 'measuring models' });
        const params = {
          policyId: checkpointId,
          referenceId,
          rewardId,
          rater,
          seed,
          temperature: config.temperature,
          texts: TEXTS,
        };
        const { kl, score, gold } = (await call('measure/policy', params)).measurement;
        const proxy = isMixed ? null : (score?.value ?? null);
        const point = { step: 0, kl: kl.value, proxy, gold: gold?.value ?? null };
        placed.push({ checkpointId, name, axis, point });
      }
      context.patch('placed', { models: [...context.get().placed.models, ...placed] });
    };
    await attempt(context, () => longWork(context, 'measureModels', measureAll));
    context.patch('placed', { busy: false });
  },
});
