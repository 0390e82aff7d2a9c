import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../../src/contract/domain';
import { readPoint, readRunRecord } from '../../../src/store/notebook/runRecord';
import { noteOnRun } from '../../../src/store/notebook/words';
import type { RunRecord } from '../../../src/store/persistence/storage';
import { fromJson, type StoredDatabase } from '../persistence/storedLab';

const { database } = fromJson<{ database: StoredDatabase }>(readFileSync('tests/fixtures/labs/version3.json', 'utf8'));
const storeOf = (name: string) => database.stores.find((store) => store.name === name)!;
const specs = storeOf('specs');
const RECORDS = (storeOf('runs').values as RunRecord[]).map((record) => ({
  ...record,
  spec: specs.values[specs.keys.indexOf(record.runId)] as RunRecord['spec'],
}));
const reward = RECORDS.find(({ kind }) => kind === 'reward')!;

describe('a run out of a notebook', () => {
  it('is what was stored, when it is sound', () => {
    for (const record of RECORDS) {
      const read = readRunRecord(record, record.kind);
      expect(read?.lost).toEqual([]);
      const { spec, ...rest } = record;
      expect(read?.record).toMatchObject({ ...rest, spec: { kind: spec!.kind, config: spec!.config } });
    }
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a run of another kind', { ...reward, kind: 'ppo' }],
    ['a state of another run', { ...reward, state: { ...reward.state, runId: 'other' } }],
    ['a step that is no number', { ...reward, state: { ...reward.state, step: '4' } }],
    [
      'a setting of another kind',
      { ...reward, spec: { ...reward.spec, config: { ...reward.spec!.config, learningRate: {} } } },
    ],
    ['stored on no day', { ...reward, savedAt: 1e300 }],
    ['no settings', { ...reward, spec: { ...reward.spec, config: null } }],
  ])('is refused where it is %s', (_, value) => {
    expect(readRunRecord(value, 'reward')).toBeNull();
  });

  it('loses only the picture that was forged, by its name', () => {
    const read = readRunRecord({ ...reward, samples: [{ step: 1, samples: 'none' }], review: { step: 1 } }, 'reward');
    expect(read?.lost).toEqual(['samples', 'review']);
    expect(read?.record).toMatchObject({ samples: [], review: null, marks: reward.marks, state: reward.state });
  });

  it('has points with the metrics that the page knows, and a number that is none as it is', () => {
    const values = { 'train/loss': Number.NaN, 'of/tomorrow': 1 };
    expect(readPoint({ step: 1, elapsedMs: 2, values })).toEqual({
      step: 1,
      elapsedMs: 2,
      values: { 'train/loss': Number.NaN },
    });
    expect(readPoint({ step: -1, elapsedMs: 2, values: {} })).toBeNull();
    expect(readPoint({ step: 1, elapsedMs: 2, values: { 'train/loss': '2' } })).toBeNull();
  });
});

describe('what is said of a run that goes on here', () => {
  const engine = (fields: Partial<EngineInfo>): EngineInfo => ({
    backend: 'wasm',
    executor: 'fused',
    threads: 1,
    threadsUp: 1,
    fast: false,
    adapter: null,
    reason: null,
    crossOriginIsolated: true,
    ...fields,
  });
  const note = (arithmetic: 'tf.js' | 'webgpu' | 'wasm' | 'wasmFast', here: Partial<EngineInfo>) =>
    noteOnRun({ record: reward, points: [], snapshots: [{ step: 4, path: '', arithmetic }] }, engine(here));

  it('is nothing where the machine has the arithmetic that it was computed with', () => {
    expect(note('wasm', {})).toBeNull();
    expect(note('wasmFast', {})).toBeNull();
    expect(note('tf.js', {})).toBeNull();
  });

  it('is that digits may differ where it has not', () => {
    expect(note('wasm', { backend: 'webgpu' })).toMatch(/^The reward model was computed by WebAssembly, which/);
    expect(note('wasmFast', { fast: null })).toMatch(/round once, which this machine does not use at the moment/);
    expect(note('webgpu', {})).toMatch(/a graphics card, which/);
    expect(note('webgpu', { backend: 'webgpu' })).toMatch(/on another card the last digits may differ/);
  });
});
