import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, openStage, useLab } from './lab';

type Control = readonly [role: Parameters<Page['getByRole']>[0], name: string];

const TRANSPORT: Control[] = [
  ['button', 'Train'],
  ['button', 'Step'],
  ['button', 'Reset'],
];

/** what teachers' scripts and tests call the controls, by stage */
const CONTROLS: Record<string, Control[]> = {
  Data: [['button', 'Generate']],
  Pretrain: TRANSPORT,
  'Fine-tune': [...TRANSPORT, ['button', 'Add from the stories']],
  Compare: [
    ['article', 'Completion A'],
    ['article', 'Completion B'],
    ...['A is better', 'B is better', 'Tie', 'Both bad', 'Skip', 'Undo', 'Add simulated votes'].map(
      (name) => ['button', name] as const,
    ),
    ['combobox', 'Rater'],
    ['spinbutton', 'Votes'],
  ],
  'Reward model': [...TRANSPORT, ['textbox', 'Score a text']],
  Optimise: [...TRANSPORT, ['tab', 'PPO'], ['tab', 'DPO'], ['tab', 'Best of N'], ['slider', 'KL coefficient']],
};

const VIEWS = ['Attention', 'Arithmetic', 'Layers', 'Words', 'Before and after'].map((name) => ['tab', name] as const);

/** the same of what looks inside, by address */
const BESIDE: Record<string, Control[]> = {
  '#/inspect?tab=attention': [...VIEWS, ['button', 'Narrow'], ['button', 'Teach']],
  '#/inspect?tab=arithmetic': [
    ...['Layer', 'Head', 'Token'].map((name) => ['combobox', name] as const),
    ...['Next step', 'Previous step', 'Play', 'Other sublayers'].map((name) => ['button', name] as const),
  ],
  '#/inspect?tab=layers': [
    ['region', 'Switch off a head'],
    ['button', 'Which heads matter'],
  ],
  '#/inspect?tab=words': [['button', 'he : she = his : ?']],
  '#/inspect?tab=before-after': [
    ['combobox', 'Before'],
    ['combobox', 'After'],
  ],
  '#/primer': [['heading', 'Grid world']],
  '#/translate': [
    ['heading', 'Translate'],
    ...TRANSPORT,
    ['textbox', 'Sentence'],
    ['radio', 'Greedy'],
    ['radio', 'Beam 4'],
    ['checkbox', 'Cross-attention'],
    ['tab', 'What a decoder alone leaves out'],
  ],
};

async function expectEach(page: Page, where: string, controls: readonly Control[]): Promise<void> {
  for (const [role, name] of controls) {
    const found = page.getByRole(role, { name, exact: true });
    await found.first().waitFor();
    expect(await found.count(), `${where}: ${role} ${name}`).toBe(1);
  }
}

/** of the pages beside the pipeline: what each is called, and what is pressed there */
const TEACH_PAGES: readonly (readonly [address: string, heading: string, controls: readonly Control[]])[] = [
  ['#/lessons', 'Lessons', [['article', 'First taste']]],
  [
    '#/class',
    'Class',
    [...(['Join', 'Open a class'] as const).map((name) => ['button', name] as const), ['textbox', 'Class code']],
  ],
  ['#/arena', 'Arena', [['article', 'Completion A']]],
  [
    '#/notebook',
    'Notebook',
    [
      ['button', 'Save notebook'],
      ['button', 'Save report'],
    ],
  ],
  ['#/recorded', 'Recorded runs', [['button', 'Play Pretraining Tiny']]],
  ['#/taste', 'Taste', []],
];
/** ids in addresses, and what the lesson is called */
const LESSONS = {
  firstTaste: 'First taste',
  wordsToWishes: 'From words to wishes',
  endToEnd: 'RLHF end to end',
  rewardHacking: 'Reward hacking',
  threeMethods: 'Same votes, three methods',
  judge: 'How good is a judge?',
  attention: 'Attention',
  words: 'Words',
  translate: 'Translate',
  catAndDog: 'The cat and the dog',
};

