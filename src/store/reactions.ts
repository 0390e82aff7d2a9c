import { RUN_KINDS } from '../contract/domain';
import type { Context } from './context';
import { comparedIds } from './models/differenceSlice';
import { inspectedId, liveId } from './models/inspected';
import { NO_GROUPS } from './opinions/groupsSlice';
import { NO_PAIRS } from './opinions/pairsSlice';
import { keepTaste } from './opinions/tasteDue';
import { isStoring } from './persistence/loss';
import { pairsKey, writerId } from './rounds/rounds';
import type { LabState, Toast } from './state';

/** What follows from a change without anyone pressing anything. @returns what stops it */
export function react(
  context: Context,
  subscribe: (listener: (state: LabState, before: LabState) => void) => () => void,
): () => void {
  const followOpinions = keepTaste(context);
  return subscribe((state, before) => {
    if (pairsKey(state) !== pairsKey(before)) writersChanged(context, state);
    if (state.config.value.compare.rankingSize !== before.config.value.compare.rankingSize) sizeChanged(context, state);
    if (state.shelf.slots.rewardId !== before.shelf.slots.rewardId && state.scoring.text !== '')
      state.scoring.setText(state.scoring.text);
    if (state.opinions.all !== before.opinions.all && isStoring(state)) context.askToKeep();
    followOpinions(state, before);
    if (state.inspect.open) lookOn(state, before);
    if (state.view.stage !== before.view.stage) stageChanged(context, state);
  });
}

/** what a passing message is about stays behind, and so does what it offers to take back */
function stageChanged(context: Context, state: LabState): void {
  const stays = ({ action }: Toast) => action?.kind === 'putBack'; // a model belongs to every stage
  if (!state.notices.toasts.every(stays)) context.patch('notices', { toasts: state.notices.toasts.filter(stays) });
}

/** pairs and groups of other models are not shown any more */
function writersChanged(context: Context, state: LabState): void {
  const { queue, shown, error } = NO_PAIRS;
  context.patch('pairs', { queue, shown, error });
  context.patch('groups', NO_GROUPS);
  if (state.view.stage !== 'compare' || writerId(state) === null) return;
  void (state.config.value.compare.task === 'pairs' ? state.pairs : state.groups).prepare();
}

/**
 * groups of another size are not shown any more; the same prompts come again with as many completions as are wanted now
 */
function sizeChanged(context: Context, state: LabState): void {
  const { drawn, queue, shown } = state.groups;
  context.patch('groups', { ...NO_GROUPS, drawn: Math.max(0, drawn - queue.length - (shown ? 1 : 0)) });
  if (state.view.stage === 'compare' && state.config.value.compare.task === 'rankings') void state.groups.prepare();
}

/** the drawer follows another model, and the one that learns; opened by an address it gets its text with the corpus */
function lookOn(state: LabState, before: LabState): void {
  const isOther = shownIds(state).join() !== shownIds(before).join();
  const wantsText = state.inspect.text === '' && state.corpus.summary !== before.corpus.summary;
  if (wantsText) state.inspect.show();
  else if (isOther) void state.inspect.refresh();
  else if (isTraining(state) && !state.inspect.frozen && hasLearned(state, before)) state.inspect.follow();
}
const hasLearned = (state: LabState, before: LabState): boolean =>
  RUN_KINDS.some((kind) => state.runs[kind].state?.step !== before.runs[kind].state?.step);
/** the model that Inspect reads, or the two that it holds against each other */
function shownIds(state: LabState): (string | null)[] {
  if (state.inspect.tab !== 'before-after') return [inspectedId(state)];
  const { before, after } = comparedIds(state);
  return [before, after];
}
const isTraining = (state: LabState): boolean => shownIds(state).some((id) => id?.startsWith(liveId('')));
