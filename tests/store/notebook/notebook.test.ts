/**
 * The whole lab as one file: saved on one machine, opened on another. The lab is the recorded one of version 3 (see
 * persistence/storedLab.test.ts): votes of two rounds, rankings, demonstrations, models, a reward run paused half-way,
 * a finished DPO run.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { RunKind } from '../../../src/contract/domain';
import { NO_TASTE } from '../../../src/contract/ownTaste';
import { memoryAddress } from '../../../src/store/address/url';
import { createLab, type Lab } from '../../../src/store/lab';
import { raterInUse } from '../../../src/store/opinions/raterInUse';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../../src/store/persistence/storage';
import { plainVote } from '../../helpers/plainVote';
import { loopback } from '../../worker/loopback';
import { SLOW } from '../../worker/specs';
import { freshDisk, openPage, settle } from '../openLab';
import { fromJson, type StoredDatabase, writeDatabase } from '../persistence/storedLab';

const { database, expected } = fromJson<{
  database: StoredDatabase;
  expected: { finished: { history: { step: number; values: Record<string, number> }[]; checkpointId: string } };
}>(readFileSync('tests/fixtures/labs/version3.json', 'utf8'));

/** wall time differs from run to run */
const numbers = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([id]) => !id.startsWith('perf/')));

/** everything that a storage has, in one object */
async function contentsOf(storage: LabStorage) {
  const lab = await storage.load();
  const { savedAt: _, ...settings } = lab.settings;
  const inOrder = [...lab.checkpointIds].sort();
  const runs = [...lab.runs].sort((one, other) => one.kind.localeCompare(other.kind));
  return {
    settings,
    opinions: lab.opinions,
    duels: lab.duels,
    runs,
    checkpoints: await Promise.all(inOrder.map((id) => storage.checkpoint(id))),
    points: await Promise.all(runs.map(({ runId }) => storage.points(runId))),
    snapshots: await Promise.all(runs.map(({ runId }) => storage.snapshots(runId))),
  };
}

const open: Lab[] = [];
afterEach(() => {
  for (const lab of open.splice(0)) lab.dispose();
});

interface Machine {
  lab: Lab;
  storage: LabStorage;
  files: { fileName: string; content: unknown }[];
}

/** a page with a thread that really computes */
async function machine(storage: LabStorage, href = ''): Promise<Machine> {
  const files: Machine['files'] = [];
  const lab = createLab(loopback().client, storage, {
    address: memoryAddress(href),
    schedule: (commit) => queueMicrotask(commit),
    saveFile: (fileName, content) => void files.push({ fileName, content }),
    today: () => Date.UTC(2026, 10, 30),
  });
  open.push(lab);
  await lab.getState().session.boot();
  return { lab, storage, files };
}

async function recordedLab(): Promise<Machine> {
  freshDisk();
  await writeDatabase(structuredClone(database));
  return machine(idbStorage());
}

async function saved({ lab, files }: Pick<Machine, 'lab' | 'files'>): Promise<Blob> {
  await lab.getState().notebook.save();
  return files.at(-1)!.content as Blob;
}

async function play(lab: Lab, kind: RunKind): Promise<void> {
  const state = () => lab.getState().runs[kind].state;
  await lab.getState().runs.play(kind);
  await new Promise<void>((resolve) => {
    const look = () => state()?.status === 'done' && resolve();
    lab.subscribe(look);
    look();
  });
}

describe('a notebook of a whole lab', () => {
  it(
    'opens on another machine as it was saved, and its run goes on to the same numbers',
    async () => {
      const first = await recordedLab();
      await settle();
      const file = await saved(first);
      expect(first.files.at(-1)!.fileName).toBe('lab-2026-11-30.rlhflab');
      const before = await contentsOf(first.storage);

      const other = await machine(memoryStorage(), '?preset=small&seed=7');
      await other.lab.getState().notebook.read(file, 'lab.rlhflab');
      await settle();
      const { notebook, notices, runs, opinions, shelf } = other.lab.getState();
      expect(notices.notices).toEqual([]);
      expect(notebook).toMatchObject({ waiting: null, error: null, opened: { leftOut: [], notes: [] } });
      expect(notebook.opened?.holds).toEqual(
        expect.arrayContaining(['38 votes', '10 rankings', '2 models', 'The reward model, step 4 of 8']),
      );
      expect(await contentsOf(other.storage)).toEqual(before);
      expect(opinions.all).toEqual(first.lab.getState().opinions.all);
      expect(shelf.checkpoints).toEqual(first.lab.getState().shelf.checkpoints);

      expect(runs.reward.state).toMatchObject({ status: 'paused', step: 4, totalSteps: 8 });
      await play(other.lab, 'reward');
      const done = other.lab.getState().runs.reward;
      expect(done.history.map(({ step, values }) => ({ step, values: numbers(values) }))).toEqual(
        expected.finished.history,
      );
      expect(done.state?.checkpointId).toBe(expected.finished.checkpointId);
    },
    SLOW,
  );

  it(
    'is the same after a second journey',
    async () => {
      const first = await recordedLab();
      await settle();
      const file = await saved(first);
      const other = await machine(memoryStorage());
      await other.lab.getState().notebook.read(file, 'lab.rlhflab');
      await settle();
      const again = await machine(memoryStorage());
      const second = await saved(other);
      await again.lab.getState().notebook.read(second, 'lab.rlhflab');
      await settle();
      expect(await contentsOf(again.storage)).toEqual(await contentsOf(other.storage));
    },
    SLOW,
  );
});

