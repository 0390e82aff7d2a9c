import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { Corpus } from '../../../src/core/text/corpus';
import { whatDoesNotFit } from '../../../src/core/text/fitness';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';

const stories = createStoryCorpus({ ...presetConfig('tiny').stories, stories: 50 }, 1);
const PROMPT = 'the fox found a kite .';
const check = (prompt: string, completions: string[], corpus: Corpus = stories) =>
  whatDoesNotFit(corpus, prompt, completions);

describe('what a model can learn from', () => {
  it('is anything it knows the words of', () => {
    expect(check(PROMPT, ['he was glad .'])).toBeNull();
    expect(check(PROMPT, ['he was glad .', 'she was sad .', 'fox fox'])).toBeNull();
  });

  it('has no words that it does not know, on either side; the first few are named once each', () => {
    expect(check('the zebra found a kite .', ['he was glad .', 'the zebra was okay'])).toBe(
      'the model does not know “zebra”, “okay”',
    );
    expect(check(PROMPT, ['a1 b2 c3 d4 e5 f6 g7'])).toBe(
      'the model does not know “a1”, “b2”, “c3”, “d4”, “e5” and 2 more',
    );
  });

  it('has a prompt that the model can read whole', () => {
    const longest = stories.promptLength - 1; // and <bos>
    expect(check(new Array(longest).fill('fox').join(' '), ['he was glad .'])).toBeNull();
    expect(check(new Array(longest + 1).fill('fox').join(' '), ['he was glad .'])).toBe(
      `the prompt is ${longest + 2} tokens long; this model reads at most ${longest + 1}`,
    );
  });

  it('has several completions that fill all the room there is: a model that never ends its texts writes them so', () => {
    const full = (word: string, extra = 0) => new Array(stories.completionLength + extra).fill(word).join(' ');
    expect(check(PROMPT, [full('fox'), full('kite')])).toBeNull();
    expect(check(PROMPT, ['he was glad .', full('kite', 1)])).toBe(
      `completion 2 is ${stories.completionLength + 1} tokens long; at most ${stories.completionLength} fit`,
    );
  });

  it('has completions that are something, end within the room there is, and differ', () => {
    const room = stories.completionLength - 1; // and <eos>
    expect(check(PROMPT, ['  '])).toBe('the completion is empty');
    expect(check(PROMPT, ['he was glad .', ''])).toBe('completion 2 is empty');
    expect(check(PROMPT, [new Array(room).fill('fox').join(' ')])).toBeNull();
    expect(check(PROMPT, [new Array(room + 1).fill('fox').join(' ')])).toBe(
      `the completion is ${room + 1} tokens long; at most ${room} fit`,
    );
    expect(check(PROMPT, ['he was glad .', 'she was sad .', ' he  was glad .'])).toBe(
      'completions 1 and 3 are the same',
    );
  });
});
