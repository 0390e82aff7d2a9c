/** The browser's process killed at random moments: no acknowledged vote is lost, and every run goes on. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../src/core/tensor/random';
import { openToKill } from '../browsers/chromium';
import { Visitor } from '../browsers/visitor';
import { servePage } from '../helpers/servePage';
import { inShort, type Options, type Part, type Row } from './row';

const KILLS = 20;
/** the guard against a held key */
const GUARD_MS = 400;
/** a kill comes at most so long after the work began */
const LONGEST_LIFE_MS = 3000;

const LONG_RUNS = 'steps=5000&rewardSteps=3000&rewardBatch=8&normalizeSamples=8&rollouts=8&iterations=900&stories=400';
const MINIATURE = 'layers=1&width=16&heads=2&batch=4&evalEvery=200';

/** not "Training · 7", which chooses whose disagreements are listed */
const TRAIN = /^Train\b/;
const STEP = /(?:step|iteration) ([\d,]+) of/;

/** steps of the reward model that PPO asks */
const JUDGED = 4;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function stepOf(visitor: Visitor): Promise<number> {
  return Number(STEP.exec(await visitor.text())?.[1]?.replaceAll(',', ''));
}

/** what is known to be stored */
interface Stored {
  votes: number;
  step: number;
  /** what a lesson asks first */
  said: boolean;
}

interface Phase {
  what: string;
  /** of the address */
  settings: string;
  stage: string;
  /** brings a new profile to where the killing begins */
  prepare(visitor: Visitor): Promise<void>;
  /** after the lab was opened again: @throws unless everything that was stored is there and the work goes on */
  returns(visitor: Visitor, stored: Stored): Promise<void>;
  /** works until the browser is gone; notes what the page says is stored */
  work(visitor: Visitor, stored: Stored, random: Random): Promise<void>;
}

async function startTrained(visitor: Visitor): Promise<void> {
  await visitor.click('button', /^Start with the trained model/);
  await visitor.find('button', /^A is better/);
}

async function simulatedVotes(visitor: Visitor): Promise<void> {
  await startTrained(visitor);
  await visitor.click('button', /^Add simulated votes/);
  await visitor.until('simulated votes', async () => (await visitor.metric('votes/simulated')) > 0 || null);
}

/** a run that is there again at what was stored, or later, and that goes on */
async function resumes(visitor: Visitor, stored: Stored): Promise<void> {
  await visitor.find('button', TRAIN);
  const step = await stepOf(visitor);
  if (!(step >= stored.step)) throw new Error(`the run stands at ${step}, and ${stored.step} was stored`);
  await visitor.click('button', TRAIN);
  await visitor.until('a further step', async () => (await stepOf(visitor)) > step || null);
}

/** a kill finds a run before its end or whole, so a reward model that is not there is trained on */
async function judged(visitor: Visitor): Promise<void> {
  await visitor.openStage('Reward model');
  await visitor.find('button', TRAIN);
  const isThere = (await stepOf(visitor)) >= JUDGED;
  if (!isThere) await visitor.train(new RegExp(`step ${JUDGED} of ${JUDGED}`));
  await visitor.openStage('Optimise');
}

/** a run that plays; every other time it is paused first, which stores it */
async function keepTraining(visitor: Visitor, stored: Stored, random: Random): Promise<void> {
  if (random.integer(2) === 0) return;
  await visitor.click('button', /^Pause/);
  await visitor.find('button', TRAIN);
  stored.step = await stepOf(visitor);
  await visitor.click('button', TRAIN);
}

/** both models that come with the page duel */
export async function bringInBoth(visitor: Visitor): Promise<void> {
  for (const name of [/^Bring in Tiny/, /^Bring in Small/]) await visitor.click('button', name);
  await visitor.find('button', /^A is better/);
}

const duelsOf = async (visitor: Visitor): Promise<number> =>
  Number(/Pair ([\d,]+)\./.exec(await visitor.text())?.[1]?.replaceAll(',', '')) - 1;

