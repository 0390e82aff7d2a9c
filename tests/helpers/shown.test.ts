import { expect, it } from 'vitest';
import { numberShown } from './shown';

it.each(['', ' ', null, undefined, 'soon'])('reads no number in %o', (text) => {
  expect(numberShown(text)).toBeNaN();
});

it.each([
  ['0', 0],
  ['-1.5e-3', -0.0015],
])('reads %s', (text, number) => {
  expect(numberShown(text)).toBe(number);
});
