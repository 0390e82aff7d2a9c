import { describe, expect, it } from 'vitest';
import { writtenWords } from '../../../src/core/translate/reading';
import { translate } from '../../../src/core/translate/translation';

const source = 'the brave fox and the owl found a red lamp .'.split(' ');
const truth = translate(source);
const partnersOf = (text: string) => writtenWords(source, text.split(' '), truth).map(({ partner }) => partner);

describe('the words that were written', () => {
  it('have the partners of the grammar where the translation is right', () => {
    expect(partnersOf(truth.words.join(' '))).toEqual(truth.partner);
  });

  it('keep their partner with a wrong ending, lose it as words of another sentence', () => {
    // ko vulto drema son … : the adjective has the wrong ending; niza is a duck
    expect(partnersOf('ko vulto drema son ko niza')).toEqual([0, 2, 1, 3, 4, null]);
  });

  it('take the places of a word that comes twice in their order, and none when it comes once more', () => {
    expect(partnersOf('ko ko ko')).toEqual([0, 4, null]);
  });

  it('have the class of the word that they translate', () => {
    const classes = writtenWords(source, ['vulto', 'dremo', 'tadik', '.', 'niza'], truth);
    expect(classes.map(({ wordClass }) => wordClass)).toEqual(['noun', 'adjective', 'verb', 'mark', 'other']);
  });
});
