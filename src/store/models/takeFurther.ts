/** A Python project from where the lab stands. */
import { LabError } from '../../contract/errors';
import { ARCHIVE, projectArchive } from '../../formats/cluster/archive';
import type { Context } from '../context';
import type { Course } from '../page/longWork';
import { rolesOf } from './inUse';

/** @throws LabError in words, where there is no model yet, or one that cannot be taken along */
export async function takeFurther(context: Context, { context: { call } }: Course): Promise<void> {
  const state = context.get();
  const { reference, rewardModel } = rolesOf(state);
  const { startId, policyId } = state.shelf.slots;
  if (reference === null)
    throw new LabError(
      'run/missingInput',
      'There is no model to take along yet: finish Pretrain, or start with the trained model.',
    );
  const bytesOf = async (checkpointId: string) => (await call('shelf/export', { checkpointId, whole: true })).bytes;
  const base = await bytesOf(reference);
  const policy = await bytesOf(startId ?? policyId ?? reference);
  const reward = rewardModel === null ? null : await bytesOf(rewardModel);
  const samples = await call('corpus/samples', { count: 256, seed: state.config.value.seed }).catch(() => []);
  const standing = {
    config: state.config.value,
    models: { base, policy, reward },
    opinions: state.opinions.all,
    demonstrations: state.demonstrations.all,
    prompts: samples.map(({ prompt }) => prompt),
  };
  const pieces = await projectArchive(standing, context.today());
  context.saveFile(ARCHIVE, new Blob(pieces as BlobPart[], { type: 'application/zip' }), 'application/zip');
}
