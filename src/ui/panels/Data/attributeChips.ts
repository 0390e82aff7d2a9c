import type { StoryAttributes } from '../../../contract/domain';
import { countOf } from '../../../contract/numbers';
import { countWords } from '../../../contract/wordCount';
import type { Tone } from '../../theme/tone';

export interface AttributeChip {
  text: string;
  tone: Tone;
}

const MOODS: Record<-1 | 0 | 1, AttributeChip> = {
  1: { text: '↑ happy ending', tone: 'good' },
  0: { text: 'calm ending', tone: 'ink-2' },
  [-1]: { text: '↓ sad ending', tone: 'rejected' },
};

function grammarChip({ parses, coherent }: StoryAttributes): AttributeChip | null {
  if (!parses) return { text: 'does not parse', tone: 'bad' };
  return coherent ? null : { text: 'disagrees with its prompt', tone: 'warn' };
}

function middleChip({ middleMood }: StoryAttributes): AttributeChip | null {
  if (middleMood === 0) return null;
  return middleMood > 0 ? { text: '↑ happy middle', tone: 'good' } : { text: '↓ sad middle', tone: 'rejected' };
}

/**
 * three words in a row, within one sentence, that come twice; shorter runs such as "she was" come twice in many good
 * texts
 */
const RUN = 3;

export function repeatsItself(text: string): boolean {
  const runs = text.split(/[.!?]/).flatMap((sentence) => {
    const words = sentence.match(/[\p{L}\p{N}'’-]+/gu) ?? [];
    return words.slice(RUN - 1).map((_, i) => words.slice(i, i + RUN).join(' '));
  });
  return new Set(runs).size < runs.length;
}

const mentionText = ([animal, times]: [string, number]): string => (times > 1 ? `${animal} ×${times}` : animal);

/**
 * What can be computed from a completion, in words; the ending comes first because raters look there. Sound grammar is
 * the rule and gets no chip.
 */
export function attributeChips(attributes: StoryAttributes, completion: string): AttributeChip[] {
  const { endingMood, politeWords, rudeWords, mentions } = attributes;
  const length = countWords(completion);
  const chips = [
    MOODS[endingMood],
    middleChip(attributes),
    politeWords > 0 ? { text: 'polite', tone: 'value' as const } : null,
    rudeWords > 0 ? { text: 'rude', tone: 'bad' as const } : null,
    { text: countOf(length, 'word'), tone: 'ink-2' as const },
    ...Object.entries(mentions)
      .filter(([, times]) => times > 0)
      .map((entry) => ({ text: mentionText(entry), tone: 'ink-2' as const })),
    repeatsItself(completion) ? { text: 'repeats itself', tone: 'warn' as const } : null,
    grammarChip(attributes),
  ];
  return chips.filter((chip) => chip !== null);
}
