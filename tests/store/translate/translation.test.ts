import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../../src/contract/errors';
import type { CallKind } from '../../../src/contract/protocol';
import type { TranslateProgress } from '../../../src/contract/translate';
import type { Lab } from '../../../src/store/lab';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { type LabStorage, TRANSLATOR } from '../../../src/store/persistence/storage';
import { translationOf } from '../../../src/store/translate/translation';

const SHAPE = { layers: 1, heads: 1, width: 2, mlpWidth: 4, parameters: 9, heldOut: 3, sourceWords: 2, targetWords: 2 };

const stood = (step: number, steps: number[]): TranslateProgress => ({
  step,
  totalSteps: 9,
  elapsedMs: step,
  points: steps.map((at) => ({ step: at, elapsedMs: at, values: { 'translator/loss': at } })),
});

const file = (step: number) => ({ step, bytes: Uint8Array.of(step) });
const damaged = new LabError('storage/corrupt', 'The stored translator cannot be read: it is damaged');

/** a lab whose thread answers each advance as it is told to; step 66 of what is stored cannot be read */
function labOf(
  answers: (TranslateProgress | Error | Promise<TranslateProgress>)[],
  storage: LabStorage = memoryStorage(),
) {
  const calls: CallKind[] = [];
  const said: string[] = [];
  let [made, step, forgotten, beside] = [0, 0, 0, 0];
  const listeners: ((state: object, before: object) => void)[] = [];
  const call = async (kind: CallKind, { saved }: { saved?: Uint8Array }) => {
    calls.push(kind);
    if (kind === 'translate/create') {
      if (saved?.[0] === 66) throw damaged;
      step = saved?.[0] ?? 0;
      return {
        ...stood(
          step,
          [...Array(step).keys()].map((i) => i + 1),
        ),
        seed: saved ? 8 : 1,
        shape: SHAPE,
      };
    }
    if (kind === 'translate/save') return file(step);
    if (kind === 'translate/read') return { kind: 'empty' };
    const answer = await answers.shift();
    if (answer instanceof Error) throw answer;
    step = answer!.step;
    return answer;
  };
  const state = () => ({
    config: { value: { seed: 1 } },
    session: { forgotten, beside },
    notices: { report: ({ message }: { message: string }) => said.push(message) },
  });
  const others = new Set<() => Promise<void>>();
  const write = (name: 'putSnapshot' | 'removeSnapshot', ...values: never[]) =>
    (storage[name] as (...values: never[]) => Promise<void>)(...values);
  const lab = {
    call,
    getState: state,
    setState: (change: (from: ReturnType<typeof state>) => Pick<ReturnType<typeof state>, 'session'>) => {
      beside = change(state()).session.beside;
    },
    newId: () => `${++made}`,
    settled: async () => undefined,
    subscribe: (listener: (typeof listeners)[number]) => listeners.push(listener),
    vault: { read: (read: (from: LabStorage) => unknown) => read(storage), write, others },
  } as unknown as Lab;
  const lose = async () => {
    await storage.clear();
    for (const again of others) await again();
  };
  const forget = () => {
    const before = state();
    forgotten++;
    for (const listener of listeners) listener(state(), before);
  };
  return { lab, calls, said, storage, forget, lose };
}

