import { describe, expect, it } from 'vitest';
import type { CallKind } from '../../../src/contract/protocol';
import type { TranslateProgress } from '../../../src/contract/translate';
import type { Lab } from '../../../src/store/lab';
import { translationOf } from '../../../src/store/translate/translation';

const SHAPE = { layers: 1, heads: 1, width: 2, mlpWidth: 4, parameters: 9, heldOut: 3, sourceWords: 2, targetWords: 2 };

const stood = (step: number, steps: number[]): TranslateProgress => ({
  step,
  totalSteps: 9,
  elapsedMs: step,
  points: steps.map((at) => ({ step: at, elapsedMs: at, values: { 'translator/loss': at } })),
});

/** a lab whose thread answers each advance as it is told to */
function labOf(answers: (TranslateProgress | Promise<TranslateProgress>)[]): { lab: Lab; calls: CallKind[] } {
  const calls: CallKind[] = [];
  let made = 0;
  const call = async (kind: CallKind) => {
    calls.push(kind);
    if (kind === 'translate/create') return { ...stood(0, []), shape: SHAPE };
    return kind === 'translate/advance' ? answers.shift() : { kind: 'empty' };
  };
  const getState = () => ({ config: { value: { seed: 1 } } });
  return { lab: { call, getState, newId: () => `${++made}` } as unknown as Lab, calls };
}

describe('the translation of a lab', () => {
  it('is one, however often it is asked for', () => {
    const { lab } = labOf([]);
    expect(translationOf(lab)).toBe(translationOf(lab));
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
    const pause = getState().pause();
    answer(stood(2, [1, 2]));
    await Promise.all([training, pause]);
    expect(getState()).toMatchObject({ status: 'paused', step: 2, busy: false });
    expect(calls.filter((kind) => kind === 'translate/advance')).toHaveLength(1);
  });
});
