/** Somebody who takes a lesson by keyboard alone, from its first step to its table; whoever votes likes happy endings. */
import type { Locator, Page } from 'playwright-core';
import type { LessonFile, StepFile } from '../helpers/cutShort';

/** keys of one step: far more than any asks for, since a key that comes too early does not count */
const MOST_PRESSED = 600;
const JOY = /happy|glad|merry|joy|jolly|smil|laugh|danc|sang|cheer|delight|hug/gi;

const panel = (page: Page): Locator => page.getByRole('region', { name: /^Lesson / });
/** the lesson's own, which stands before those of a stage */
const onward = (page: Page): Locator =>
  panel(page)
    .getByRole('button', { name: /^(Next|Finish)/ })
    .first();

/** gives the focus to a button and presses it */
async function press(button: Locator): Promise<void> {
  await button.and(button.page().locator(':enabled')).first().press('Enter');
}

/** away from any field, where single keys are commands */
const toHeading = (page: Page): Promise<void> => panel(page).locator('h2').first().focus();

async function addSimulated(page: Page, count: number, noise: number): Promise<void> {
  const field = page.getByRole('spinbutton', { name: 'Votes' });
  await field.press('ControlOrMeta+a');
  await field.pressSequentially(String(count));
  const slider = page.getByRole('slider', { name: 'Noise' });
  for (let i = 0; i < noise; i++) await slider.press('ArrowRight');
  await press(page.getByRole('button', { name: 'Add simulated votes' }));
}

/** until the lesson says that these are enough: each pair has to stand for a moment before a key counts */
async function vote(page: Page, isOver: () => Promise<boolean>): Promise<void> {
  for (let pressed = 0; !(await isOver()); pressed++) {
    if (pressed === MOST_PRESSED) throw new Error(`${pressed} votes, and the step is not done`);
    await page.getByRole('button', { name: 'A is better', disabled: false }).waitFor();
    const [a, b] = await Promise.all(
      ['A', 'B'].map((side) => page.getByRole('article', { name: `Completion ${side}` }).textContent()),
    );
    const joys = (text: string | null | undefined) => text?.match(JOY)?.length ?? 0;
    await page.waitForTimeout(400);
    await page.keyboard.press(joys(a) >= joys(b) ? '1' : '2');
    await page.waitForTimeout(100);
  }
}

/** the button itself, since Space would press whatever has the focus */
async function train(page: Page): Promise<void> {
  await press(page.getByRole('button', { name: 'Train', exact: true }));
  const again = page.getByRole('alertdialog').getByRole('button', { name: 'Train again' });
  const moved = page.getByRole('button', { name: 'Pause', exact: true });
  await again
    .or(moved)
    .or(onward(page).and(page.locator(':enabled')))
    .first()
    .waitFor();
  if (await again.isVisible()) await again.press('Enter');
}

/** a key on something, again and again until the lesson says that it is enough */
async function pressUntilDone(page: Page, target: Locator, key: string): Promise<void> {
  for (let pressed = 0; !(await onward(page).isEnabled()); pressed++) {
    if (pressed === MOST_PRESSED) throw new Error(`${pressed} times ${key}, and the step is not done`);
    await target.press(key);
    await page.waitForTimeout(100);
  }
}

const headSwitch = (page: Page, layer: number, head: number): Locator =>
  page.getByRole('checkbox', { name: `Layer ${layer}, head ${head}` });

/** what the text of a step asks for, where pressing Train is not all */
const ASKED: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'wordsToWishes/examples': async (page) => {
    await press(page.getByRole('button', { name: 'Add from the stories' }));
    await page
      .getByText(/[1-9]\d* from the stories/)
      .first()
      .waitFor();
    await train(page);
  },
  'catAndDog/world': (page) => page.getByRole('radio', { name: 'Two fishes' }).press('ArrowLeft'),
  'catAndDog/news': (page) => pressUntilDone(page, panel(page).locator('h2').first(), 's'),
  'catAndDog/plan': (page) => pressUntilDone(page, panel(page).locator('h2').first(), 's'),
  'catAndDog/drunk': (page) => pressUntilDone(page, page.getByRole('slider', { name: 'Slip' }), 'ArrowRight'),
  'translate/cut': async (page) => {
    await toHeading(page);
    await page.keyboard.press('c');
  },
  'attention/one': (page) => headSwitch(page, 1, 1).press('Space'),
  'attention/rank': (page) => press(page.getByRole('button', { name: 'Which heads matter' })),
  'attention/all': async (page) => {
    for (const [layer, head] of [
      [1, 2],
      [2, 1],
      [2, 2],
    ] as const)
      await headSwitch(page, layer, head).press('Space');
  },
  'words/sum': (page) => press(page.getByRole('group', { name: 'Ready questions' }).getByRole('button').nth(1)),
};

/** what moves while something trains; whatever else a step waits for comes by itself */
const COUNTED: ReadonlySet<string> = new Set(['step', 'iteration', 'train/epoch', 'updates']);

async function act(page: Page, lessonId: string, step: StepFile, votesHere: number): Promise<void> {
  const isOver = async () => onward(page).isEnabled();
  const own = ASKED[`${lessonId}/${step.id}`];
  if (own) return own(page);
  if (step.run) return press(page.getByRole('button', { name: 'Run both' }));
  if (step.done?.votes === undefined) return COUNTED.has(step.done?.metric ?? '') ? train(page) : undefined;
  if (step.show?.includes('pair')) return vote(page, isOver);
  return addSimulated(page, step.done.votes - votesHere, step.id === 'tired' ? 6 : 0);
}

/**
 * @param lesson as its file says
 * @param lessonId the shipped lesson's, of which it may be a shorter one
 * @param answer which answer is given to every question, from 1
 * @param patience milliseconds that one step may take
 * @returns milliseconds of every step
 */
export async function takeLesson(
  page: Page,
  lesson: LessonFile,
  { lessonId, answer, patience }: { lessonId: string; answer: number; patience: number },
): Promise<Record<string, number>> {
  const took: Record<string, number> = {};
  let votes = 0;
  for (const step of lesson.steps) {
    await panel(page).getByRole('heading', { level: 2, name: step.text.heading, exact: true }).waitFor();
    const began = performance.now();
    // the stage beside it has radios of its own
    const answers = panel(page)
      .getByRole('group', { name: step.ask?.text ?? 'nothing is asked', exact: true })
      .getByRole('radio');
    await answers.or(onward(page)).first().waitFor();
    if ((await answers.count()) > 0) {
      await toHeading(page);
      await page.keyboard.press(String(answer));
      await panel(page)
        .getByText('Your guess is kept before anything moves.')
        .or(onward(page).and(page.locator(':enabled')))
        .first()
        .waitFor();
    }
    if (!(await onward(page).isEnabled())) await act(page, lessonId, step, votes);
    votes = step.done?.votes ?? votes;
    await onward(page).and(page.locator(':enabled')).waitFor({ timeout: patience });
    took[step.id] = performance.now() - began;
    await toHeading(page);
    await page.keyboard.press('PageDown');
  }
  await panel(page)
    .getByRole('table', { name: /^What you measured, seed/ })
    .waitFor();
  return took;
}
