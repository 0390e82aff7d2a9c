import type { HeadAt, HeldOutChange, LayersView } from '../../../../contract/inside';
import { fixed, rounded } from '../../../../contract/numbers';
import { headOfLayer } from '../attention';

/** "before block 1", "after block 1", … */
export const depthName = (depth: number): string => (depth === 0 ? 'before block 1' : `after block ${depth}`);

function whichOff(off: readonly HeadAt[]): string {
  const [first] = off;
  if (!first) return 'All heads are on';
  return off.length === 1 ? `With ${headOfLayer(first)} off` : `With ${off.length} heads off`;
}

const change = (words: string, { before, after }: { before: number; after: number }): string =>
  `${words} ${fixed(before, 3)} → ${fixed(after, 3)}`;

/** nothing is said of moods that no next word has */
const isTold = ({ joy, sorrow }: NonNullable<LayersView['moods']>): boolean =>
  [joy.before, joy.after, sorrow.before, sorrow.after].some((share) => rounded(share, 3) !== 0);

/** What the switches have shown: an effect, not a reading. */
export function headsSentence(
  off: readonly HeadAt[],
  heldOut: HeldOutChange | null,
  moods: LayersView['moods'],
): string {
  if (off.length === 0)
    return 'All heads are on. Switch one off: the bars and the loss show what it did, not why it looked.';
  const loss = !heldOut
    ? 'the loss is being measured'
    : heldOut.clear
      ? `the held-out loss goes from ${fixed(heldOut.before, 3)} to ${fixed(heldOut.after, 3)}`
      : `no difference on ${heldOut.texts} texts`;
  const grammar =
    moods && isTold(moods) ? ` Next word: ${change('of joy', moods.joy)}, ${change('of sorrow', moods.sorrow)}.` : '';
  return `${whichOff(off)}: ${loss}.${grammar}`;
}
