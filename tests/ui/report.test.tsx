import { cleanup, screen, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { RunSpec } from '../../src/contract/domain';
import type { Lesson } from '../../src/contract/lesson';
import type { MetricPoint } from '../../src/contract/observations';
import type { Lab } from '../../src/store/lab';
import { EMPTY_RUN } from '../../src/store/runs/runView';
import { Notebook } from '../../src/ui/panels/Notebook/Notebook';
import type { Block, Report } from '../../src/ui/panels/Notebook/report/blocks';
import { chartMarkup } from '../../src/ui/panels/Notebook/report/curves';
import { lessonSections } from '../../src/ui/panels/Notebook/report/lessonSections';
import { reportMarkup } from '../../src/ui/panels/Notebook/report/markup';
import { plainVote } from '../helpers/plainVote';
import { renderLab } from './renderLab';

const read = (markup: string): Document => new DOMParser().parseFromString(markup, 'text/html');
const report = (blocks: readonly Block[], fields: Partial<Report> = {}): Report => ({
  title: 'Reward hacking',
  by: '30 November 2026',
  link: 'https://lab.example/?seed=1',
  lead: null,
  sections: [{ heading: 'One', blocks }],
  again: ['seed 1'],
  ...fields,
});
const line = (values: readonly number[]) => ({
  label: 'score',
  ink: 'reward' as const,
  dash: 'solid' as const,
  points: values.map((value, step) => ({ step, value })),
});
const chart = (values: readonly number[]): Block & { kind: 'chart' } => ({
  kind: 'chart',
  axis: 'iteration of PPO',
  lines: [line(values)],
  marks: [{ step: 1, label: 'β 0.1 → 0' }],
});

describe('a report as a file', () => {
  it('holds no script, asks for nothing, and forbids both', () => {
    const page = read(reportMarkup(report([chart([0, 1, 2])])));
    expect(page.querySelectorAll('script, link, img, iframe, a, [src], [href], [onload]')).toHaveLength(0);
    const policy = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content');
    expect(policy).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect(reportMarkup(report([chart([0, 1, 2])]))).not.toMatch(/url\(|@import|(?:src|href)=/);
  });

  it('shows whatever anybody wrote as text, never as markup', () => {
    const hostile = fc.constantFrom(
      '<img src=x onerror=alert(1)>',
      '"><script>alert(1)</script>',
      "' onload='x",
      '&lt;b&gt;',
    );
    const words = fc.tuple(fc.string(), hostile, fc.string()).map((parts) => parts.join('').replace(/\p{Cc}/gu, ' '));
    fc.assert(
      fc.property(words, (text) => {
        const page = read(
          reportMarkup(
            report(
              [
                { kind: 'texts', labels: ['before', 'after'], texts: [{ prompt: text, before: text, after: text }] },
                { kind: 'table', head: [text, text], rows: [[text, text]] },
                { kind: 'splits', rows: [{ label: text, first: 1, tied: 0, second: 2 }] },
                { ...chart([1, 2]), axis: text, marks: [{ step: 1, label: text }] },
              ],
              { title: text, lead: text, by: text, again: [text] },
            ),
          ),
        );
        expect(page.querySelectorAll('script, img, b b, [onload], [onerror]')).toHaveLength(0);
        expect(page.querySelector('.prompt')?.textContent).toBe(text);
        expect(page.querySelector('td')?.textContent).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves empty parts out, and counts the others', () => {
    const page = read(
      reportMarkup(
        report([], {
          sections: [
            { heading: 'Nothing', blocks: [{ kind: 'table', head: ['a'], rows: [] }] },
            { heading: 'No curve', blocks: [chart([])] },
            { heading: 'Something', blocks: [{ kind: 'words', text: 'so' }] },
          ],
        }),
      ),
    );
    expect([...page.querySelectorAll('h2')].map((heading) => heading.textContent?.replace(/\s+/g, ' '))).toEqual([
      '1 Something',
    ]);
  });
});

describe('a curve on paper', () => {
  it('has a gap where a value is no number, and its name at its last one', () => {
    const markup = chartMarkup(chart([0, 1, Number.NaN, 1, 2, Number.POSITIVE_INFINITY]));
    const drawn = /class="line reward"[^>]*d="([^"]*)"/.exec(markup)![1]!;
    expect(drawn.match(/M/g)).toHaveLength(2);
    expect(drawn.match(/[ML]/g)).toHaveLength(4);
    expect(markup).not.toMatch(/NaN|Infinity/);
    expect(markup).toContain('>score 2.00<');
  });

  it('stays on the paper whatever the numbers are', () => {
    const values = fc.array(fc.double({ noNaN: false }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, (numbers) => {
        const markup = chartMarkup(chart(numbers));
        const places = [...(/class="line reward"[^>]*d="([^"]*)"/.exec(markup)?.[1]?.matchAll(/-?[\d.]+/g) ?? [])];
        for (const [place] of places) expect(Number(place)).toBeGreaterThanOrEqual(0);
        for (const [place] of places) expect(Number(place)).toBeLessThanOrEqual(698);
        expect(markup).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });

  it('is told in words to those who do not see it', () => {
    const page = read(chartMarkup(chart([0, 1, 2])));
    expect(page.querySelector('svg')?.getAttribute('aria-label')).toBe('iteration of PPO. score from 0.00 to 2.00.');
  });
});

describe('the report of a lab', () => {
  const history: MetricPoint[] = [1, 2, 3, 4].map((step) => ({
    step,
    elapsedMs: step,
    values: { 'objective/scores': step - 1, 'gold/score': 1 - step / 2, 'objective/kl': step },
  }));
  const { ppo: config } = presetConfig('tiny');
  const spec = {
    kind: 'ppo',
    seed: 1,
    config: { ...config, klCoef: 0 },
    baseId: 'base',
    rewardId: 'reward',
    rater: { name: 'happy' },
  } satisfies RunSpec;
  const trained = async (lab: Lab) => {
    await lab.getState().opinions.add([plainVote(1), plainVote(2)]);
    const rows = [
      { prompt: 'the frog sang .', before: 'it was kind .', after: 'joyful <b>glad</b> .' },
      { prompt: 'the owl went', before: 'to bed .', after: 'home . she sang .' },
    ];
    lab.setState(({ runs }) => ({
      runs: {
        ...runs,
        ppo: {
          ...EMPTY_RUN,
          runId: 'run-1',
          spec,
          history,
          marks: [{ step: 2, label: 'β 0.1 → 0' }],
          beforeAfter: { step: 4, rows },
        },
      },
    }));
  };
  const saved = async (prepare: (lab: Lab) => Promise<void>, title = '') => {
    const files: { fileName: string; content: string | Uint8Array | Blob }[] = [];
    const { user } = await renderLab(<Notebook />, {
      prepare,
      today: () => Date.UTC(2026, 10, 30),
      saveFile: (fileName, content) => void files.push({ fileName, content }),
    });
    if (title) await user.type(screen.getByRole('textbox', { name: 'Title' }), title);
    await user.click(screen.getByRole('button', { name: 'Save report' }));
    await waitFor(() => expect(files).toHaveLength(1));
    expect(files[0]!.fileName).toBe('report-2026-11-30.html');
    return read(files[0]!.content as string);
  };
  const rowsOf = (page: Document) =>
    [...page.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent));

  it('says what came of PPO in a sentence, a picture, a table and texts', async () => {
    const page = await saved(trained, 'Our <leash>');
    expect(page.querySelector('h1')?.textContent).toBe('Our <leash>');
    expect(page.querySelector('.lead')?.textContent).toBe(
      'In 4 iterations of PPO the score went from 0.00 to +3.00, and gold went from +0.50 to −1.00.',
    );
    expect(page.querySelectorAll('svg .line')).toHaveLength(2);
    expect(page.querySelector('main svg')?.textContent).toContain('β 0.1 → 0');
    expect(rowsOf(page)).toContainEqual(['Gold reward', '+0.50', '−1.00']);
    expect(page.querySelector('.text.after')?.textContent).toContain('Joyful <b>glad</b>.');
    expect(page.querySelectorAll('.text.after')[1]?.textContent, 'which goes on in a sentence').toContain(
      'home. She sang.',
    );
    expect(page.querySelector('.words')?.textContent).toMatch(/^Set otherwise than shipped: .*→ 0/);
  });

  it('draws no curve of few cases, and says them as counts', async () => {
    const judged = (pairs: number): MetricPoint[] =>
      [1, 2, 3].map((step) => ({
        step,
        elapsedMs: step,
        values: { 'reward/accuracy': step / 3, 'reward/trainAccuracy': 0.9, 'eval/heldOut': pairs },
      }));
    const pageOf = (pairs: number) =>
      saved(async (lab) => {
        const reward = { ...EMPTY_RUN, runId: 'run-1', history: judged(pairs) };
        lab.setState(({ runs }) => ({ runs: { ...runs, reward } }));
      });
    const few = await pageOf(3);
    expect(few.querySelectorAll('svg .line')).toHaveLength(1);
    expect(few.body.textContent).not.toContain('held-out accuracy');
    expect(rowsOf(few)).toContainEqual(['Held-out accuracy', '1 of 3 (6–79 %)', '3 of 3 (44–100 %)']);
    cleanup();
    const many = await pageOf(60);
    expect(many.querySelectorAll('svg .line')).toHaveLength(2);
    expect(rowsOf(many)).toContainEqual(['Held-out accuracy', '33 %', '100 %']);
  });

  it('counts votes, and ends in what to type to do it again', async () => {
    const page = await saved(trained);
    expect(rowsOf(page)).toContainEqual(['Votes by hand', '2']);
    expect(page.querySelector('footer')?.textContent).toMatch(
      /To do it again preset tiny, seed 1, .*votes [0-9a-f]{4} [0-9a-f]{4}, .*(wasm|webgpu)/,
    );
  });

  it('shows a lesson’s run beside its twin, what was said and what came, and a QR code of the experiment', async () => {
    const arm = (gold: readonly number[]) => ({
      totalSteps: gold.length,
      history: gold.map((value, i) => ({ step: i + 1, elapsedMs: i, values: { 'gold/score': value } })),
      rows: [],
      accuracy: null,
    });
    const page = await saved(async (lab) => {
      const arms = { healthy: arm([0, 1, 1.28]), broken: arm([0, 1, -0.76]) };
      const leash = {
        lessonId: 'leash',
        seed: 1,
        answer: 'stays',
        base: 'Tiny',
        status: 'done' as const,
        arms,
        forkAt: 2,
      };
      const progress = {
        lessonId: 'firstTaste',
        at: 'vote',
        way: ['vote'],
        guesses: { vote: 'rises' },
        came: { vote: 'falls' },
        kept: {},
        begun: true,
        isDone: false,
      };
      lab.setState(({ lesson, guide }) => ({
        lesson: { ...lesson, records: { leash } },
        guide: { ...guide, progress: { firstTaste: progress } },
      }));
    });
    expect(page.querySelectorAll('main svg .line')).toHaveLength(2);
    expect(page.querySelector('main svg')?.textContent).toMatch(/gold of the twin 1\.28.*gold −0\.76|gold −0\.76/);
    expect(rowsOf(page)).toContainEqual(['Gold', '−0.76', '1.28']);
    expect(rowsOf(page)).toContainEqual(['firstTaste, vote', 'rises', 'falls']);
    expect(page.querySelector('svg.qr')?.getAttribute('aria-label')).toMatch(/^QR code of http/);
  });

  it('of an empty lab is a sheet with its title and its last line alone', async () => {
    const page = await saved(async () => {});
    expect(page.querySelectorAll('section')).toHaveLength(0);
    expect(page.querySelector('h1')?.textContent).toBe('What my model learned');
  });
});

describe('what a report says of lessons', () => {
  const lesson = {
    id: 'judge',
    title: 'How good is a judge?',
    steps: [{ id: 'noise', ask: { text: 'What does noise do?', answers: { less: 'It helps', more: 'It hurts' } } }],
  } as unknown as Lesson;
  const progress = { lessonId: 'judge', guesses: { noise: 'less', gone: 'x' }, came: { noise: 'more', gone: '' } };
  const stateOf = async () => {
    const { lab } = await renderLab(<Notebook />);
    lab.getState().guide.put({ progress: { judge: progress as never } });
    return lab.getState();
  };
  const rowsOf = (sections: ReturnType<typeof lessonSections>) =>
    sections.at(-1)!.blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));

  it('is in the words of the lesson, and by ids where its file is not there', async () => {
    const state = await stateOf();
    expect(rowsOf(lessonSections(state, [lesson]))).toEqual([
      ['How good is a judge?: What does noise do?', 'It helps', 'It hurts'],
      ['judge, gone', 'x', '–'],
    ]);
    expect(rowsOf(lessonSections(state))[0]).toEqual(['judge, noise', 'less', 'more']);
  });
});
