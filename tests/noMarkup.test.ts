/** No file of the page makes elements of text: what a visitor brings has no way to become more than what it is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { below, sourceFiles } from './helpers/imports';

const MAKES_ELEMENTS =
  /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|createContextualFragment|document\.write|srcdoc|DOMParser|(?<!\.)\beval\(|new Function\(/;

it('is read as text wherever the page shows it', () => {
  expect('element.innerHTML = words').toMatch(MAKES_ELEMENTS);
  const files = sourceFiles().filter((file) => MAKES_ELEMENTS.test(readFileSync(file, 'utf8')));
  expect(files.map(below)).toEqual([]);
});
