/**
 * Records what a run's numbers look like when it goes well and when it goes wrong, for the tests of the health rules:
 *
 *   npx tsx tests/scenario/record.ts [name …]
 *
 * Writes tests/fixtures/series/<name>.json: how it was made, the reward model's held-out accuracy and the metrics of every
 * iteration as the page would get them, rounded. Tiny, seed 1, the rater who likes happy stories.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Pooling, PpoConfig } from '../../src/contract/config';
import type { MetricPoint } from '../../src/contract/domain';
import { ppo } from '../../src/core/train/ppo';
import { PpoRun } from '../../src/core/train/ppoRun';
import { startWasm } from './engine';
import { accuracyOn, HAPPY, heldOutPairs, openLab, trainReward, votesOf } from './lab';

interface Recording {
  /** what the curves show */
  about: string;
  votes: number;
  pooling: Pooling;
  changes: Partial<PpoConfig>;
}

const RECORDINGS: Record<string, Recording> = {
  healthy: { about: 'the page’s defaults', votes: 300, pooling: 'last', changes: {} },
  leashOff: {
    about: 'β 0 from the start on a sum reward model: runs away, stops parsing, gold turns',
    votes: 300,
    pooling: 'sum',
    changes: { klCoef: 0, temperature: 1, iterations: 20, klCeiling: 0, schedule: 'constant' },
  },
  shortestJoy: {
    about: 'a mean-pooled reward model: every prompt gets the shortest happy text',
    votes: 300,
    pooling: 'mean',
    changes: { klCoef: 0.02, schedule: 'constant' },
  },
  hurried: {
    about: 'far too high a learning rate: most tokens hit the clip',
    votes: 300,
    pooling: 'last',
    changes: { learningRate: 1e-2, iterations: 15, klCeiling: 0, schedule: 'constant' },
  },
  blindCritic: {
    about: 'a critic that is never trained',
    votes: 300,
    pooling: 'last',
    changes: { valueModel: 'shared', valueCoef: 0, iterations: 20 },
  },
  fewVotes: { about: 'a reward model from 12 votes', votes: 12, pooling: 'last', changes: { iterations: 25 } },
};

/** five digits tell a curve */
const rounded = ({ step, values }: MetricPoint) => ({
  step,
  values: Object.fromEntries(
    Object.entries(values).flatMap(([id, x]) => (id.startsWith('perf/') ? [] : [[id, Number((x as number).toPrecision(5))]])),
  ),
});

async function record(name: string, { about, votes, pooling, changes }: Recording): Promise<void> {
  const lab = openLab(1);
  const rewardModel = await trainReward(lab, await votesOf(lab, votes, 2), { pooling });
  const rewardAccuracy = await accuracyOn(lab, rewardModel, pooling, await heldOutPairs(lab));
  const config = { ...lab.config.ppo, ...changes };
  const run = new PpoRun({ seed: 1, config, base: lab.base, rewardModel, pooling, corpus: lab.corpus, rater: HAPPY });
  const points = [];
  for await (const { step, metrics } of ppo(run, () => performance.now())) {
    if (metrics) points.push(rounded({ step, elapsedMs: 0, values: metrics }));
  }
  run.dispose();
  mkdirSync('tests/fixtures/series', { recursive: true });
  const command = `npx tsx tests/scenario/record.ts ${name}`;
  const file = { about, command, votes, pooling, changes, rewardAccuracy, points };
  writeFileSync(`tests/fixtures/series/${name}.json`, `${JSON.stringify(file)}\n`);
  const last = points.at(-1)?.values ?? {};
  console.log(`${name}: accuracy ${rewardAccuracy.toFixed(2)}, ends with ${JSON.stringify(last)}`);
}

await startWasm();
const names = process.argv.slice(2);
for (const [name, recording] of Object.entries(RECORDINGS)) if (names.length === 0 || names.includes(name)) await record(name, recording);
