import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { TextConfig } from '../../src/contract/config';
import type { CorpusSummary, RunKind } from '../../src/contract/domain';
import type { WordMap } from '../../src/contract/inside';
import type { Lab } from '../../src/store/lab';
import { STAGES, type Stage } from '../../src/store/page/stages';
import { corpusWords } from '../../src/store/text/corpusWords';
import { App } from '../../src/ui/App';
import { Data } from '../../src/ui/panels/Data/Data';
import { tooFewTokens, verdictOf } from '../../src/ui/panels/Data/dataVerdict';
import type { FakeClient } from '../helpers/fakeClient';
import { renderLab } from './renderLab';

const bytes = (text: string) => new TextEncoder().encode(text);
const TEXT = 'A text of ours, with 7 boats and a few more letters. '.repeat(200);

/** what a reader or a screen reader meets on the page */
function said(container: HTMLElement): string {
  const spoken = ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'];
  const attributes = [...container.querySelectorAll('*')].flatMap((element) =>
    spoken.map((name) => element.getAttribute(name) ?? ''),
  );
  const words = [...container.querySelectorAll('*')].flatMap((element) =>
    [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent ?? ''),
  );
  return [...words, ...attributes].filter((text) => text.trim() !== '').join('\n');
}

async function useText(lab: Lab, tokenizer: TextConfig['tokenizer']): Promise<void> {
  lab.getState().config.change('text', { tokenizer });
  await lab.getState().corpus.useText(bytes(TEXT), 'ours.txt');
}

const NO_TOKEN = { advantage: 0.1, logRatio: 0, value: 0, reward: 0 };

const HEADINGS: Record<Stage, string> = {
  start: 'Start',
  data: 'Data',
  pretrain: 'Pretrain',
  finetune: 'Fine-tune',
  compare: 'Compare',
  reward: 'Reward model',
  optimise: 'Optimise',
};

/**
 * On Data the tab that leads back to the stories names them, and Start offers the shipped model that learned from them.
 */
const ALLOWED: Partial<Record<Stage, RegExp>> = {
  data: /^(Stories|words|the most frequent words; rare ones become <unk>)$/,
  start: /trained on our own stories/,
};

async function open(tokenizer: TextConfig['tokenizer'], prepare: (lab: Lab, client: FakeClient) => Promise<void>) {
  return renderLab(<App />, {
    prepare: async (lab, client) => {
      await useText(lab, tokenizer);
      await prepare(lab, client);
    },
  });
}

/** every stage in turn, with what it says */
async function eachStage(lab: Lab, look: (stage: Stage, lines: string[]) => void): Promise<void> {
  for (const stage of STAGES) {
    act(() => lab.getState().view.go(stage));
    await screen.findByRole('heading', { level: 1, name: HEADINGS[stage] });
    const lines = said(document.body).split('\n');
    look(
      stage,
      lines.filter((line) => !ALLOWED[stage]?.test(line)),
    );
  }
}

/** votes between texts of the model in use, as a file */
async function votesOf(lab: Lab, client: FakeClient): Promise<string> {
  const policyId = lab.getState().shelf.slots.baseId ?? '';
  const pairs = await client.call('compare/pairs', {
    policyId,
    count: 40,
    seed: 1,
    sampling: lab.getState().config.value.sampling,
  });
  const lines = pairs.map(({ prompt, completions: [chosen, rejected] }) =>
    JSON.stringify({ prompt, chosen, rejected }),
  );
  return [...new Set(lines)].join('\n');
}

/**
 * a model that was trained on the text, votes, a judge of them, and every method that learns from it; all of it done
 */
async function everything(lab: Lab, client: FakeClient): Promise<void> {
  const { runs, opinions } = lab.getState();
  const train = async (kind: RunKind) => {
    await runs.play(kind);
    client.advance(100_000);
    await waitFor(() =>
      expect(
        lab.getState().runs[kind].state?.status,
        `${kind}: ${lab.getState().notices.notices.map(({ message }) => message)}`,
      ).toBe('done'),
    );
  };
  await train('pretrain');
  await opinions.importFile(bytes(await votesOf(lab, client)), 'votes.jsonl');
  for (const kind of ['reward', 'ppo', 'dpo', 'bestOf'] as const) await train(kind);
}