describe('a notebook beside what is here', () => {
  it(
    'asks first, then adds what is missing and leaves everything that is here as it is',
    async () => {
      const file = await saved(await recordedLab());
      const { lab } = await machine(memoryStorage());
      const mine = plainVote(1);
      await lab.getState().opinions.add([mine]);
      lab.getState().view.setTheme('light');
      await lab.getState().notebook.read(file, 'lab.rlhflab');
      expect(lab.getState().notebook.waiting?.holds).toContain('38 votes');
      expect(lab.getState().opinions.all).toEqual([mine]);
      expect(lab.getState().shelf.checkpoints).toEqual([]);

      await lab.getState().notebook.take();
      await settle();
      const { opinions, shelf, view, config, runs, notebook, demonstrations } = lab.getState();
      expect(opinions.all).toHaveLength(49);
      expect(opinions.all).toContainEqual(mine);
      expect(shelf.checkpoints).toHaveLength(2);
      expect(demonstrations.all.length).toBeGreaterThan(0);
      expect(view.theme).toBe('light');
      expect(config.value).toEqual(presetConfig('tiny'));
      expect(runs.reward.state).toMatchObject({ status: 'paused', step: 4 });
      expect(notebook).toMatchObject({ waiting: null, error: null });
    },
    SLOW,
  );

  it(
    'adds nothing twice, and leaves a run where one of its kind is here',
    async () => {
      const first = await recordedLab();
      const file = await saved(first);
      const before = await contentsOf(first.storage);
      await first.lab.getState().notebook.read(file, 'lab.rlhflab');
      expect(first.lab.getState().notebook.waiting?.notes).toContain(
        'The reward model is here already, and the run of the notebook is left in it.',
      );
      await first.lab.getState().notebook.take();
      await settle();
      expect(first.lab.getState().opinions.all).toHaveLength(48);
      expect(await contentsOf(first.storage)).toEqual(before);
    },
    SLOW,
  );

  it(
    'changes nothing where it is left closed',
    async () => {
      const file = await saved(await recordedLab());
      const { lab } = await openPage({ storage: memoryStorage() });
      await lab.getState().opinions.add([plainVote(1)]);
      await lab.getState().notebook.read(file, 'lab.rlhflab');
      await lab.getState().notebook.drop();
      await lab.getState().notebook.take();
      expect(lab.getState().opinions.all).toHaveLength(1);
      expect(lab.getState().notebook).toMatchObject({ waiting: null, opened: null });
      lab.dispose();
    },
    SLOW,
  );
});

describe('a notebook that is no good', () => {
  const refused = async (file: Blob): Promise<string | undefined> => {
    const { lab } = await openPage({ storage: memoryStorage() });
    await lab.getState().notebook.read(file, 'lab.rlhflab');
    const { notebook, opinions, notices } = lab.getState();
    expect(opinions.all).toEqual([]);
    expect(notices.notices.map(({ code }) => code)).toEqual(['file/notebook']);
    lab.dispose();
    return notebook.error?.message;
  };

  it(
    'is named in a sentence, and nothing is changed',
    async () => {
      const whole = await saved(await recordedLab());
      expect(await refused(whole.slice(0, Math.floor(whole.size / 2)))).toBe(
        'lab.rlhflab: its table of contents, which stands at the end, is missing: the file was cut, or is not a notebook.',
      );
      expect(await refused(new Blob(['{}']))).toMatch(/^lab\.rlhflab: its table of contents/);
    },
    SLOW,
  );

  it(
    'brings what is sound of it, and names the rest',
    async () => {
      const bytes = new Uint8Array(await (await saved(await recordedLab())).arrayBuffer());
      const path = new TextEncoder().encode('models/1.safetensors');
      const at = bytes.findIndex((_, i) => path.every((byte, j) => bytes[i + j] === byte)) + path.length + 5000;
      bytes[at] = bytes[at]! ^ 1;
      const { lab } = await machine(memoryStorage());
      await lab.getState().notebook.read(new Blob([bytes]), 'lab.rlhflab');
      await settle();
      const { notebook, opinions, shelf } = lab.getState();
      expect(notebook.opened?.leftOut).toEqual(['models/1.safetensors: its checksum is wrong']);
      expect(opinions.all).toHaveLength(48);
      expect(shelf.checkpoints).toHaveLength(1);
    },
    SLOW,
  );

  it(
    'is put down unread where the visitor cancels',
    async () => {
      const file = await saved(await recordedLab());
      const { lab } = await openPage({ storage: memoryStorage() });
      const reading = lab.getState().notebook.read(file, 'lab.rlhflab');
      await new Promise<void>((resolve) => {
        const stop = lab.subscribe(({ work }) => {
          if (!work.underway.openNotebook) return;
          stop();
          resolve();
        });
      });
      lab.getState().work.cancel('openNotebook');
      await reading;
      expect(lab.getState().opinions.all).toEqual([]);
      expect(lab.getState().notebook).toMatchObject({ waiting: null, opened: null, error: null });
      lab.dispose();
    },
    SLOW,
  );
});