/** @returns once the vote is taken */
export async function duel(visitor: Visitor, key: string): Promise<void> {
  await visitor.find('button', /^A is better/);
  const before = await duelsOf(visitor);
  await pause(GUARD_MS);
  await visitor.tab.press(key);
  await visitor.until('the next duel', async () => (await duelsOf(visitor)) === before + 1);
}

/** the second step of a lesson, where somebody votes in its own lab */
export async function voteInLesson(visitor: Visitor): Promise<void> {
  await visitor.openPage('lesson/firstTaste', /^A writer without a wish/);
  await visitor.click('button', /^Next/);
  await visitor.find('button', /^A is better/);
}

const keepVoting: Phase['work'] = async (visitor, stored, random) => {
  for (;;) {
    await visitor.vote([random.pick(['1', '2', 't', 'b'])]);
    stored.votes++;
  }
};

/** every vote that the page had acknowledged is there */
const keepsVotes: Phase['returns'] = async (visitor, stored) => {
  await visitor.find('button', /^A is better/);
  const votes = await visitor.metric('votes/human');
  if (votes < stored.votes) throw new Error(`${votes} votes of ${stored.votes} that the page had acknowledged`);
  stored.votes = votes;
};

const training = (what: string, stage: string, prepare: Phase['prepare'], settings = LONG_RUNS): Phase => ({
  what,
  settings,
  stage,
  prepare,
  returns: resumes,
  work: keepTraining,
});

const PHASES: readonly Phase[] = [
  {
    what: 'voting',
    settings: '',
    stage: 'compare',
    prepare: startTrained,
    returns: keepsVotes,
    work: keepVoting,
  },
  {
    what: 'votes in a lesson’s own lab',
    settings: '',
    stage: 'lesson/firstTaste',
    prepare: voteInLesson,
    returns: keepsVotes,
    work: keepVoting,
  },
  training(
    'pretraining',
    'pretrain',
    async (visitor) => {
      await visitor.openStage('Data');
      await visitor.click('button', /^Generate/);
      await visitor.sees(/different tokens/);
    },
    `${LONG_RUNS}&${MINIATURE}`,
  ),
  training('the reward model', 'reward', simulatedVotes),
  {
    ...training(
      'PPO',
      'optimise',
      async (visitor) => {
        await simulatedVotes(visitor);
        await judged(visitor);
      },
      LONG_RUNS.replace('rewardSteps=3000', `rewardSteps=${JUDGED}`),
    ),
    async returns(visitor, stored) {
      await judged(visitor);
      await resumes(visitor, stored);
    },
  },
  training('a translator', 'translate', (visitor) => visitor.openPage('translate', /^Translate/), ''),
  {
    what: 'an arena',
    settings: '',
    stage: 'arena',
    async prepare(visitor) {
      await visitor.openPage('arena', /^Arena/);
      await bringInBoth(visitor);
    },
    async returns(visitor, stored) {
      await visitor.find('button', /^A is better/);
      const duels = await duelsOf(visitor);
      if (duels < stored.votes) throw new Error(`${duels} duels of ${stored.votes} that the page had acknowledged`);
      stored.votes = duels;
    },
    async work(visitor, stored, random) {
      for (;;) {
        await duel(visitor, random.pick(['1', '2', 't', 'b']));
        stored.votes++;
      }
    },
  },
  {
    what: 'a lesson',
    settings: '',
    stage: 'optimise',
    async prepare(visitor) {
      await startTrained(visitor);
      await visitor.vote(['1', '2', '1']);
    },
    async returns(visitor, stored) {
      await visitor.click('button', /^DPO overdose/);
      if (!stored.said) await visitor.click('radio', /./);
      stored.said = true;
      await visitor.click('button', /^Run both/);
      await visitor.find('button', /^Pause lesson/);
      await visitor.openStage('Compare');
      const votes = await visitor.metric('votes/human');
      if (votes !== 3) throw new Error(`${votes} votes of 3 that were cast before the lesson`);
    },
    work: async () => undefined,
  },
];