const BANNED: [TextConfig['tokenizer'], RegExp][] = [
  ['char', /\bstor(y|ies)\b|\bendings?\b|\bwords?\b/i],
  ['bpe', /\bstor(y|ies)\b|\bendings?\b|\bwords?\b/i],
  ['word', /\bstor(y|ies)\b|\bendings?\b/i],
];

describe('while the corpus is a text of the visitor', () => {
  it.each(BANNED)(
    'no stage speaks of stories, endings or, where tokens are none, of words, before anything is trained (%s)',
    async (tokenizer, banned) => {
      const { lab } = await open(tokenizer, async () => {});
      await eachStage(lab, (stage, lines) =>
        expect(
          lines.filter((line) => banned.test(line)),
          stage,
        ).toEqual([]),
      );
    },
  );

  it.each(BANNED)('nor when everything is (%s)', async (tokenizer, banned) => {
    const { lab } = await open(tokenizer, everything);
    await eachStage(lab, (stage, lines) => {
      expect(
        lines.filter((line) => banned.test(line)),
        stage,
      ).toEqual([]);
      expect(
        lines.filter((line) => /^(with )?gold\b/i.test(line)),
        stage,
      ).toEqual([]);
    });
  });
});

/** as the thread answers on a text that no grammar wrote */
const withoutGrammar = (map: WordMap): WordMap => ({
  ...map,
  analogies: null,
  questions: [],
  kinds: map.kinds.map(() => null),
});

describe('Inspect, on a text of the visitor', () => {
  const views = { attention: 'Attention', arithmetic: 'Arithmetic', layers: 'Layers', words: 'Words' } as const;

  it.each([
    ['char', 'character'],
    ['bpe', 'token'],
  ] as const)('calls no token a word where it is none (%s)', async (tokenizer, unit) => {
    const { lab } = await open(tokenizer, everything);
    act(() => lab.getState().inspect.show('A text of ours'));
    for (const [tab, label] of Object.entries({ ...views, 'before-after': 'Before and after' } as const)) {
      act(() => lab.getState().inspect.setTab(tab as keyof typeof views | 'before-after'));
      await screen.findByRole('tab', { name: label, selected: true });
      const drawer = screen.getByRole('dialog', { name: 'Inspect' });
      await waitFor(() => expect(drawer.querySelector('[aria-busy="true"]')).toBeNull());
      act(() => lab.setState(({ words }) => ({ words: { ...words, view: words.view && withoutGrammar(words.view) } })));
      const lines = said(drawer).split('\n');
      expect(
        lines.filter((line) => /\bwords?\b/i.test(line) && line !== 'Words' && !/its words alone/.test(line)),
        tab,
      ).toEqual([]);
    }
    act(() => lab.getState().inspect.setTab('words'));
    expect(await screen.findByRole('heading', { name: new RegExp(`^Map of the ${unit}s`) })).toBeTruthy();
  });
});

describe('a text of the visitor is shown as it is', () => {
  it('wherever a model writes, without a capital or a space of ours; stories are made readable', async () => {
    const { lab, user } = await open('char', everything);
    const written = 'the owl , sang . she';
    const rows = [
      {
        prompt: written,
        completion: written,
        score: 1,
        gold: null,
        kl: 0.1,
        tokens: [...written].map((text) => ({ ...NO_TOKEN, text })),
      },
    ];
    act(() => lab.getState().view.go('optimise'));
    await user.click(await screen.findByRole('tab', { name: 'PPO' }));
    act(() => lab.setState(({ runs }) => ({ runs: { ...runs, ppo: { ...runs.ppo, rollouts: { step: 1, rows } } } })));
    const table = await screen.findByRole('region', { name: 'Rollouts of the last iteration' });
    await waitFor(() => expect(table.querySelector('th[scope=row]')?.textContent).toBe(written)); // rows take turns
    expect(table.querySelector('.exact .token')?.parentElement?.textContent).toBe(written);
    await act(() => lab.getState().corpus.generate());
    expect(table.querySelector('th[scope=row]')?.textContent).toBe('The owl, sang. She');
  });

  it('and its pieces say which of them are held out', async () => {
    const { lab } = await open('char', async () => {});
    act(() => lab.getState().view.go('data'));
    expect(await screen.findAllByText('held out')).toHaveLength(1);
    expect((await screen.findAllByText('trained on')).length).toBeGreaterThan(2);
  });
});

