import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type StaticHost, staticHost } from '../helpers/staticHost';
import { toVersion5 } from './earlier';
import { CHROMIUM_FUSED, ENGINES, type Engine, FIREFOX_FUSED } from './engines';
import { Visitor } from './visitor';

/** a model so small that a software GPU takes it in milliseconds a step */
const MINIATURE = 'layers=1&width=16&heads=2&batch=4&evalEvery=50';
const SHORT_PPO = 'rewardSteps=4&rewardBatch=8&normalizeSamples=8&rollouts=4&completionLength=12&epochs=1';
/** of steps or iterations: no machine is so fast that a run of them is over while somebody looks */
const ENDLESS = 1_000_000;

/** ten votes that choose a side, a few of them for the other one */
const KEYS = ['1', '2', 'ArrowLeft', '1', 'ArrowRight', '1', '1', '2', '1', '1'];

const OWN_TEXT = Array.from(
  { length: 120 },
  (_, i) => `Line ${i}: the kettle sang ${'la '.repeat(1 + (i % 5))}and the cat 🐈 slept.`,
).join('\n');

const visitors: Visitor[] = [];
const hosts: StaticHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  const finished = visitors.splice(0);
  for (const { tab } of finished) await tab.close();
  for (const { tab } of finished) expect(tab.errors.join('\n'), `errors in ${tab.version}`).toBe('');
});

/** a new visitor with empty storage */
async function visit(engine: Engine, settings: string, stage: string, url = inject('pageUrl')): Promise<Visitor> {
  const visitor = new Visitor(await engine.open());
  visitors.push(visitor);
  await visitor.open(`${url}?${engine.path}&${settings}#/${stage}`);
  return visitor;
}

async function pretrain(visitor: Visitor, steps: number): Promise<void> {
  await visitor.click('button', /^Generate/);
  await visitor.openStage('Pretrain');
  await visitor.train(new RegExp(`step ${steps} of ${steps}`));
}

/** Reloads the page under a run that plays, has a look round, and plays on. @returns with the run paused */
async function reloadedWhilePlaying(visitor: Visitor, lookRound?: () => Promise<void>): Promise<void> {
  await visitor.find('button', /^Pause/);
  await visitor.reload();
  await lookRound?.();
  await visitor.find('button', /^Train\b/);
  const stands = await visitor.stands();
  await visitor.click('button', /^Train\b/);
  await visitor.until('a further step', async () => (await visitor.stands()) > stands, 150_000);
  expect(await visitor.pause()).toBeGreaterThan(stands);
}

