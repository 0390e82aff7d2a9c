/** A short run, recorded by the command and played in a lab whose thread really computes. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { MetricPoint } from '../../../src/contract/observations';
import type { RecordingPlan } from '../../../src/contract/recording';
import { writeNotebook } from '../../../src/formats/notebook/write';
import { PLANS, recorded, recordingFile } from '../../../src/headless/record';
import { memoryAddress } from '../../../src/store/address/url';
import { createLab, type Lab } from '../../../src/store/lab';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { recordedLabOf, recordingPlayer } from '../../../src/store/recorded/player';
import { lostSteps, lostWords } from '../../../src/store/recorded/readRecording';
import { kernels } from '../../scenario/engine';
import { loopback } from '../../worker/loopback';
import { SLOW } from '../../worker/specs';

const TODAY = Date.UTC(2026, 10, 30);
const STEPS = 12;
const { pretrain: whole } = PLANS;
const tiny = presetConfig('tiny', 1);
const PLAN: RecordingPlan = {
  ...whole!,
  config: {
    ...whole!.config,
    stories: { ...tiny.stories, stories: 300 },
    model: { ...tiny.model, layers: 1, width: 16, heads: 2 },
    pretrain: { ...tiny.pretrain, steps: STEPS, batchSize: 4, evalEvery: 6 },
  },
};

/** without what a clock measured */
const numbers = (points: readonly MetricPoint[]) =>
  points.map(({ step, values }) => [
    step,
    Object.fromEntries(Object.entries(values).filter(([id]) => !id.startsWith('perf/'))),
  ]);

let found: Awaited<ReturnType<typeof recorded>>;
let bytes: Uint8Array;
beforeAll(async () => {
  found = await recorded(PLAN, () => {});
  bytes = await recordingFile(PLAN, found, TODAY);
}, SLOW);

const open: Lab[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const lab of open.splice(0)) {
    recordingPlayer(lab).getState().leave();
    lab.dispose();
  }
});

let now = 0;
function visitor(): Lab {
  const connect = () => loopback({ kernels }).client;
  const lab = createLab(loopback().client, memoryStorage(), {
    address: memoryAddress('?backend=wasm#/recorded'),
    connect,
    now: () => now,
  });
  open.push(lab);
  return lab;
}
async function playerOn(file: Uint8Array, name = 'short.rlhflab') {
  const lab = visitor();
  const player = recordingPlayer(lab).getState;
  await player().open(async () => new Blob([file as BlobPart]), name);
  return { lab, player, own: () => recordedLabOf(lab)!.getState() };
}

describe('a recorded run', () => {
  it(
    'replayed to its end shows the numbers of the run made again',
    async () => {
      const again = await recorded(PLAN, () => {});
      const { player, own } = await playerOn(bytes);
      expect(player()).toMatchObject({ status: 'ready', trouble: null, step: 0 });
      player().seek(STEPS);
      const { history, state } = own().runs.pretrain;
      expect(state).toMatchObject({ status: 'done', step: STEPS, totalSteps: STEPS });
      expect(history).toHaveLength(STEPS);
      expect(numbers(history)).toEqual(numbers(again.tracks[0]!.points));
      expect(player().tracks[0]!.hash).toBe(again.tracks[0]!.hash);
    },
    SLOW,
  );

  it(
    'is forked at any point: made again to the same bits, and live from there',
    async () => {
      const { player, own, lab } = await playerOn(bytes);
      player().seek(5);
      await player().forkHere();
      expect(player()).toMatchObject({ fork: 'live', isSame: true, trouble: null });
      expect(lab.getState().session.beside).toBe(1);
      expect(own().runs.pretrain.state).toMatchObject({ status: 'paused', step: 5 });
      await own().runs.play('pretrain');
      await vi.waitFor(() => expect(own().runs.pretrain.state?.status).toBe('done'), { timeout: SLOW });
      expect(numbers(own().runs.pretrain.history)).toEqual(numbers(found.tracks[0]!.points));
      expect(lab.getState().runs.pretrain.runId, 'the visitor’s own').toBeNull();
      await player().unfork();
      expect(player()).toMatchObject({ fork: 'none', isSame: null });
      expect(lab.getState().session.beside).toBe(0);
      expect(own().runs.pretrain.history).toHaveLength(5);
    },
    SLOW,
  );

  it(
    'leaves a fork that is given up while it is made alone, and forks elsewhere meanwhile',
    async () => {
      const { player, own } = await playerOn(bytes);
      player().seek(9);
      const first = player().forkHere();
      await player().unfork();
      expect(player()).toMatchObject({ fork: 'none', step: 9, trouble: null });
      expect(own().runs.pretrain).toMatchObject({ runId: 'recorded', state: { step: 9 } });
      player().seek(4);
      const second = player().forkHere();
      await first;
      expect(player().fork, 'the one that was given up says nothing').toBe('computing');
      await second;
      expect(player()).toMatchObject({ fork: 'live', isSame: true, trouble: null });
      expect(own().runs.pretrain.history).toHaveLength(4);
    },
    SLOW,
  );

  it(
    'plays as fast as it was made, or at another speed, and stops at its end',
    async () => {
      const { player, own } = await playerOn(bytes);
      const { points } = found.tracks[0]!;
      vi.useFakeTimers();
      now = 0;
      player().toggle();
      now = points[2]!.elapsedMs;
      vi.advanceTimersByTime(60);
      expect(player()).toMatchObject({ isPlaying: true, step: 3 });
      expect(own().runs.pretrain.history).toHaveLength(3);
      player().setSpeed(4);
      now += points.at(-1)!.elapsedMs / 4;
      vi.advanceTimersByTime(60);
      expect(player()).toMatchObject({ isPlaying: false, step: STEPS });
    },
    SLOW,
  );
});

