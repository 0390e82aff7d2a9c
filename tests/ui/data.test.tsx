import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { StoryAttributes } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import type { Lab } from '../../src/store/lab';
import { attributeChips, repeatsItself } from '../../src/ui/panels/Data/attributeChips';
import { Data } from '../../src/ui/panels/Data/Data';
import { withShare } from '../../src/ui/panels/Data/StoryKnobs';
import { tokenTint, visibleToken } from '../../src/ui/panels/Data/tokenLook';
import { expectAccessible, renderLab } from './renderLab';

const open = async (options = {}) => {
  const rendered = await renderLab(<Data />, options);
  await waitFor(() => expect(rendered.lab.getState().corpus.summary).not.toBeNull());
  return rendered;
};
const corpusCalls = (client: { calls: { kind: string }[] }) =>
  client.calls.filter(({ kind }) => kind.startsWith('corpus/stories'));

describe('Data', () => {
  it('shows stories with their attributes, the exact entropy and what it means', async () => {
    const { container } = await open();
    expect(screen.getAllByText(/ending$/).length).toBeGreaterThan(3);
    expect(container.textContent).toContain('No model can get below a loss of 1.120 nats');
    expect(container.textContent).toContain('held out (9 %)');
    await expectAccessible(container);
  });

  it('makes the corpus that the knobs ask for', async () => {
    const { user, client, lab } = await open();
    act(() => lab.getState().config.change('stories', { happyShare: 0.8, sadShare: 0.1 }));
    await user.click(screen.getByRole('button', { name: 'Generate' }));
    await waitFor(() => expect(corpusCalls(client).length).toBeGreaterThan(1));
    const last = corpusCalls(client).at(-1) as unknown as { params: { config: { happyShare: number }; seed: number } };
    expect(last.params.config.happyShare).toBe(0.8);
    expect(last.params.seed).toBe(1);
  });

  it('follows the knobs by itself only while nothing depends on the corpus', async () => {
    const { client, lab } = await open({
      prepare: async (one: Lab) => void (await one.getState().shelf.loadShipped('tiny')),
    });
    const before = corpusCalls(client).length;
    act(() => lab.getState().corpus.setSource('stories'));
    act(() => lab.getState().config.change('stories', { happyShare: 0.9, sadShare: 0.1 }));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(corpusCalls(client).length).toBe(before);
  });

  it('takes pasted text with the chosen tokens', async () => {
    const { user, client } = await open();
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Tokens' }), 'bpe');
    await user.click(screen.getByRole('textbox', { name: 'Or paste a text' }));
    await user.paste('Once upon a time there was a text. 🙂');
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    const call = await waitFor(() => {
      const found = client.calls.find(({ kind }) => kind === 'corpus/text');
      expect(found).toBeTruthy();
      return found as unknown as { params: { bytes: Uint8Array; config: { tokenizer: string } } };
    });
    expect(new TextDecoder().decode(call.params.bytes)).toContain('🙂');
    expect(call.params.config.tokenizer).toBe('bpe');
  });

  it('takes a file', async () => {
    const { user, client } = await open();
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.upload(
      screen.getByLabelText('Open a text file, file'),
      new File(['A long story. '.repeat(50)], 'tale.txt', { type: 'text/plain' }),
    );
    await waitFor(() => expect(client.calls.some(({ kind }) => kind === 'corpus/text')).toBe(true));
  });

  it('says what is wrong with a text, and what to do', async () => {
    const { user } = await open({
      prepare: (_: unknown, client: { fail(kind: string, error: Error): void }) =>
        client.fail('corpus/text', new LabError('text/tooShort', 'It has 12 characters; the context is 48 tokens.')),
    });
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    expect(await screen.findByText(/It has 12 characters/)).toBeTruthy();
    expect(screen.getByText('The text is too short.')).toBeTruthy();
  });

  it('leaves the visitor at their own text when the first stories arrive', async () => {
    const { user, lab, client } = await open();
    const release = client.hold('corpus/stories');
    const made = lab.getState().corpus.generate();
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    release();
    await act(() => made);
    expect(screen.getByRole('textbox', { name: 'Or paste a text' })).toBeTruthy();
  });

  it('does not call the text ready when it was refused', async () => {
    const { container, lab } = await open();
    const { useText } = lab.getState().corpus;
    await act(() => useText(new TextEncoder().encode('A text. '.repeat(50)), 'tale.txt'));
    expect(container.textContent).toContain('Your text is ready.');
    await act(() => useText(new Uint8Array(), 'pasted text'));
    expect(container.textContent).toContain('Your earlier text is still in use.');
    expect(container.textContent).not.toContain('Your text is ready.');
  });

  it('joins the pieces of an own text as they stood in it, and stories with a space', async () => {
    const { user, client, lab } = await open();
    const cut = () => client.calls.filter(({ kind }) => kind === 'corpus/tokens').at(-1)?.params as { text: string };
    const joined = (between: string) => {
      const { samples } = lab.getState().corpus;
      return `${samples[0]?.prompt}${between}${samples[0]?.completion}`;
    };
    expect(cut().text).toBe(joined(' '));
    await act(() => lab.getState().corpus.useText(new TextEncoder().encode('A text. '.repeat(50)), 'tale.txt'));
    expect(cut().text).toBe(joined(''));
    await user.click(screen.getAllByRole('button', { name: /^Show the tokens of/ })[0] as HTMLElement);
    expect(cut().text).toBe(joined(''));
  });

  it('shows how far the tokenizer is', async () => {
    const { user, client } = await open();
    const release = client.hold('corpus/text');
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    act(() => client.progress('corpus/text', { done: 120, total: 512, label: 'Learning byte pairs' }));
    expect(await screen.findByText('Learning byte pairs · 120 of 512')).toBeTruthy();
    release();
  });

  it('cuts any text into tokens with their numbers', async () => {
    const { user, container } = await open();
    const box = screen.getByRole('textbox', { name: 'Text to cut into tokens' });
    await user.clear(box);
    await user.type(box, 'the fox');
    await waitFor(() => expect(container.textContent).toContain('2 tokens'));
    expect(screen.getByText('fox', { selector: 'span' })).toBeTruthy();
  });

  it('shows the beginning of a text of very many tokens, and counts the others', async () => {
    const { lab } = await renderLab(<Data />, { prepare: (one) => one.getState().corpus.generate() });
    await act(() => lab.getState().corpus.tokenise('the fox ran . '.repeat(2000)));
    expect(lab.getState().corpus.tokens).toHaveLength(8000);
    const box = screen.getByRole('region', { name: 'Tokens' });
    expect(within(box).getAllByRole('listitem')).toHaveLength(2000);
    expect(box.textContent).toContain('The first 2,000 of 8,000 tokens stand here.');
  });

  it('has no accessibility violation on either side', async () => {
    const { user, container } = await open();
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await expectAccessible(container);
  });
});