describe('the translation of a lab', () => {
  it('is one, however often it is asked for', () => {
    const { lab } = labOf([]);
    expect(translationOf(lab)).toBe(translationOf(lab));
  });

  it('reads a sentence that was typed while it was made once it is made, and makes no other one for it', async () => {
    const { lab, calls } = labOf([]);
    const { getState } = translationOf(lab);
    await Promise.all([getState().open(), getState().write('the owl slept')]);
    expect(getState().sentence).toBe('the owl slept');
    expect(calls[0]).toBe('translate/create');
    expect(calls.filter((kind) => kind === 'translate/create')).toHaveLength(1);
  });

  it('says of more than the thread takes what is wrong with it, and does not fail', async () => {
    const { lab, calls } = labOf([]);
    const { getState } = translationOf(lab);
    await getState().open();
    const asked = calls.length;
    const word = 'ab'.repeat(1500);
    await getState().write(`the ${word} slept`);
    expect(getState()).toMatchObject({ unread: { kind: 'unknown', words: [word] }, status: 'idle', error: null });
    await getState().write('the fox '.repeat(5000));
    expect(getState()).toMatchObject({ unread: { kind: 'long', words: 10_000 }, status: 'idle' });
    await getState().write(' '.repeat(9000));
    expect(getState().unread).toEqual({ kind: 'empty' });
    expect(calls.slice(asked)).toEqual([]);
  });

  it('takes the steps again that the thread takes again, after it went on with another engine', async () => {
    const { lab } = labOf([stood(3, [1, 2, 3]), stood(2, [2])]);
    const translation = translationOf(lab);
    await translation.getState().stepOnce();
    await translation.getState().stepOnce();
    const { step, points } = translation.getState();
    expect([step, points.map((point) => point.step)]).toEqual([2, [1, 2]]);
  });

  it('drops what a translator says that was reset meanwhile', async () => {
    let answer = (_: TranslateProgress): void => {};
    const { lab } = labOf([new Promise((resolve) => (answer = resolve))]);
    const { getState } = translationOf(lab);
    const training = getState().train();
    await new Promise((resolve) => setTimeout(resolve));
    const reset = getState().reset();
    answer(stood(4, [1, 2, 3, 4]));
    await Promise.all([training, reset]);
    expect(getState()).toMatchObject({ status: 'idle', step: 0, points: [] });
  });

  it('pulls no further once it was paused', async () => {
    let answer = (_: TranslateProgress): void => {};
    const { lab, calls } = labOf([new Promise((resolve) => (answer = resolve))]);
    const { getState } = translationOf(lab);
    const training = getState().train();
    await new Promise((resolve) => setTimeout(resolve));
    expect(lab.getState().session.beside).toBe(1);
    const pause = getState().pause();
    answer(stood(2, [1, 2]));
    await Promise.all([training, pause]);
    expect(getState()).toMatchObject({ status: 'paused', step: 2, busy: false });
    expect(lab.getState().session.beside).toBe(0);
    expect(calls.filter((kind) => kind === 'translate/advance')).toHaveLength(1);
  });

  const stepsIn = async (storage: LabStorage) => (await storage.snapshots(TRANSLATOR)).map(({ step }) => step);

  it('is stored when it stands, at a look and every ten seconds of training, and comes back with its seed', async () => {
    const look = { ...stood(2, [1]), points: [{ step: 2, elapsedMs: 2, values: { 'translator/exactMatch': 0 } }] };
    const late = { ...stood(4, [4]), elapsedMs: 10_002 };
    const early = { ...stood(5, [5]), elapsedMs: 10_500 };
    const { lab, calls, storage } = labOf([stood(1, [1]), look, stood(3, [3]), late, early, new Error('enough')]);
    await translationOf(lab).getState().stepOnce();
    expect(await stepsIn(storage)).toEqual([1]);
    await translationOf(lab).getState().train();
    expect(await stepsIn(storage)).toEqual([4, 2]);
    expect(calls.filter((kind) => kind === 'translate/save')).toHaveLength(3);

    const reloaded = translationOf(labOf([], storage).lab).getState;
    await reloaded().open();
    expect(reloaded()).toMatchObject({ status: 'paused', step: 4, seed: 8 });
    expect(reloaded().points.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  });

  it('is stored again, as it stands, where storage had no room for it or lost it', async () => {
    const { lab, storage, lose } = labOf([stood(3, [1, 2, 3])]);
    const translation = () => translationOf(lab).getState();
    await translation().open();
    await lose();
    expect(await storage.snapshots(TRANSLATOR), 'at step 0 there is nothing to keep').toEqual([]);
    await translation().stepOnce();
    await lose();
    expect((await storage.snapshots(TRANSLATOR)).map(({ step }) => step)).toEqual([3]);
  });

  it('is forgotten by Reset, and when everything is', async () => {
    const { lab, storage, forget } = labOf([stood(3, [3]), stood(4, [4])]);
    const { getState } = translationOf(lab);
    await getState().stepOnce();
    await getState().reset();
    expect(await stepsIn(storage)).toEqual([]);
    await getState().stepOnce();
    expect(await stepsIn(storage)).toEqual([4]);
    forget();
    await vi.waitFor(() => expect(getState()).toMatchObject({ busy: false, step: 0 }));
    expect(await stepsIn(storage)).toEqual([]);
  });

  it('takes an older one where the newest is damaged, and says so', async () => {
    const storage = memoryStorage();
    for (const step of [5, 66]) await storage.putSnapshot({ runId: TRANSLATOR, kind: TRANSLATOR, ...file(step) });
    const { lab, said } = labOf([], storage);
    await translationOf(lab).getState().open();
    expect(translationOf(lab).getState().step).toBe(5);
    expect(said).toEqual([damaged.message]);
    expect(await stepsIn(storage)).toEqual([5]);
  });

  it('comes back from storage where the thread has lost it, and where the thread was lost', async () => {
    const gone = new LabError('run/missingInput', 'This translator is gone.');
    const crashed = new LabError('engine/crashed', 'The thread ended.');
    const { lab } = labOf([stood(3, [3]), gone, crashed, stood(4, [4])]);
    const { getState } = translationOf(lab);
    await getState().stepOnce();
    await getState().stepOnce();
    expect(getState()).toMatchObject({ status: 'paused', step: 3, error: null });
    await getState().train();
    expect(getState()).toMatchObject({ status: 'paused', step: 3, error: null });
    await getState().stepOnce();
    expect(getState()).toMatchObject({ status: 'paused', step: 4 });
  });
});
