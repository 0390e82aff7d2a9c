import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LABELS } from '../../src/contract/labels';
import { FACTS, LESSON_PLACES, MEASURES, SHOWN_PARTS } from '../../src/contract/lesson';
import { shippedLessons } from '../../src/lessons/guided/shipped';
import { GRID_PARTS } from '../../src/store/gridworld/gridState';
import { pageOf } from '../../src/store/guide/lessonLab';
import { tabOf } from '../../src/store/guide/places';
import { INSPECT_TABS } from '../../src/store/models/inspectPlace';
import { PAGES } from '../../src/store/page/stages';
import { below, sourceFiles } from '../helpers/imports';

const FOLDER = 'src/lessons/guided/files';

describe('the lessons that ship', () => {
  it('are sound files, one each, named as their ids', async () => {
    const ids = (await shippedLessons()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(readdirSync(FOLDER).sort()).toEqual(ids.map((id) => `${id}.json`).sort());
    for (const id of ids)
      expect(JSON.parse(readFileSync(`${FOLDER}/${id}.json`, 'utf8'))).toMatchObject({ id, language: 'en' });
  });

  it('say what they are about, take about as long as they say, and end in a table', async () => {
    for (const { id, about, measured, minutes, steps } of await shippedLessons()) {
      expect(about, id).toMatch(/\.$/);
      expect(measured, id).toMatch(/^[^.]+$/);
      expect(
        steps.reduce((sum, step) => sum + step.minutes, 0),
        id,
      ).toBeCloseTo(minutes, 12);
      expect(steps.flatMap(({ keep }) => keep).length, id).toBeGreaterThan(0);
    }
  });

  it('keep of how many cases a share is, which the table writes as a count where they are few', async () => {
    for (const { keep, id } of (await shippedLessons()).flatMap(({ steps }) => steps))
      for (const name of keep.filter((one) => one.endsWith('accuracy.end')))
        expect(keep, id).toContain(name.replace('accuracy', 'heldOut'));
  });

  it('ask questions that end in a question mark, and can tell of every answer that it came', async () => {
    for (const { ask, came, text, id } of (await shippedLessons()).flatMap(({ steps }) => steps)) {
      expect(text.body, id).toMatch(/[.?]$/);
      if (!ask) continue;
      expect(ask.text, id).toMatch(/\?$/);
      expect(new Set(came.map(({ answer }) => answer)), id).toEqual(new Set(ask.order));
    }
  });

  it('speak to people: no sentence shouts, and none has two blanks', async () => {
    for (const { id } of await shippedLessons())
      expect(readFileSync(`${FOLDER}/${id}.json`, 'utf8')).not.toMatch(/!|[a-z] {2}[a-z]|--/);
  });
});

describe('the places of the page', () => {
  it('are places of lessons, whichever a teacher could want', () => {
    const led = new Set<string>(LESSON_PLACES);
    for (const tab of INSPECT_TABS)
      expect(LESSON_PLACES.some((place) => place.startsWith('inspect/') && tabOf(place.slice(8)) === tab)).toBe(true);
    for (const part of GRID_PARTS) expect(led).toContain(`primer/${part}`);
    const ofItsOwn = ['lessons', 'lesson', 'notebook', 'recorded']; // lists, and what is the visitor's
    const pages = new Set(LESSON_PLACES.map(pageOf));
    expect(PAGES.filter((page) => !pages.has(page)).sort()).toEqual(ofItsOwn.sort());
  });
});

describe('the tables of the README', () => {
  const readme = readFileSync('src/lessons/guided/README.md', 'utf8');

  it('name every part that a step may show, every number and every place', () => {
    for (const [name, what] of Object.entries(SHOWN_PARTS)) expect(readme).toContain(`| \`${name}\` | ${what} |`);
    for (const [name, id] of Object.entries(MEASURES))
      expect(readme).toContain(`| \`${name}\` | ${LABELS[id].label}, \`${id}\` |`);
    for (const place of LESSON_PLACES) expect(readme).toContain(`\`${place}\``);
    for (const [name, { label, page }] of Object.entries(FACTS))
      expect(readme).toContain(`| \`${name}\` | ${page} | ${label} |`);
  });

  it('name the lessons with their minutes', async () => {
    for (const { id, minutes } of await shippedLessons())
      expect(readme).toContain(`| [\`${id}\`](files/${id}.json) | ${minutes} |`);
  });

  it('promise no part that no stage has', () => {
    const stages = sourceFiles()
      .filter((file) => below(file).startsWith('ui/panels/'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    for (const name of Object.keys(SHOWN_PARTS))
      expect(stages, name).toMatch(new RegExp(`part="${name}"|[iI]sShown\\('${name}'\\)|part: '${name}'`));
  });

  it('stand at places that are pages, parts of Grid world or views of Inspect', () => {
    for (const place of LESSON_PLACES) {
      const [page, part] = place.split('/');
      if (page === 'inspect') expect(INSPECT_TABS).toContain(tabOf(part!));
      else expect(PAGES).toContain(pageOf(place));
      if (page === 'primer') expect(GRID_PARTS).toContain(part);
    }
  });
});