describe('what a visitor did beside training', () => {
  const PAIRS = Array.from({ length: 12 }, (_, i) => ({
    prompt: `once ${i}`,
    completions: [`one ${i} .`, `other ${i} .`] as [string, string],
  }));
  const set = { seed: 7, modelHash: 'ab'.repeat(32), pairs: PAIRS };
  const classroom = {
    student: null,
    teacher: { code: 'C45YKV', set, students: 34, taken: [{ code: 'HYF625PWVRAX45VP' }] },
  };
  const history = [{ step: 1, elapsedMs: 5, values: { 'train/loss': 2.5 } }];
  const sweeps = {
    ppoBeta: {
      sweepId: 'ppoBeta' as const,
      seed: 1,
      status: 'done' as const,
      runs: [{ value: 0.1, totalSteps: 1, history, status: 'done' as const, message: '' }],
    },
  };
  const arm = { totalSteps: 1, history, rows: [], accuracy: null };
  const lessons = {
    leash: {
      lessonId: 'leash',
      seed: 1,
      answer: 'falls',
      base: 'Tiny',
      status: 'done' as const,
      arms: { healthy: arm, broken: arm },
      forkAt: null,
    },
  };
  const progress = {
    firstTaste: {
      lessonId: 'firstTaste',
      at: 'vote',
      way: ['read', 'vote'],
      guesses: { read: 'falls' },
      came: { read: 'rises' },
      kept: { 'gold.end': 0.1 },
      begun: true,
      isDone: false,
    },
  };
  const duel = { ...plainVote(5), policyId: 'one', againstId: 'other' };

  it('travels too: a class, lessons with their answers, sweeps, duels, and the own text', async () => {
    const storage = memoryStorage();
    const first = await openPage({ storage });
    first.lab.getState().classroom.put(classroom);
    first.lab.setState((state) => ({
      lesson: { ...state.lesson, records: lessons },
      sweep: { ...state.sweep, records: sweeps },
      guide: { ...state.guide, progress, own: { mine: '{}' } },
    }));
    await first.lab.getState().arena.add([duel], { one: 'One', other: 'Other' });
    await settle();
    await first.lab.getState().notebook.save();
    const other = await openPage({ storage: memoryStorage() });
    await other.lab.getState().notebook.read(first.files.at(-1)!.content as Blob, 'lab.rlhflab');
    await settle();
    const { lesson, guide, sweep, arena, classroom: found, notebook } = other.lab.getState();
    expect(notebook.opened?.leftOut).toEqual([]);
    expect(notebook.opened?.holds).toEqual(
      expect.arrayContaining([
        '1 duel of the arena',
        '2 lessons with what came of them',
        '1 sweep',
        'the class C45YKV',
      ]),
    );
    expect({ lesson: lesson.records, sweep: sweep.records, teacher: found.teacher }).toEqual({
      lesson: lessons,
      sweep: sweeps,
      teacher: classroom.teacher,
    });
    expect(guide).toMatchObject({ progress, own: { mine: '{}' } });
    expect(arena).toMatchObject({ duels: [duel], names: { one: 'One', other: 'Other' } });
    first.lab.dispose();
    other.lab.dispose();
  });

  it('brings a taste of one’s own along, in use or kept beside another rater, with the votes that carry its key', async () => {
    const own = { ...NO_TASTE, liked: ['café 😀', 'the "beach"'], pattern: '^a+$', length: 7 };
    for (const rater of [{ name: 'own' }, { name: 'happy' }] as const) {
      const first = await openPage({ storage: memoryStorage() });
      first.lab.getState().opinions.setOwn(own);
      first.lab.getState().opinions.setRater(rater);
      const judged = { ...plainVote(3), source: 'simulated' as const, rater: { name: 'own' as const, taste: own } };
      await first.lab.getState().opinions.add([judged]);
      await settle();
      await first.lab.getState().notebook.save();
      const other = await openPage({ storage: memoryStorage() });
      await other.lab.getState().notebook.read(first.files.at(-1)!.content as Blob, 'lab.rlhflab');
      await settle();
      const [before, after] = [first.lab.getState(), other.lab.getState()];
      expect(after.opinions.own).toEqual(own);
      expect(raterInUse(after)).toEqual(raterInUse(before));
      expect(after.opinions.all).toEqual(before.opinions.all);
      first.lab.dispose();
      other.lab.dispose();
    }
  });
});
