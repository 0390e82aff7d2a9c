/**
 * Every lesson that ships, by keyboard, to its end: with its runs cut short among the other tests, and as it is by
 * `npm run test:lessons`, which says how long each step took.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { cutShort, type LessonFile } from '../helpers/cutShort';
import { numberShown } from '../helpers/shown';
import { expectAccessible, useLab, type Visit } from './lab';
import { takeLesson } from './takeLesson';

const FOLDER = 'src/lessons/guided/files';
const WHOLE = inject('wholeLessons');
const MINUTE = 60_000;
/** of one step: a busy machine may need ten times as long as a free one */
const PATIENCE = WHOLE ? 20 * MINUTE : 3 * MINUTE;

const shipped = readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as LessonFile);

/** opens the lesson as it ships, or a shorter one as a file of one's own */
async function begin({ page }: Visit, lesson: LessonFile): Promise<LessonFile> {
  if (WHOLE) {
    await page
      .getByRole('article', { name: lesson.title, exact: true })
      .getByRole('button', { name: 'Begin' })
      .press('Enter');
    return lesson;
  }
  const short = cutShort(lesson);
  await page.getByLabel('Open a lesson file, file').setInputFiles({
    name: 'short.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(short, null, 1)),
  });
  const cards = page.getByRole('article', { name: lesson.title, exact: true });
  await cards.nth(1).getByRole('button', { name: 'Begin' }).press('Enter');
  return short;
}

describe('every lesson', () => {
  const { visit } = useLab();

  it.each(shipped.map((lesson) => [lesson.id, lesson] as const))(
    'is taken by keyboard to its table: %s',
    async (lessonId, lesson) => {
      const seen = await visit('?backend=wasm#/lessons');
      const { page } = seen;
      page.setDefaultTimeout(PATIENCE);
      const taken = await begin(seen, lesson);
      const took = await takeLesson(page, taken, { lessonId, answer: 1, patience: PATIENCE });
      const cells = page.getByRole('table', { name: /^What you measured/ }).locator('[data-metric]');
      const kept = await cells.evaluateAll((all) =>
        all.map((cell) => [cell.getAttribute('data-metric'), cell.getAttribute('data-value')]),
      );
      const wanted = taken.steps.flatMap(({ id, keep = [] }) => keep.map((name) => `${id}/${name}`));
      expect(kept.map(([name]) => name)).toEqual(wanted);
      for (const [name, value] of kept) expect(numberShown(value ?? null), name ?? '').not.toBeNaN();
      await expectAccessible(page, lessonId);
      if (!WHOLE) return;
      const seconds = Object.entries(took).map(([id, ms]) => `${id} ${(ms / 1000).toFixed(0)} s`);
      process.stdout.write(`${lessonId}: ${seconds.join(', ')}\n${kept.map((row) => row.join(' ')).join('\n')}\n`);
    },
    (WHOLE ? 60 : 10) * MINUTE,
  );
});
