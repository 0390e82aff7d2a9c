/** What lessons have made travels in the notebook, each lesson in a notebook of its own. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointInfo } from '../../../src/contract/domain';
import { openNotebook } from '../../../src/formats/notebook/read';
import { writeNotebook } from '../../../src/formats/notebook/write';
import { memoryAddress } from '../../../src/store/address/url';
import { createLab, type Lab } from '../../../src/store/lab';
import { sourceOf } from '../../../src/store/notebook/work';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../../src/store/persistence/storage';
import { FakeClient } from '../../helpers/fakeClient';
import { plainVote } from '../../helpers/plainVote';
import { freshDisk, settle } from '../openLab';

const PROGRESS = {
  lessonId: 'judge',
  at: 'end',
  way: [],
  guesses: { end: 'rises' },
  came: {},
  kept: {},
  begun: true,
  isDone: false,
};

interface Machine {
  lab: Lab;
  files: Blob[];
  /** what the lesson's own lab has stored */
  lesson: LabStorage;
}
const open: Lab[] = [];
async function machine(): Promise<Machine> {
  const [files, lesson] = [[] as Blob[], memoryStorage()];
  const lab = createLab(new FakeClient(), memoryStorage(), {
    address: memoryAddress(''),
    storageBeside: (name) => (name === 'lesson-judge' ? { ...lesson, close() {} } : memoryStorage()),
    saveFile: (_, content) => void files.push(content as Blob),
    today: () => Date.UTC(2026, 10, 30),
  });
  open.push(lab);
  await lab.getState().session.boot();
  return { lab, files, lesson };
}
afterEach(() => {
  for (const lab of open.splice(0)) lab.dispose();
});

/** a machine on which a lesson has made a model and cast two votes */
async function taught(): Promise<Machine & { info: CheckpointInfo; bytes: Uint8Array }> {
  const page = await machine();
  const { lab, lesson } = page;
  const donor = (await machine()).lab.getState;
  await donor().shelf.bring('tiny');
  const [info] = donor().shelf.checkpoints;
  const bytes = new Uint8Array(readFileSync('public/checkpoints/tiny.safetensors'));
  const made = { ...info!, checkpointId: 'of-the-lesson', name: 'judge of the lesson', shipped: false };
  await lesson.putCheckpoint({ info: made, bytes });
  await lesson.putOpinions([plainVote(1), plainVote(2)]);
  await lesson.putSetting('fixedPrompt', 'the fox found a kite .');
  lab.getState().guide.put({ progress: { judge: PROGRESS } });
  await lab.getState().notebook.save();
  return { ...page, info: made, bytes };
}

describe('what a lesson has made', () => {
  beforeEach(freshDisk);

  it('is named where the disk has no room for it, and the rest is opened', async () => {
    for (const name of ['putSetting', 'putCheckpoint', 'putOpinions'] as const) {
      const { files } = await taught();
      const other = await machine();
      const full = () => Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'));
      Object.assign(other.lesson, { [name]: full });
      await other.lab.getState().notebook.read(files[0]!, 'lab.rlhflab');
      await settle();
      const { notebook, notices } = other.lab.getState();
      expect(notebook.error).toBeNull();
      expect(notices.notices).toEqual([]);
      expect(notebook.opened?.leftOut).toEqual([expect.stringMatching(/judge.*: the browser had no room for it$/)]);
    }
  });

  it('comes back in its own lab on another machine, and nothing of it in the visitor’s', async () => {
    const { files, info, bytes } = await taught();
    const other = await machine();
    await other.lab.getState().notebook.read(files[0]!, 'lab.rlhflab');
    await settle();
    const { notebook, shelf, opinions } = other.lab.getState();
    expect(notebook.opened).toMatchObject({ leftOut: [] });
    expect(notebook.opened!.holds).toContain('what 1 lesson made');
    const stored = await other.lesson.load();
    expect(stored.checkpointIds).toEqual(['of-the-lesson']);
    expect(await other.lesson.checkpoint('of-the-lesson')).toEqual({ info, bytes });
    expect(stored.opinions).toHaveLength(2);
    expect(stored.settings.fixedPrompt).toBe('the fox found a kite .');
    expect(shelf.checkpoints.map(({ checkpointId }) => checkpointId)).not.toContain('of-the-lesson');
    expect(opinions.all).toEqual([]);
  });

  it('stays where the lesson has something already', async () => {
    const { files } = await taught();
    const other = await machine();
    await other.lesson.putOpinions([plainVote(9)]);
    await other.lab.getState().notebook.read(files[0]!, 'lab.rlhflab');
    await settle();
    const stored = await other.lesson.load();
    expect(stored.opinions).toEqual([plainVote(9)]);
    expect(stored.checkpointIds).toEqual([]);
  });

  it('is named where it is damaged, and costs the rest nothing', async () => {
    const { files } = await taught();
    const whole = await openNotebook(sourceOf(files[0]!));
    async function* items() {
      yield { path: 'opinions', list: [plainVote(3)] };
      yield { path: 'lessons/judge.rlhflab', bytes: (await whole.bytes('lessons/judge.rlhflab')).slice(0, 900) };
    }
    const pieces: BlobPart[] = [];
    for await (const piece of writeNotebook(items(), 0)) pieces.push(piece as BlobPart);
    const other = await machine();
    await other.lab.getState().notebook.read(new Blob(pieces), 'cut.rlhflab');
    await settle();
    const { notebook, opinions } = other.lab.getState();
    expect(notebook.opened!.leftOut.join()).toContain('lessons/judge.rlhflab');
    expect(opinions.all).toEqual([plainVote(3)]);
    expect((await other.lesson.load()).checkpointIds).toEqual([]);
  });
});

describe('a notebook of thousands of parts', () => {
  beforeEach(freshDisk);

  it('opens with all of its votes, and with all but those of a damaged part', { timeout: 60_000 }, async () => {
    const count = 4000;
    const votes = Array.from({ length: count }, (_, i) => plainVote(i));
    async function* items() {
      yield { path: 'opinions', list: votes, each: 1 };
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of writeNotebook(items(), 0)) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const other = await machine();
    await other.lab.getState().notebook.read(new Blob([bytes as BlobPart]), 'many.rlhflab');
    await settle();
    expect(other.lab.getState().opinions.all).toEqual(votes);

    const at = bytes.indexOf('opinions/2000.jsonl') + 'opinions/2000.jsonl'.length + 10;
    bytes[at] = bytes[at]! ^ 1;
    const again = await machine();
    await again.lab.getState().notebook.read(new Blob([bytes as BlobPart]), 'many.rlhflab');
    await settle();
    expect(again.lab.getState().opinions.all).toHaveLength(count - 1);
    expect(again.lab.getState().notebook.opened!.leftOut.join()).toContain('opinions/2000.jsonl');
  });
});
