/**
 * When the taste is fitted. By itself as soon as there is enough to fit, when Reward model opens, and, where the fit is
 * looked at, once the voter pauses (`keepTaste`); besides, when a run that needs it begins, and when the visitor asks
 * for it.
 */
import { RULE_FROM } from '../../contract/enough';
import { tasteKey } from '../../contract/ownTaste';
import type { Context } from '../context';
import { howFar } from '../page/tab';
import { writerId } from '../rounds/rounds';
import type { LabState, Page } from '../state';
import { opinionsKey, usableChoices } from './counts';
import { hasAttributes, ownMeasure } from './raterInUse';

/** a pause of the voter, so that the next pair comes before the fit */
const QUIET_MS = 600;
const LOOKED_AT: readonly Page[] = ['compare', 'reward'];

/** @returns a key of all that a rule is fitted to */
export function fitKey(state: Pick<LabState, 'corpus' | 'opinions'>): string {
  const { own } = ownMeasure(state);
  return own ? `${opinionsKey(state)} ${tasteKey(own)}` : opinionsKey(state);
}

/** There is no fit, or one to other opinions than are here. */
export const isTasteOutdated = (state: LabState): boolean =>
  state.taste.result === null || state.taste.fittedTo !== fitKey(state);

/** There is something to fit, in texts that can be measured, and everything stored is back. */
const canBeFitted = (state: LabState): boolean =>
  usableChoices(state.opinions.all) > 0 &&
  writerId(state) !== null &&
  state.corpus.summary !== null &&
  hasAttributes(state) &&
  howFar(state.session.tab) !== 'restoring';

const isDue = (state: LabState): boolean => isTasteOutdated(state) && canBeFitted(state);
const isEnough = ({ opinions }: LabState): boolean => usableChoices(opinions.all) >= RULE_FROM;

/** @returns what keeps it fitted, to be told of every change */
export function keepTaste(context: Context): (state: LabState, before: LabState) => void {
  /** `opinionsKey` of what the next fit waits with, and of what the last one was asked for: one that failed is not repeated */
  let [waiting, asked] = ['', ''];
  const refit = (state: LabState) => {
    asked = fitKey(state);
    void state.taste.infer();
  };
  const isWanted = (state: LabState): boolean =>
    LOOKED_AT.includes(state.view.stage) &&
    !state.taste.busy &&
    isEnough(state) &&
    isDue(state) &&
    asked !== fitKey(state);

  const afterPause = (state: LabState) => {
    const key = fitKey(state);
    if (waiting === key) return;
    waiting = key;
    context.later(() => {
      if (waiting !== key) return;
      waiting = '';
      if (isWanted(context.get())) refit(context.get());
    }, QUIET_MS);
  };

  return (state, before) => {
    const hasOpened = state.view.stage !== before.view.stage;
    if (hasOpened) asked = '';
    const isFirst = state.opinions.all !== before.opinions.all && isEnough(state) && !isEnough(before);
    if (isFirst || (hasOpened && state.view.stage === 'reward')) {
      if (isDue(state)) refit(state);
    } else if (isWanted(state)) afterPause(state);
  };
}