/** opens the lab again, looks whether all is there, works, and is killed */
async function liveAndDie(
  phase: Phase,
  profile: string,
  url: string,
  stored: Stored,
  random: Random,
): Promise<string | null> {
  const tab = await openToKill(profile);
  const visitor = new Visitor(tab);
  try {
    await visitor.open(`${url}?backend=wasm&seed=2&${phase.settings}#/${phase.stage}`);
    await phase.returns(visitor, stored);
    const life = pause(random.integer(LONGEST_LIFE_MS));
    await Promise.race([life, phase.work(visitor, stored, random)]);
    await life;
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await tab.close();
  }
}

const rowOf = ({ what }: Phase): string => `kills of the browser: ${what}`;

async function killAll(phase: Phase, url: string, { count, seed, isOver }: Options): Promise<Row> {
  const profile = mkdtempSync(join(tmpdir(), 'rlhf-lab-profile-'));
  const random = Random.fromSeed(seed).fork(phase.what);
  const stored: Stored = { votes: 0, step: 0, said: false };
  const failures: string[] = [];
  const first = new Visitor(await openToKill(profile));
  await first.open(`${url}?backend=wasm&seed=2&${phase.settings}#/start`);
  await phase.prepare(first);
  await first.tab.close();
  let kills = 0;
  while (kills < (count ?? KILLS) && !isOver()) {
    const failure = await liveAndDie(phase, profile, url, stored, random);
    kills++;
    if (failure) failures.push(`life ${kills} of seed ${seed}: ${inShort(failure)}`);
  }
  const after = await liveAndDie(phase, profile, url, stored, random);
  if (after) failures.push(`after the last kill: ${inShort(after)}`);
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  const figures =
    [
      stored.votes > 0 && `${stored.votes} votes acknowledged`,
      stored.step > 0 && `the run has gone beyond step ${stored.step}`,
    ]
      .filter(Boolean)
      .join(', ') || 'the votes are there, and the lesson begins again';
  return { what: rowOf(phase), tries: kills, failures, figures };
}

const DAMAGED = 'a database that the browser finds damaged';
/** so long a browser may take to write localStorage down */
const WRITTEN_MS = 10_000;

/** makes the files of every database of a profile nonsense */
function damage(profile: string): void {
  const folder = join(profile, 'Default', 'IndexedDB');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (/MANIFEST-\d+$/.test(path)) writeFileSync(join(folder, path), 'nonsense');
}

/** three votes, and the next visit finds none of them: it says what is gone */
async function missWhatWasDamaged(url: string): Promise<Row> {
  const profile = mkdtempSync(join(tmpdir(), 'rlhf-lab-profile-'));
  const failures: string[] = [];
  const visit = async (stage: string, work: (visitor: Visitor) => Promise<unknown>) => {
    const visitor = new Visitor(await openToKill(profile));
    await visitor.open(`${url}?backend=wasm&seed=2#/${stage}`);
    await work(visitor).catch((error: Error) => failures.push(inShort(error.message)));
    await visitor.tab.close();
  };
  await visit('start', async (visitor) => {
    await startTrained(visitor);
    await visitor.vote(['1', '2', '1']);
    await pause(WRITTEN_MS);
  });
  damage(profile);
  await visit('start', (visitor) => visitor.sees(/it held: 3 votes, 1 model\./));
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return { what: DAMAGED, tries: 1, failures, figures: 'the page says what it held' };
}

export const kills: Part = async function* (options) {
  const { built, wants, isOver } = options;
  const { url, close } = await servePage(built);
  for (const phase of PHASES) if (wants(rowOf(phase)) && !isOver()) yield await killAll(phase, url, options);
  if (wants(DAMAGED) && !isOver()) yield await missWhatWasDamaged(url);
  await close();
};