describe('the names the page answers to', () => {
  const { visit } = useLab();

  it('are there on the pages beside the pipeline, which an address opens', async () => {
    const { page } = await visit('?backend=wasm#/arena');
    for (const name of ['Tiny', 'Small'])
      await page.getByRole('button', { name: `Bring in ${name}, trained`, disabled: false }).click();
    for (const [address, heading, controls] of TEACH_PAGES) {
      await page.evaluate((hash) => location.assign(hash), address);
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      for (const [role, name] of controls) {
        await page.getByRole(role, { name, exact: true }).first().waitFor();
        expect(await page.getByRole(role, { name, exact: true }).count(), `${address}: ${role} ${name}`).toBe(1);
      }
      expect(await page.getByRole('navigation', { name: 'Pipeline' }).count(), address).toBe(1);
    }
    await page.getByRole('button', { name: 'Teach' }).click();
    for (const name of ['Lessons', 'Class', 'Arena', 'Presenter', 'Notebook'])
      expect(await page.getByRole('menuitem', { name, exact: true }).count(), name).toBe(1);
  });

  it('lead to each lesson by its id', async () => {
    const { page } = await visit('?backend=wasm');
    for (const [id, title] of Object.entries(LESSONS)) {
      await page.goto(new URL(`?lesson=${id}`, page.url()).href);
      await page.getByRole('region', { name: `Lesson ${title}`, exact: true }).waitFor();
      expect(page.url()).toMatch(new RegExp(`/#/lesson/${id}$`));
    }
  });

  it('are there once each, on every stage, and axe finds nothing to mend in either theme', async () => {
    const { page } = await visit('?backend=wasm');
    for (const preset of ['Tiny', 'Small', 'Medium'])
      await page.getByRole('button', { name: preset }).first().waitFor();
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    for (const [stage, controls] of Object.entries(CONTROLS)) {
      await openStage(page, stage);
      for (const [role, name] of controls) {
        await page.getByRole(role, { name }).first().waitFor();
        expect(await page.getByRole(role, { name }).count(), `${stage}: ${role} ${name}`).toBe(1);
      }
      await expectAccessible(page, stage);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const stage of Object.keys(CONTROLS)) {
      await openStage(page, stage);
      await expectAccessible(page, `${stage}, dark`);
    }
  });

  it('are there on the pages beside the pipeline and in the numbers of a method', async () => {
    const { page } = await visit('?backend=wasm&seed=4&iterations=1&rollouts=4&epochs=1&ppoReward=rule');
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    for (const [address, controls] of Object.entries(BESIDE)) {
      await page.evaluate((hash) => location.assign(hash), address);
      await expectEach(page, address, controls);
    }
    await page.getByRole('radio', { name: 'Greedy' }).check();
    await page.getByRole('checkbox', { name: 'Cross-attention' }).uncheck();
    await openStage(page, 'Optimise');
    await expectEach(page, 'Optimise', [
      ['combobox', 'Reward'],
      ['button', 'Sweep'],
    ]);
    const rewards = page.getByRole('combobox', { name: 'Reward', exact: true }).locator('option');
    expect(await rewards.allTextContents()).toEqual(['model', 'rule', 'mix']);
    await page.getByRole('button', { name: 'In numbers' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start training' }).click();
    const choices = ['Rollout', 'Token', 'Epoch'].map((name) => ['combobox', name] as const);
    await expectEach(page, 'PPO in numbers', [['heading', 'PPO in numbers'], ['button', 'Step'], ...choices]);
    await page.keyboard.press('Escape');
    for (const tab of ['DPO', 'Best of N']) {
      await page.getByRole('tab', { name: tab }).click();
      await expectEach(page, tab, [['button', 'In numbers']]);
    }
    for (const stage of ['Fine-tune', 'Reward model']) {
      await openStage(page, stage);
      await expectEach(page, stage, [['button', 'In numbers']]);
    }
  }, 120_000);

  it('let the Inspect drawer open over a stage, be walked with arrow keys, and close with Escape', async () => {
    const { page } = await visit('?backend=wasm');
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    await openStage(page, 'Pretrain');
    await page.getByRole('button', { name: 'Inspect' }).click();
    const drawer = page.getByRole('dialog', { name: 'Inspect' });
    await drawer.getByRole('textbox', { name: 'Text' }).fill('once a brave robin made a shiny key .');
    await drawer.getByText('robin').first().waitFor();
    await expectAccessible(page, 'Inspect');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });
});