describe.each(ENGINES.map((engine) => [engine.name, engine] as const))('%s', (_, engine) => {
  it.skipIf(!engine.isHere)(
    'goes from a grammar through votes by keys to a policy that PPO has moved, reloaded on the way',
    async () => {
      const settings = `seed=3&${MINIATURE}&steps=40&stories=400&${SHORT_PPO}&iterations=${ENDLESS}`;
      const visitor = await visit(engine, settings, 'data');
      await visitor.click('button', /^Generate/);
      await visitor.openStage('Pretrain');
      await visitor.step(1);
      await visitor.reload();
      await visitor.until('the step before', async () => (await visitor.stands()) === 1);
      await visitor.train(/step 40 of 40/);
      expect(await visitor.metric('train/loss')).toBeGreaterThan(1);
      await visitor.sees(engine.pill);

      await visitor.openStage('Compare');
      await visitor.vote(KEYS);
      await visitor.openStage('Reward model');
      await visitor.train(/step 4 of 4/);
      expect(await visitor.metric('reward/loss')).toBeGreaterThan(0);

      await visitor.openStage('Optimise');
      await visitor.train(/iteration [1-9]/);
      await reloadedWhilePlaying(visitor, async () => {
        await visitor.openStage('Compare');
        await visitor.sees(new RegExp(`${KEYS.length} yours`));
        await visitor.openStage('Optimise');
      });
      expect(await visitor.metric('objective/kl')).not.toBeNaN();
      expect(await visitor.metric('val/ratio')).toBeGreaterThan(0);
      await visitor.sees(engine.pill);
    },
  );

  it.skipIf(!engine.isHere)('pretrains on when the page is reloaded while it plays', async () => {
    const visitor = await visit(engine, `seed=3&${MINIATURE}&steps=${ENDLESS}&stories=400`, 'data');
    await visitor.click('button', /^Generate/);
    await visitor.openStage('Pretrain');
    await visitor.step(1);
    await visitor.train(/step [2-9]|step [1-9][\d,]+ /);
    await reloadedWhilePlaying(visitor);
    expect(await visitor.metric('train/loss')).toBeGreaterThan(1);
    await visitor.sees(engine.pill);
  });

  it.skipIf(!engine.isHere)('learns an own text and completes it', async () => {
    const visitor = await visit(engine, `seed=4&${MINIATURE}&context=16&steps=6&tokenizer=bpe&vocab=300`, 'data');
    await visitor.click('tab', /^Your own text/);
    const path = join(visitor.tab.downloads, 'kettle.txt');
    writeFileSync(path, OWN_TEXT);
    await visitor.chooseFile('Open a text file, file', path);
    await visitor.sees(/(2[6-9]\d|300) different tokens/);
    await visitor.openStage('Pretrain');
    await visitor.train(/step 6 of 6/);
    await visitor.openStage('Compare');
    await visitor.vote(['1']);
  });

  it.skipIf(!engine.isHere)(
    'carries votes and a model out, over an upgrade of its storage, and into a fresh lab',
    async () => {
      const settings = `seed=5&${MINIATURE}&steps=4&stories=400`;
      const visitor = await visit(engine, settings, 'data');
      await pretrain(visitor, 4);
      await visitor.openStage('Compare');
      await visitor.vote(['1', '2', '1']);
      const votes = await visitor.saved(/^Export votes/);
      await visitor.openStage('Start');
      const model = await visitor.saved(/as a file$/);
      // WebKit writes a file of the same name over the one that is there
      for (const name of readdirSync(visitor.tab.downloads)) rmSync(join(visitor.tab.downloads, name));
      const [page] = inject('pageUrl').split('?');
      await visitor.tab.open(`${page}icon.svg`);
      expect(await visitor.ask(toVersion5), 'files that stand whole again').toBeGreaterThan(0);
      await visitor.open(`${page}?${engine.path}&${settings}#/start`);
      expect(model.equals(await visitor.saved(/as a file$/)), 'the model after the upgrade').toBe(true);
      await visitor.openStage('Compare');
      await visitor.sees(/3 yours/);
      expect(votes.toString('utf8').trim().split('\n')).toHaveLength(3);

      const fresh = await visit(engine, settings, 'start');
      const [modelFile, votesFile] = ['mine.safetensors', 'votes.jsonl'].map((name) =>
        join(fresh.tab.downloads, name),
      ) as [string, string];
      writeFileSync(modelFile, model);
      writeFileSync(votesFile, votes);
      await fresh.chooseFile('Open a model file, file', modelFile);
      await fresh.find('button', /as a file$/);
      await fresh.openStage('Compare');
      await fresh.find('button', /^A is better/);
      await fresh.chooseFile('Votes file', votesFile);
      await fresh.sees(/3 imported/);
    },
  );

  it.skipIf(!engine.isHere || !engine.keepsPage)(
    'keeps the page, and opens it through its worker with and without a server',
    async () => {
      const host = await staticHost(inject('pageFolder'), true);
      hosts.push(host);
      const visitor = await visit(engine, 'seed=7', 'start', host.url);
      await visitor.sees(/kept for the next visit/);
      await visitor.reload();
      await visitor.click('button', /^Start with the trained model/);
      await visitor.vote(['1', '2']);
      await host.close();
      await visitor.reload();
      await visitor.sees(/2 yours/);
      await visitor.vote(['1']);
      const votes = await visitor.saved(/^Export votes/);
      expect(votes.toString('utf8').trim().split('\n')).toHaveLength(3);
    },
  );
});

/**
 * Of two float32 losses, as a share. WGSL leaves exp, tanh and sqrt a few last bits of freedom: of twelve steps on
 * SwiftShader and on lavapipe eleven give the same bits and one differs by two units in the last place, 1.7e-7.
 */
const LAST_DIGITS = 1e-6;

describe('the fused kernels', () => {
  it.skipIf(!FIREFOX_FUSED.isHere)('give the same losses on Dawn and on wgpu', async () => {
    const losses = async (engine: Engine) => {
      const visitor = await visit(engine, `seed=6&${MINIATURE}&steps=12&stories=400`, 'data');
      await pretrain(visitor, 12);
      await visitor.sees(engine.pill);
      await visitor.click('button', /^More charts/);
      const [head = '', ...rows] = (await visitor.saved(/^Save all points as CSV/))
        .toString('utf8')
        .trim()
        .split('\r\n');
      const column = head.split(',').indexOf('train/loss');
      return rows.map((row) => Number(row.split(',')[column]));
    };
    const onDawn = await losses(CHROMIUM_FUSED);
    expect(onDawn).toHaveLength(12);
    const onWgpu = await losses(FIREFOX_FUSED);
    expect(onWgpu[0], 'before the first update').toBe(onDawn[0]);
    expect(onWgpu.map((loss, i) => Math.abs(loss / onDawn[i]! - 1) < LAST_DIGITS)).toEqual(onDawn.map(() => true));
  });
});
