import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsIn } from '../../../src/formats/foreign/elements';
import { readingTable } from '../../../src/formats/foreign/file';

/** what a list is written of; null where the text is none */
function listIn(text: string): unknown[] | null {
  const steps = elementsIn(text);
  const found: unknown[] = [];
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value ? found : null;
    if (step.value !== null) found.push(JSON.parse(step.value));
  }
}

describe('a large file of rows', () => {
  const row = { prompt: 'say “hi”, [then] {stop}', chosen: 'hi, \\ "hi"\n', rejected: 'no' };
  const many = Array.from({ length: 40_000 }, () => row);
  it.each([
    ['a list', JSON.stringify(many)],
    ['lines', many.map((one) => `${JSON.stringify(one)}\n`).join('')],
    ['a table', `prompt,chosen,rejected\n${many.map(() => '"say, ""hi""",hi,no\n').join('')}`],
  ])('is read in steps, so that it can be cancelled: %s', (_, text) => {
    let steps = 0;
    const reading = readingTable(text);
    for (;;) {
      const step = reading.next();
      if (step.done) {
        expect(step.value.rows).toHaveLength(many.length);
        expect(step.value.columns).toEqual(['prompt', 'chosen', 'rejected']);
        break;
      }
      steps++;
    }
    // a million characters, or five thousand rows, at once
    expect(steps).toBeGreaterThanOrEqual(Math.min(Math.floor(text.length / 2 ** 20) - 1, 7));
    expect(steps).toBeGreaterThan(0);
  });

  it('falls into its elements as JSON.parse reads them', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1), (list, indent) => {
        expect(listIn(` ${JSON.stringify(list, null, indent)}\n`)).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
    expect(listIn(' [ ] ')).toEqual([]);
    for (const none of ['', '{}', '[1', '[1}', '[1] 2', '["a'])
      expect(() => listIn(none) ?? JSON.parse('none')).toThrow();
    expect(() => listIn('[1,]')).toThrow();
  });
});
