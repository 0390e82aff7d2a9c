/** The lessons that the browser tests take are made of those that ship: each must still be one. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readLesson } from '../../src/formats/lessonFile';
import { cutShort, type LessonFile } from '../helpers/cutShort';

const FOLDER = 'src/lessons/guided/files';

it.each(readdirSync(FOLDER))('%s cut short is a lesson', (name) => {
  const short = cutShort(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as LessonFile);
  const { kind, troubles } = { troubles: [], ...readLesson(new TextEncoder().encode(JSON.stringify(short, null, 1))) };
  expect(troubles).toEqual([]);
  expect(kind).toBe('read');
});
