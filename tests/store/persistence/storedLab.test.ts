/**
 * A lab that an earlier version of the page stored opens as it was left, goes on to the same weights, and gives out the
 * same files. A fixture holds every store of the database and what the page of its day showed of it, wrote into files
 * and trained it to; it is never recorded anew. version3.json is of 2026-11-29: votes of two rounds (all choices,
 * strengths, hidden repeats, old against new, simulated, from a file), rankings, demonstrations, a model of one layer,
 * a reward run paused half-way, a finished DPO run, a vetoed taste.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lineage, RunKind } from '../../../src/contract/domain';
import type { MetricValues } from '../../../src/contract/metrics';
import { choiceOf, groupsIn, type TasteResult, votesIn } from '../../../src/contract/preferences';
import { memoryAddress } from '../../../src/store/address/url';
import { createLab, type Lab } from '../../../src/store/lab';
import { stageStatus } from '../../../src/store/page/stageStatus';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import type { Stage, StageStatus } from '../../../src/store/state';
import { plainVote } from '../../helpers/plainVote';
import { loopback } from '../../worker/loopback';
import { SLOW } from '../../worker/specs';
import { freshDisk, openPage, settle } from '../openLab';
import { fromJson, type StoredDatabase, writeDatabase } from './storedLab';

type Curve = { step: number; values: MetricValues }[];
interface Trained {
  history: Curve;
  /** models are named by their content: the same name, the same weights */
  checkpointId: string;
}
interface RecordedLab {
  database: StoredDatabase;
  expected: {
    shown: { files: Record<string, string>; stages: Record<Stage, StageStatus>; taste: TasteResult; history: Curve };
    finished: Trained & { lineage: Lineage; refitted: TasteResult };
    /** the reward model and the policy that are made anew from the same opinions */
    afresh: Trained & { madeFrom: string };
    dpo: Trained & { madeFrom: string };
  };
}

const recorded = (name: string): RecordedLab => fromJson(readFileSync(`tests/fixtures/labs/${name}.json`, 'utf8'));

/** wall time differs from run to run */
const numbers = (values: MetricValues) =>
  Object.fromEntries(Object.entries(values).filter(([id]) => !id.startsWith('perf/')));

describe('a lab stored by version 3 of the database', () => {
  const { database, expected } = recorded('version3');
  const files: Record<string, string> = {};
  let lab: Lab;
  const state = () => lab.getState();
  const curve = (kind: RunKind) =>
    state().runs[kind].history.map(({ step, values }) => ({ step, values: numbers(values) }));
  const play = async (kind: RunKind) => {
    await state().runs.play(kind);
    await new Promise<void>((resolve) => {
      const look = () => state().runs[kind].state?.status === 'done' && resolve();
      lab.subscribe(look);
      look();
    });
  };

  beforeAll(async () => {
    freshDisk();
    await writeDatabase(database);
    lab = createLab(loopback().client, idbStorage(), {
      address: memoryAddress(),
      schedule: (commit) => queueMicrotask(commit),
      saveFile: (fileName, content) => {
        files[fileName] = content as string;
      },
    });
    await state().session.boot();
  }, SLOW);
  afterAll(() => lab.dispose());

  it('opens without a complaint, every stage as it was left', () => {
    expect(state().notices.notices).toEqual([]);
    const stages = Object.keys(expected.shown.stages) as Stage[];
    expect(Object.fromEntries(stages.map((stage) => [stage, stageStatus(state(), stage)]))).toEqual(
      expected.shown.stages,
    );
    expect(state().session.resume).toMatchObject({ votes: 38, rankings: 10, checkpoints: 2 });
  });

  it('gives out the same bytes as files of votes, rankings and demonstrations', async () => {
    await state().opinions.exportFile();
    await state().opinions.exportFile('rankings');
    await state().demonstrations.exportFile();
    // one of them had the id of a vote from the same file: ids are unique among all opinions now
    const { 'rankings.jsonl': rankings = '', ...others } = expected.shown.files;
    expect(files).toEqual({ ...others, 'rankings.jsonl': rankings.replace('elsewhere 1', 'elsewhere 1/ranked') });
  });

  it('remembers what was set', () => {
    expect(state().taste).toMatchObject({ vetoed: ['length'], useRule: true, answered: true });
    expect(state().opinions).toMatchObject({ rater: { name: 'short' }, noise: 0.1 });
    expect(state().demonstrations.wish).toEqual({ happy: true, polite: false, short: false, animal: null });
    expect(state().rounds).toMatchObject({
      pairing: 'versus',
      ended: { 'base-a47e084ccb972655': ['policy-8c74b701ce33f108'] },
    });
    expect(state().view).toMatchObject({ theme: 'dark', smoothing: 0.5 });
    expect(state().runs.fixedPrompt).toBe('the fox found a kite .');
  });

  it('guesses the same taste', async () => {
    await state().taste.infer();
    expect(state().taste.result).toEqual(expected.finished.refitted);
  });

  it('has its reward run paused where it stood, and plays it to the same weights', async () => {
    expect(state().runs.reward.state).toMatchObject({ status: 'paused', step: 4, totalSteps: 8 });
    expect(curve('reward')).toEqual(expected.shown.history);
    await play('reward');
    expect(curve('reward')).toEqual(expected.finished.history);
    expect(state().runs.reward.state?.checkpointId).toBe(expected.finished.checkpointId);
    const made = state().shelf.checkpoints.find(({ checkpointId }) => checkpointId === expected.finished.checkpointId);
    expect(made?.lineage).toEqual(expected.finished.lineage);
  });

  it.each(['reward', 'dpo'] as const)('trains to the same weights on the same opinions: %s', async (kind) => {
    const { history, checkpointId, madeFrom } = kind === 'reward' ? expected.afresh : expected.dpo;
    await state().runs.reset(kind);
    await play(kind);
    expect(curve(kind)).toEqual(history);
    expect(state().runs[kind]).toMatchObject({ madeFrom, state: { checkpointId } });
  });
});

