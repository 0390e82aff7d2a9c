/** Which texts are held out, decided by the text alone: one that is drawn twice is on one side only. */

/** one text in ten */
export const HELD_OUT_OF = 10;

/** by FNV-1a over its UTF-16 code units */
export function isHeldOut(text: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % HELD_OUT_OF === 0;
}
