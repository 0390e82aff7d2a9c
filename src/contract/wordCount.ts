/** what stands between spaces: in a story a mark is a word of its own, as it is to the model */
export const countWordsAndMarks = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** words as a reader counts them: a mark that stands alone is none */
export const countWords = (text: string): number =>
  text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
