/** A notebook is gone through before anything is changed: what is kept of it, and what is named. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { openNotebook } from '../../../src/formats/notebook/read';
import { type NotebookItem, writeNotebook } from '../../../src/formats/notebook/write';
import { encodeSafetensors } from '../../../src/formats/safetensors';
import { type Examined, examine } from '../../../src/store/notebook/examine';
import type { Course } from '../../../src/store/page/longWork';
import type { RunRecord } from '../../../src/store/persistence/storage';
import { plainVote } from '../../helpers/plainVote';
import { fromJson, type StoredDatabase } from '../persistence/storedLab';

const { database } = fromJson<{ database: StoredDatabase }>(readFileSync('tests/fixtures/labs/version3.json', 'utf8'));
const storeOf = (name: string) => database.stores.find((store) => store.name === name)!;
const reward = (() => {
  const record = (storeOf('runs').values as RunRecord[]).find(({ kind }) => kind === 'reward')!;
  const specs = storeOf('specs');
  return { ...record, spec: specs.values[specs.keys.indexOf(record.runId)] as RunRecord['spec'] };
})();
const snapshot = (storeOf('snapshots').values as { runId: string; bytes: Uint8Array }[]).find(
  ({ runId }) => runId === reward.runId,
)!;
const apart = {
  ...reward,
  spec: { kind: 'reward', seed: 1, config: reward.spec!.config, baseId: 'base', opinions: [] },
};

const course = { tell: () => undefined } as unknown as Course;

async function* all(items: readonly NotebookItem[]) {
  yield* items;
}
async function bytesOf(items: readonly NotebookItem[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(all(items), 0)) pieces.push(piece.slice());
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}
const examined = async (bytes: Uint8Array): Promise<Examined> =>
  examine(await openNotebook({ size: bytes.length, read: async (begin, end) => bytes.subarray(begin, end) }), course);
const found = async (items: readonly NotebookItem[]): Promise<Examined> => examined(await bytesOf(items));

/** the bytes of a file are others, and nothing else is */
function withDamage(bytes: Uint8Array, path: string): Uint8Array {
  const copy = bytes.slice();
  const name = new TextEncoder().encode(path);
  const at = copy.findIndex((_, i) => name.every((byte, j) => copy[i + j] === byte)) + name.length;
  copy[at + 4] = copy[at + 4]! ^ 0xff;
  return copy;
}

describe('settings of a notebook', () => {
  it('are taken where a page would store them', async () => {
    const config = presetConfig('tiny', 7);
    const lab = await found([
      { path: 'settings/config.json', record: config },
      { path: 'settings/corpus.json', record: { kind: 'stories', config: config.stories, seed: 7 } },
      { path: 'settings/fixedPrompt.json', record: 'the fox sang .' },
      { path: 'settings/savedAt.json', record: 5 },
    ]);
    expect(lab.damaged).toEqual([]);
    expect(lab.settings).toMatchObject({ config, fixedPrompt: 'the fox sang .', savedAt: 5 });
  });

  it.each([
    ['config', { ...presetConfig('tiny'), seed: 'one' }],
    ['config', null],
    ['corpus', { kind: 'text', config: {} }],
    ['lessons', null],
    ['sweeps', [1]],
    ['classroom', { student: 3, teacher: null }],
    ['arena', { names: { one: 1 }, out: [] }],
    ['examples', 'none'],
    ['savedAt', -1],
  ])('are named where they are none: %s', async (key, record) => {
    const lab = await found([{ path: `settings/${key}.json`, record }]);
    expect(lab.settings).toEqual({});
    expect(lab.damaged).toEqual([{ path: `settings/${key}.json`, why: 'it is not what a page stores' }]);
  });
});

describe('lists of a notebook', () => {
  it('keep what is sound in its order, and count the rest', async () => {
    const [one, two] = [plainVote(1), plainVote(2)];
    const lab = await found([{ path: 'opinions', list: [two, { rankingId: 'x', pairId: 'y' }, one, null, 7] }]);
    expect(lab.opinions).toEqual([two, one]);
    expect(lab.damaged).toEqual([
      { path: 'opinions', why: '1 of its votes could not be read' },
      { path: 'opinions', why: '2 of its rankings could not be read' },
    ]);
  });
});

