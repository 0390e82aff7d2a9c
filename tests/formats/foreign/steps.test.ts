import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsIn } from '../../../src/formats/foreign/elements';
import { readingFile, readingTable } from '../../../src/formats/foreign/file';
import { guessedRoles, readTable } from '../../../src/formats/foreign/mapping';
import { readPlaced } from '../../../src/formats/foreign/read';
import { parquetOf } from '../../../src/formats/outward/parquet';
import { isTable } from '../../../src/formats/tableForm';

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

  it('in Parquet too, a column of some rows at once, nested ones among them', async () => {
    const rows = Array.from({ length: 25_000 }, (_, i) => ({
      prompt: [{ role: 'user', content: `say ${i}` }],
      chosen: `hi ${i}`,
    }));
    const reading = readingFile(await parquetOf(rows));
    let steps = 0;
    for (;;) {
      const step = await reading.next();
      if (step.done) {
        expect(step.value.columns).toEqual(['prompt', 'chosen']);
        const found = step.value.rows.map((one) => ('cells' in one ? one.cells.chosen : one.why));
        expect(found.join()).toBe(rows.map(({ chosen }) => chosen).join());
        for (const i of [0, 9_999, 10_000, 24_999]) expect(step.value.rows[i]).toEqual({ cells: rows[i] });
        break;
      }
      steps++;
    }
    expect(steps).toBe(6);
  });

  it('becomes votes in steps: none of them is for all rows', () => {
    const cells = (i: number) => ({ prompt: `say ${i}`, chosen: 'hi', rejected: 'no' });
    const table = {
      columns: ['prompt', 'chosen', 'rejected'],
      rows: Array.from({ length: 2000 }, (_, i) => ({ cells: cells(i) })),
    };
    let steps = 0;
    const reading = readTable(table, guessedRoles(table), () => `${steps}`);
    for (;;) {
      const step = reading.next();
      if (step.done) {
        expect(step.value.opinions).toHaveLength(2000);
        // an id says in which step it was made
        const made = step.value.opinions.map(({ one }) => one.rankingId);
        for (const id of new Set(made)) expect(made.filter((other) => other === id).length).toBeLessThanOrEqual(500);
        break;
      }
      steps++;
    }
  });

  const said = (i: number) => ({
    ...{ message_id: `m${i}`, text: `text ${i}`, rank: null },
    ...(i % 2 === 0 ? { parent_id: null, role: 'prompter' } : { parent_id: `m${i - 1}`, role: 'assistant' }),
  });
  it.each<[string, (i: number) => object, number]>([
    ['answers with a score', (i) => ({ prompt: `say ${i >> 1}`, completion: `hi ${i}`, score: i }), 10_000],
    ['answers called good or bad', (i) => ({ prompt: `say ${i >> 1}`, completion: `${i}`, label: i % 2 }), 10_000],
    ['messages that answer one another', said, 10_000],
    ['trees of messages', (i) => ({ prompt: { ...said(2 * i), replies: [said(2 * i + 1)] } }), 20_000],
  ])('whose rows say something together is read in steps: %s', (_, rowOf, count) => {
    const rows = Array.from({ length: 20_000 }, (_unused, i) => ({ cells: rowOf(i) as Record<string, unknown> }));
    const reading = readPlaced({ columns: Object.keys(rows[0]!.cells), rows });
    let steps = 0;
    for (;;) {
      const step = reading.next();
      if (step.done) {
        expect(step.value.placed).toHaveLength(count);
        expect(step.value.refused).toEqual([]);
        break;
      }
      steps++;
    }
    expect(steps).toBeGreaterThanOrEqual(20); // a thousand rows at once
  });

  it('is Parquet by its first bytes, whatever stands in what is packed', () => {
    expect(isTable(new TextEncoder().encode('PAR1\x00\n{\x00'))).toBe(true);
    expect(isTable(new TextEncoder().encode('\n{"prompt": "say"}'))).toBe(false);
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
