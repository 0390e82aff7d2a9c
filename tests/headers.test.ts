import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HEADERS } from '../vite.config';

it('the recipe for a server names every header with its value', () => {
  const lines = readFileSync('src/README.md', 'utf8').split('\n');
  const recipe = lines.filter((line) => Object.keys(HEADERS).some((name) => line.startsWith(`${name}:`)));
  expect(recipe).toEqual(Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`));
});
