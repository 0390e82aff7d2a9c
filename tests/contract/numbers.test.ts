import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, fixed, plural, signed } from '../../src/contract/numbers';
import { tickFormat } from '../../src/ui/charts/scales';
import { formatInteger, formatMetric, formatNumber, formatShare, formatSigned } from '../../src/ui/primitives/format';

describe('a number', () => {
  it('that rounds to zero has no sign', () => {
    expect([-0.004, -0, 0, 0.004].map((value) => signed(value))).toEqual(['0.00', '0.00', '0.00', '0.00']);
    expect([-0.404, 0.005001].map((value) => signed(value))).toEqual(['−0.40', '+0.01']);
    expect([fixed(-0.04, 1), fixed(-0.4, 0), fixed(-1.25, 1)]).toEqual(['0.0', '0', '−1.3']);
  });

  it('is never written as a zero with a sign, by any function of the page', () => {
    const ways = [
      formatNumber,
      formatInteger,
      formatShare,
      formatSigned,
      (value: number) => formatMetric('reward/accuracy', value),
      (value: number) => formatMetric('objective/kl', value),
      (value: number) => tickFormat([-1, 0, value, 1])(value),
      (value: number) => tickFormat([-20_000, 0, 20_000])(value),
    ];
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (value) => {
        for (const write of ways) expect(write(value)).not.toMatch(/^[-−+]0?[.]?0*k?( %)?$/);
      }),
    );
  });

  it('of things agrees with its noun', () => {
    expect([0, 1, 2, 1200].map((count) => countOf(count, 'vote'))).toEqual([
      '0 votes',
      '1 vote',
      '2 votes',
      '1,200 votes',
    ]);
    expect([1, 2].map((count) => plural(count, 'makes', 'make'))).toEqual(['makes', 'make']);
    expect(countOf(3, 'story', 'stories')).toBe('3 stories');
  });
});

/** what is written for a style sheet, a path of SVG or a computation, not for a reader */
const NOT_READ = [
  'ui/charts/Sparkline.tsx',
  'ui/charts/scales.ts',
  'ui/panels/Compare/HabitsCard.tsx',
  'ui/panels/Notebook/report/curves.ts',
  'ui/theme/tone.ts',
];

it('are rounded for a reader in one place', () => {
  const files = ['ui', 'store', 'lessons'].flatMap((room) =>
    readdirSync(join('src', room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`),
  );
  const own = files.filter(
    (file) => readFileSync(join('src', file), 'utf8').includes('.toFixed(') && !NOT_READ.includes(file),
  );
  expect(own.sort()).toEqual([]);
});
