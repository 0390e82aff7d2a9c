import type { CorpusSummary, TextSample } from '../../contract/domain';

/**
 * A prompt and its completion as one text. Stories are kept as words, so a space stands between the two; the visitor's
 * own text was cut in its midst and goes on at once, where a space of ours would be a character the text never had.
 */
export function wholeText(
  kind: CorpusSummary['kind'],
  { prompt, completion }: Pick<TextSample, 'prompt' | 'completion'>,
): string {
  return kind === 'text' ? prompt + completion : `${prompt} ${completion}`.trim();
}