describe('a lab stored by version 3 that is closed again in the middle of its run', () => {
  it(
    'stores no vote with the run twice, and plays it to the same weights',
    async () => {
      const { database, expected } = recorded('version3');
      freshDisk();
      await writeDatabase(database);
      const open = async () => {
        const lab = createLab(loopback().client, idbStorage(), {
          address: memoryAddress(),
          schedule: (commit) => queueMicrotask(commit),
        });
        await lab.getState().session.boot();
        return lab;
      };
      const first = await open();
      await first.getState().runs.step('reward');
      await settle();
      const { runId } = first.getState().runs.reward;
      first.dispose();

      const [newest, older] = await idbStorage().snapshots(runId!);
      expect([newest!.step, older!.step]).toEqual([5, 4]);
      expect(newest!.bytes.length).toBeLessThan(older!.bytes.length);
      const inText = (bytes: Uint8Array) => Buffer.from(bytes).includes('rulePairs');
      expect([inText(newest!.bytes), inText(older!.bytes)]).toEqual([false, true]);
      expect((await idbStorage().load()).runs.find((run) => run.runId === runId)?.labels).toHaveLength(12);
      const second = await open();
      const reward = () => second.getState().runs.reward;
      expect(reward().state).toMatchObject({ status: 'paused', step: 5 });
      await second.getState().runs.play('reward');
      await new Promise<void>((resolve) => {
        second.subscribe(() => reward().state?.status === 'done' && resolve());
      });
      expect(reward().state?.checkpointId).toBe(expected.finished.checkpointId);
      second.dispose();
    },
    SLOW,
  );
});

describe('a lab stored by version 3 that is damaged here and there', () => {
  const { database } = recorded('version3');
  const opened = async (damage: (stores: Map<string, unknown[]>) => void) => {
    freshDisk();
    const copy = structuredClone(database);
    damage(new Map(copy.stores.map(({ name, values }) => [name, values])));
    await writeDatabase(copy);
    return openPage({ storage: idbStorage() });
  };

  it('opens with what can be read, and counts the rest by kind', async () => {
    const { lab } = await opened((stores) => {
      Object.assign(stores.get('votes')![0] as object, { choice: 'c' });
      Object.assign(stores.get('votes')![1] as object, { againstId: '', strength: null });
      Object.assign(stores.get('rankings')![0] as object, { ranks: [7] });
    });
    const { opinions, notices } = lab.getState();
    expect([votesIn(opinions.all).length, groupsIn(opinions.all).length]).toEqual([37, 9]);
    expect(votesIn(opinions.all)[0]).not.toHaveProperty('againstId');
    expect(notices.notices.find(({ code }) => code === 'storage/repaired')?.message).toBe(
      'Of the stored votes, 1 could not be read. Of the stored rankings, 1 could not be read.',
    );
    lab.dispose();
  });

  it('keeps what is given from then on beside what was there, also over another reload', async () => {
    const first = await opened(() => {});
    await first.lab.getState().opinions.add([plainVote(1), plainVote(2, { choice: 'bothBad' })]);
    first.kill();
    const again = await openPage({ storage: idbStorage() });
    const votes = votesIn(again.lab.getState().opinions.all);
    expect(votes).toHaveLength(40);
    expect(votes.slice(-2).map(choiceOf)).toEqual(['a', 'bothBad']);
    expect((await idbStorage().load()).opinions).toHaveLength(50);
    again.kill();
  });
});