describe('models of a notebook', () => {
  const info = { checkpointId: 'base-1', name: 'Base', kind: 'base', step: 4, shipped: false };
  const bytes = encodeSafetensors({}, {});

  it('are kept with what is said of them', async () => {
    const lab = await found([
      { path: 'models/1.json', record: info },
      { path: 'models/1.safetensors', bytes },
    ]);
    expect(lab).toMatchObject({ damaged: [], models: [{ info, path: 'models/1.safetensors' }] });
  });

  it('are named where they are none', async () => {
    const lab = await found([
      { path: 'models/1.json', record: { ...info, checkpointId: 5 } },
      { path: 'models/1.safetensors', bytes },
      { path: 'models/2.json', record: info },
      { path: 'models/2.safetensors', bytes: new Uint8Array(20) },
    ]);
    expect(lab.models).toEqual([]);
    expect(lab.damaged.map(({ path }) => path)).toEqual(['models/1.json', 'models/2.safetensors']);
  });
});

describe('a run of a notebook', () => {
  const opinions = [plainVote(1), plainVote(2)];
  const items: NotebookItem[] = [
    { path: 'runs/reward/run.json', record: apart },
    { path: 'runs/reward/opinions', list: opinions },
    { path: 'runs/reward/curves', list: [{ step: 1, elapsedMs: 1, values: { 'reward/loss': 0.5 } }] },
    { path: 'runs/reward/snapshots/4.safetensors', bytes: snapshot.bytes },
  ];

  it('has its lists, its curve and its state, with the arithmetic that it was computed by', async () => {
    const lab = await found(items);
    expect(lab.damaged).toEqual([]);
    const [run] = lab.runs;
    expect(run!.record).toMatchObject({ state: { status: 'paused', step: 4 }, spec: { opinions } });
    expect(run!.points).toHaveLength(1);
    expect(run!.snapshots).toEqual([
      { step: 4, path: 'runs/reward/snapshots/4.safetensors', arithmetic: expect.any(String) },
    ]);
  });

  it('brings what it learns from inside its record, as an earlier version has it', async () => {
    const [run] = (await found([{ path: 'runs/reward/run.json', record: reward }])).runs;
    expect((run!.record.spec as { opinions: unknown[] }).opinions.length).toBeGreaterThan(0);
  });

  it('stands still, with its curves, where what it learns from is damaged: it would go on with other votes', async () => {
    const lab = await examined(withDamage(await bytesOf(items), 'runs/reward/opinions/1.jsonl'));
    expect(lab.damaged.map(({ path }) => path)).toEqual(['runs/reward/opinions/1.jsonl']);
    expect(lab.runs[0]).toMatchObject({ record: { state: { status: 'stopped', step: 4 } }, snapshots: [] });
    expect(lab.runs[0]!.points).toHaveLength(1);
  });

  it('has the pairs that a rule labelled for it, and stands still where one cannot be read', async () => {
    const labels = [1, 2].map((i) => ({ prompt: 'a', chosen: `b ${i}`, rejected: 'c', source: 'rule' }));
    const labelled = (list: unknown[]) => found([...items, { path: 'runs/reward/labels', list }]);
    expect((await labelled(labels)).runs[0]!.record.labels).toEqual(labels);
    expect((await found(items)).runs[0]!.record.labels).toEqual([]);
    const lab = await labelled([labels[0], { ...labels[1], chosen: 5 }]);
    expect(lab.damaged).toEqual([{ path: 'runs/reward/labels', why: '1 pair could not be read' }]);
    expect(lab.runs[0]).toMatchObject({ record: { state: { status: 'stopped' } }, snapshots: [] });
  });

  it('stands still where its state is damaged: it would begin anew', async () => {
    const lab = await examined(withDamage(await bytesOf(items), 'runs/reward/snapshots/4.safetensors'));
    expect(lab.damaged.map(({ path }) => path)).toEqual(['runs/reward/snapshots/4.safetensors']);
    expect(lab.runs[0]).toMatchObject({ record: { state: { status: 'stopped' } }, snapshots: [] });
  });
});
