/**
 * The small parts of the comparison with other libraries: what a line says, whether the work is the same, what a row
 * is.
 */
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { countOf } from '../countOf';
import { inRounds } from '../measure';
import { STEP } from '../work';
import { assertSameWork, PeerError, type Task } from './peer';
import { answerOf, preparePytorch } from './pytorch';
import { idOf, limitRow, orLeftOut, type PeersFound, peerRows } from './rows';

describe('a line of a peer', () => {
  it('is an answer of three kinds', () => {
    expect(answerOf('{"ready": "PyTorch 2.13.0+cpu"}')).toEqual({ ready: 'PyTorch 2.13.0+cpu' });
    expect(answerOf('{"check": [4.2, 4.1]}')).toEqual({ check: [4.2, 4.1] });
    expect(answerOf('{"ms": 33.5}')).toEqual({ ms: 33.5 });
  });

  it('tells of trouble in its own words, the first line of them', () => {
    expect(() => answerOf('{"error": "InductorError: no C++ compiler\\nand a long trace"}')).toThrow(
      new PeerError('InductorError: no C++ compiler'),
    );
  });

  it('is no answer when it is something else', () => {
    for (const line of ['Downloading …', '{"check": 4}', 'null', '{}', '{"ms": "33"}', ''])
      expect(() => answerOf(line), line).toThrow(PeerError);
  });

  it('never hides a number that is none', () => {
    expect(answerOf('{"check": [null, "NaN"]}')).toEqual({ check: [Number.NaN, Number.NaN] });
  });
});

const CONFIG = { ...presetConfig('tiny').model, vocabSize: 300 };
const TASK: Task = { kind: 'step', model: { config: CONFIG, weights: {} }, tokens: [[1, 2]], ...STEP };
const OPTIONS = { threads: 1, compiled: false };

describe('a Python', () => {
  it('that is not there is told by name, and nothing waits for it', async () => {
    await expect(preparePytorch('/nowhere/python3', TASK, OPTIONS)).rejects.toThrow(/\/nowhere\/python3/);
  });

  it('that ends without a word is told too', async () => {
    await expect(preparePytorch('true', TASK, OPTIONS)).rejects.toThrow(new PeerError('it ended'));
  });
});

describe('the same work', () => {
  it('agrees to four digits behind the point, as far as the peer goes', () => {
    assertSameWork([4.2, 4.1, 4.0], [4.20009, 4.0999]);
    expect(() => assertSameWork([4.2, 4.1], [4.2, 4.1002])).toThrow(PeerError);
  });

  it('is not what has no numbers, or more than we have', () => {
    for (const theirs of [[], [Number.NaN], [4.2, 4.1]])
      expect(() => assertSameWork([4.2], theirs), `${theirs}`).toThrow(PeerError);
  });
});

describe('a row', () => {
  it('is named by peer and work, and by what is not as usual', () => {
    expect(idOf('torch.cpu', 'step.S', {})).toBe('peer.torch.cpu.step.S');
    expect(idOf('torch.cpu', 'ppo.tiny', { compiled: true, alone: true })).toBe(
      'peer.torch.cpu.ppo.tiny.compiled.oneThread',
    );
  });

  it('has a ratio above 1 where we are faster', () => {
    const entries = [
      { id: 'a', against: 'PyTorch' as const },
      { id: 'b', against: 'naive' as const },
    ];
    const rows = peerRows(entries, [
      [50, 48, 90],
      [40, 39, 41],
      [500, 100, 900],
    ]);
    expect(rows.map(({ id, value, baseline, ratio, against }) => [id, value, baseline, ratio, against])).toEqual([
      ['a', 50, 40, 0.8, 'PyTorch'],
      ['b', 50, 500, 10, 'naive'],
    ]);
    expect(rows[1]!.rounds, 'to see how busy the machine was').toEqual({
      value: [50, 48, 90],
      baseline: [500, 100, 900],
    });
  });

  it('of the limit says what share of it is reached', () => {
    const loop = { flops: 96e6, ms: [2, 1, 4] };
    const row = limitRow('limit', 'step', loop, { flops: 240e6, ms: [10, 8, 20] });
    expect([row.value, row.baseline, row.ratio]).toEqual([48, 24, 0.5]);
    expect(row.rounds).toEqual({ value: [48, 96, 24], baseline: [24, 30, 12] });
  });

  it('comes from rounds in which everyone has a turn', async () => {
    const turns: string[] = [];
    const of = (name: string, values: number[]) => async () => {
      turns.push(name);
      return values.shift()!;
    };
    const readings = await inRounds({ warmUp: 1, runs: 3 }, [of('a', [99, 1, 9, 2]), of('b', [99, 30, 10, 20])]);
    expect(readings).toEqual([
      [1, 9, 2],
      [30, 10, 20],
    ]);
    expect(turns.join('')).toBe('abababab');
  });
});

describe('a peer that cannot take part', () => {
  const found: PeersFound = { peers: [], leftOut: [], rows: [] };

  it('is left out, and that is said', async () => {
    expect(await orLeftOut(found, 'peer.x', () => Promise.reject(new PeerError('no compiler')))).toBeNull();
    expect(await orLeftOut(found, 'peer.y', async () => 5)).toBe(5);
    expect(found.leftOut).toEqual(['peer.x: no compiler']);
  });

  it('does not hide a fault of ours', async () => {
    await expect(orLeftOut(found, 'peer.x', () => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
  });
});

describe('a count among the options', () => {
  it('is a whole number above 0', () => {
    expect(countOf('rounds', '5')).toBe(5);
    for (const value of ['0', '-1', '1.5', 'five', '', '1e3', ' 5'])
      expect(() => countOf('rounds', value), value).toThrow(/--rounds/);
  });
});
