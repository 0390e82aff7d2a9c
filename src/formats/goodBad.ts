/** What people and programs call one answer by itself. */
const GOOD = /^(?:true|1|good|desirable|positive|yes|thumbs[ _-]?up|like|👍)$/i;
const BAD = /^(?:false|0|-1|bad|undesirable|negative|no|thumbs[ _-]?down|dislike|👎)$/i;

/** a table of text writes 1.0 where a data frame had numbers with gaps */
const wordOf = (label: unknown): string => {
  const said = String(label ?? '').trim();
  return said !== '' && Number.isFinite(Number(said)) ? String(Number(said)) : said;
};

/** @returns whether an answer is called good; null where it is called neither good nor bad */
export function isGood(label: unknown): boolean | null {
  const word = wordOf(label);
  if (GOOD.test(word)) return true;
  return BAD.test(word) ? false : null;
}