describe('a file that is no sound recording', () => {
  const refused = async (file: Uint8Array, words: RegExp) => {
    const { player, lab } = await playerOn(file, 'talk.rlhflab');
    expect(player()).toMatchObject({ status: 'failed', tracks: [] });
    expect(player().trouble).toMatch(words);
    expect(recordedLabOf(lab)).toBeNull();
  };
  const written = async (tracks: typeof found.tracks) => recordingFile(PLAN, { ...found, tracks }, TODAY);

  it('is refused by its name: cut, foreign, or a notebook without a run', async () => {
    await refused(bytes.subarray(0, bytes.length / 2), /^talk\.rlhflab: /);
    await refused(new Uint8Array(4000).fill(80), /^talk\.rlhflab: /);
    async function* nothing() {
      yield { path: 'settings/config.json', record: PLAN.config };
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of writeNotebook(nothing(), TODAY)) pieces.push(piece);
    await refused(Uint8Array.from(Buffer.concat(pieces)), /^talk\.rlhflab: it holds no recording\.$/);
  });

  it('is refused where a number was changed by hand', async () => {
    const [track] = found.tracks;
    const points = track!.points.map((point, i) =>
      i === 3 ? { ...point, values: { ...point.values, 'train/loss': 0 } } : point,
    );
    await refused(await written([{ ...track!, points }]), /the numbers of recording\/1 do not match their hash\.$/);
  });
});

describe('a recording with a damaged part', () => {
  /** one byte of a file in it is another */
  const flipped = (file: Uint8Array, path: string): Uint8Array => {
    const damaged = file.slice();
    const at = Buffer.from(file).indexOf(path) + path.length + 20; // in what it holds, behind its name
    damaged[at] = damaged[at]! ^ 1;
    return damaged;
  };
  const shipped = (id: string) => new Uint8Array(readFileSync(`public/recordings/${id}.rlhflab`));

  it('loses its steps alone, which are named; the rest plays', { timeout: SLOW }, async () => {
    const { player, own } = await playerOn(flipped(shipped('pretrain'), 'recording/1/points/2.jsonl'));
    expect(player()).toMatchObject({ status: 'ready', trouble: null });
    expect(player().losses).toEqual(['Steps 21–40 of Pretrain are damaged and left out']);
    expect(player().tracks[0]!.lost).toEqual([[21, 40]]);
    player().seek(600);
    const steps = own().runs.pretrain.history.map(({ step }) => step);
    expect(steps).toHaveLength(580);
    expect(steps).not.toContain(30);
    expect(steps).toContain(41);
  });

  it('loses texts, or one of its runs, and what it says of itself without what is sound', {
    timeout: SLOW,
  }, async () => {
    const texts = await playerOn(flipped(shipped('ppo'), 'recording/2/looks/1.jsonl'));
    expect(texts.player().losses).toEqual(['some texts of PPO are damaged and left out']);
    expect(texts.player().tracks).toHaveLength(2);
    const run = await playerOn(flipped(shipped('ppo'), 'recording/1/run.json'));
    expect(run.player().tracks.map(({ kind }) => kind)).toEqual(['ppo']);
    expect(run.player().losses).toHaveLength(1);
    const about = await playerOn(flipped(shipped('dpo'), 'recording/about.json'));
    expect(about.player()).toMatchObject({ status: 'ready', about: { title: 'A recording without a name' } });
    expect(about.player().losses).toEqual(['what it says of itself is damaged']);
  });

  it('is refused where nothing of it is left', { timeout: SLOW }, async () => {
    const { player } = await playerOn(flipped(shipped('dpo'), 'recording/1/run.json'), 'talk.rlhflab');
    expect(player().status).toBe('failed');
    expect(player().trouble).toMatch(/^talk\.rlhflab: /);
  });

  it('holds marks where texts changed, and how long it took to come to each step', { timeout: SLOW }, async () => {
    const { player, own } = await playerOn(shipped('dpo'));
    const { marks, totalSteps, kind, elapsedMs } = player().tracks[0]!;
    expect(kind).toBe('dpo');
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.every((mark) => mark >= 0 && mark <= totalSteps)).toBe(true);
    expect(player().forkMs).toBe(0);
    player().seek(totalSteps);
    expect(player().forkMs).toBe(elapsedMs);
    expect(own().runs.dpo.history.at(-1)!.values['rewards/margins']).toBeGreaterThan(0);
  });

  it.each([
    [[1, 2, 3], 3, []],
    [
      [2, 5],
      6,
      [
        [1, 1],
        [3, 4],
        [6, 6],
      ],
    ],
    [[], 2, [[1, 2]]],
  ])('finds the holes of %j', (steps, total, lost) => {
    expect(
      lostSteps(
        steps.map((step) => ({ step }) as MetricPoint),
        total,
      ),
    ).toEqual(lost);
  });

  it('are one or many', () => {
    expect(lostWords('ppo', [[3, 3]])).toBe('Iteration 3 of PPO is');
    const holes = [
      [3, 8],
      [12, 12],
    ] as const;
    expect(lostWords('pretrain', holes)).toBe('Steps 3–8, 12 of Pretrain are');
  });
});