describe('the line that Data ends in', () => {
  const summary = (fields: Partial<CorpusSummary>): CorpusSummary => ({
    kind: 'text',
    config: { tokenizer: 'bpe', vocabSize: 512, heldOutShare: 0.1, textWindow: 0 },
    vocabSize: 511,
    trainTokens: 769,
    heldOutTokens: 85,
    entropy: null,
    size: 4000,
    samples: [],
    animals: [],
    ...fields,
  });

  it('warns of a text that is too small for its vocabulary, with both numbers', () => {
    const { tone, text } = verdictOf(summary({}), false, false);
    expect(tone).toBe('warn');
    expect(text).toContain('769 tokens to train on for a vocabulary of 511: each is met 1.50 times on average');
    expect(verdictOf(summary({ trainTokens: 200_000 }), false, false).tone).toBe('good');
    const byCharacter = summary({
      config: { tokenizer: 'char', vocabSize: 512, heldOutShare: 0.1, textWindow: 0 },
      vocabSize: 60,
    });
    expect(tooFewTokens(byCharacter)).toMatch(/Add more text\.$/);
    expect(tooFewTokens(summary({ kind: 'stories' }))).toBeNull();
  });

  it('calls a pasted text ready only once it is used, and no longer when it was changed', async () => {
    const { user, lab, container } = await renderLab(<Data />);
    await waitFor(() => expect(lab.getState().corpus.summary).not.toBeNull());
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.click(screen.getByRole('textbox', { name: 'Or paste a text' }));
    await user.paste(TEXT);
    expect(container.textContent).toContain(
      'Not in use yet: press “Use this text” to make it the corpus. The stories will be trained on',
    );
    expect(container.textContent).not.toMatch(/ready/i);
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    await waitFor(() => expect(container.textContent).toContain('Your text is ready.'));
    await user.click(screen.getByRole('textbox', { name: 'Or paste a text' }));
    await user.paste(' And more.');
    expect(container.textContent).toContain('Not in use yet:');
    expect(container.textContent).toContain('Your earlier text will be trained on until then.');
    await user.click(screen.getByRole('tab', { name: 'Stories' }));
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Or paste a text' }).value).toContain('And more.');
  });

  it('takes a paste that no box could hold like a file, and leaves the box as it is', async () => {
    const { user, lab, container } = await renderLab(<Data />);
    await waitFor(() => expect(lab.getState().corpus.summary).not.toBeNull());
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Or paste a text' });
    await user.click(box);
    await user.paste(TEXT);
    const long = TEXT.repeat(Math.ceil(200_001 / TEXT.length));
    await user.paste(long);
    await waitFor(() => expect(container.textContent).toContain('“long paste” is in use. The box holds another text'));
    expect(container.textContent).toContain(`“long paste”: ${long.length.toLocaleString('en-US')} characters`);
    expect(box.value).toBe(TEXT);
  });

  it('says of a file that was opened beside a pasted text that the file is in use, by its name, and what the box holds', async () => {
    const { user, lab, container } = await renderLab(<Data />);
    await waitFor(() => expect(lab.getState().corpus.summary).not.toBeNull());
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.click(screen.getByRole('textbox', { name: 'Or paste a text' }));
    await user.paste(TEXT);
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    await waitFor(() => expect(container.textContent).toContain('Your text is ready.'));
    const file = new File([TEXT.repeat(2)], 'boats.txt', { type: 'text/plain' });
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, file);
    await waitFor(() => expect(container.textContent).toContain('“boats.txt” is in use. The box holds another text'));
    expect(container.textContent).toContain(`“boats.txt”: ${(2 * TEXT.length).toLocaleString('en-US')} characters`);
    expect(container.textContent).toContain(`${TEXT.length.toLocaleString('en-US')} characters in the box.`);
    expect(container.textContent).not.toContain('earlier text');
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    await waitFor(() => expect(container.textContent).toContain('Your text is ready.'));
    expect(container.textContent).not.toContain('boats.txt');
  });

  it('knows what a token is to a reader', () => {
    expect(corpusWords(null)).toEqual({ ownText: false, unit: 'word', units: 'words' });
    expect(corpusWords(summary({})).units).toBe('tokens');
    expect(
      corpusWords(summary({ config: { tokenizer: 'char', vocabSize: 9, heldOutShare: 0.1, textWindow: 0 } })).unit,
    ).toBe('character');
    expect(corpusWords(summary({ kind: 'stories' })).ownText).toBe(false);
  });
});