describe('attributes in words', () => {
  const calm: StoryAttributes = {
    parses: true,
    coherent: true,
    endingMood: 0,
    middleMood: 0,
    politeWords: 0,
    rudeWords: 0,
    length: 7,
    repeatedBigrams: 0,
    mentions: { fox: 1, owl: 0 },
  };
  const words = (more: Partial<StoryAttributes>) =>
    attributeChips({ ...calm, ...more }, 'she thanked the fox , and slept .').map(({ text }) => text);

  it('name the ending first and leave out what is not there', () => {
    expect(words({})).toEqual(['calm ending', '6 words', 'fox']);
  });

  it('carry mood by arrow and word, not by colour alone', () => {
    expect(words({ endingMood: 1, middleMood: -1 }).slice(0, 2)).toEqual(['↑ happy ending', '↓ sad middle']);
  });

  it('say that a text repeats itself only when a reader would', () => {
    expect(repeatsItself('the sun was warm . she was glad . she was fond of it .')).toBe(false);
    expect(repeatsItself('she was so glad . she was so glad .')).toBe(true);
    expect(repeatsItself('we ran and ran and ran and ran .')).toBe(true);
    expect(repeatsItself('')).toBe(false);
  });

  it('tell broken grammar from a story that forgot its prompt', () => {
    expect(words({ parses: false, coherent: false })).toContain('does not parse');
    expect(words({ coherent: false })).toContain('disagrees with its prompt');
  });
});

describe('knobs and tokens', () => {
  it('keep two shares of one whole below one', () => {
    const { stories } = presetConfig('tiny');
    expect(withShare(stories, 'happyShare', 0.9)).toEqual({ happyShare: 0.9, sadShare: 0.1 });
    expect(withShare(stories, 'happyShare', 0.2)).toEqual({ happyShare: 0.2, sadShare: 0.35 });
  });

  it('make white space visible and give equal tokens equal tints', () => {
    expect(visibleToken(' the')).toBe('␣the');
    expect(visibleToken('\n')).toBe('↵');
    expect(tokenTint(7)).toBe(tokenTint(7));
  });
});
