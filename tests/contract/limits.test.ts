import { describe, expect, it } from 'vitest';
import { shortened, withShortWords } from '../../src/contract/limits';

describe('what a sentence has room for', () => {
  it('leaves short texts as they are, and cuts long ones between characters', () => {
    expect(shortened('fox')).toBe('fox');
    expect(shortened('x'.repeat(60))).toBe('x'.repeat(60));
    expect(shortened('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`);
    expect(shortened('🦊🦊🦊', 2)).toBe('🦊🦊…');
    expect(shortened('the fox sang', 4)).toBe('the…');
  });

  it('shortens words without end, and nothing of a long sentence of usual words', () => {
    const word = 'extraordinarily'.repeat(134);
    expect(withShortWords(`${word}.jsonl: line 2 (the model does not know “${word}”)`)).toBe(
      `${word.slice(0, 60)}… line 2 (the model does not know “${word.slice(0, 59)}…`,
    );
    const sentence = 'Some lines of the votes file cannot be read. '.repeat(50);
    expect(withShortWords(sentence)).toBe(sentence);
  });
});
