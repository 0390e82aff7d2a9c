import type { VoteChoice } from '../../../contract/preferences';
import { eachKey, useKeys } from '../../primitives/useKeys';
import type { CodeOf } from '../../shell/keys';

export type VoteAction = VoteChoice | 'skip' | 'undo';

const ACTIONS: Readonly<Record<CodeOf<'Compare'>, VoteAction>> = {
  '1': 'a',
  ArrowLeft: 'a',
  '2': 'b',
  ArrowRight: 'b',
  t: 'tie',
  ArrowUp: 'tie',
  b: 'bothBad',
  ArrowDown: 'bothBad',
  s: 'skip',
  u: 'undo',
  '$mod+z': 'undo',
};

/** Every answer has a key, with the focus anywhere but in a text field or a dialog; a key held down answers once. */
export function useVoteKeys(act: (action: VoteAction) => void, enabled = true): void {
  useKeys<'Compare'>(eachKey(ACTIONS, act), enabled);
}
