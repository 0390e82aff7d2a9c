/**
 * Damaged runs, as a database or a notebook of somebody else may hold them: the thread builds them again and takes a
 * step, or says what is wrong with them.
 */
import type { RunKind, RunSpec } from '../../src/contract/domain';
import { RUN_KEY } from '../../src/formats/notebook/snapshot';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors';
import type { Loopback } from '../worker/loopback';
import { ANY, bestOfSpec, dpoSpec, fineTuneSpec, ppoSpec, pretrainSpec, rewardSpec } from '../worker/specs';
import { finish, startedLab, votesForShorter } from '../worker/started';
import type { Importer } from './moreInputs';
import { mutate } from './mutate';

/** damage in what is said of the run, in a file that is sound around it: there it comes furthest */
const mutateTold: typeof mutate = (file, random) => {
  const { tensors, metadata } = decodeSafetensors(file);
  const { bytes, changes } = mutate(new TextEncoder().encode(metadata[RUN_KEY]), random);
  const told = new TextDecoder().decode(bytes);
  return { bytes: encodeSafetensors(tensors, { ...metadata, [RUN_KEY]: told }), changes };
};

/** what each kind of run is made from */
async function specsOf(lab: Loopback): Promise<Record<RunKind, RunSpec>> {
  const { client } = lab;
  const pretrain = pretrainSpec();
  await client.call('run/create', { runId: 'base', spec: pretrain });
  const baseId = await finish(lab, 'base');
  const reward = rewardSpec(baseId, await votesForShorter(lab, baseId));
  await client.call('run/create', { runId: 'judge', spec: reward });
  const rewardId = await finish(lab, 'judge');
  const demonstrations = await client.call('finetune/demonstrations', { baseId, wish: ANY, count: 12, seed: 1 });
  return {
    pretrain,
    finetune: fineTuneSpec(baseId, demonstrations),
    reward,
    dpo: dpoSpec(baseId, reward.opinions),
    ppo: ppoSpec(baseId, rewardId),
    bestOf: bestOfSpec(baseId, rewardId),
  };
}

/** after its first step */
async function storedRun({ client }: Loopback, spec: RunSpec): Promise<Uint8Array> {
  const runId = `stored ${spec.kind}`;
  await client.call('run/create', { runId, spec });
  await client.call('run/step', { runId });
  const bytes = await client.call('run/snapshot', { runId });
  await client.call('run/dispose', { runId });
  return bytes;
}

const DAMAGED = 'damaged';

/** @returns a reader for a stored run of each kind */
export async function storedRuns(): Promise<Importer[]> {
  const lab = await startedLab();
  const { client } = lab;
  const read = async (snapshot: Uint8Array) => {
    try {
      await client.call('run/restore', { runId: DAMAGED, snapshot });
      await client.call('run/step', { runId: DAMAGED });
    } finally {
      await client.call('run/dispose', { runId: DAMAGED });
    }
  };
  const importers: Importer[] = [];
  for (const spec of Object.values(await specsOf(lab)))
    importers.push({ what: `a stored run: ${spec.kind}`, file: await storedRun(lab, spec), mutate: mutateTold, read });
  for (const { file } of importers) await read(file); // what is made once is made before anything is counted
  for (const runId of ['base', 'judge']) await client.call('run/dispose', { runId });
  return importers;
}
