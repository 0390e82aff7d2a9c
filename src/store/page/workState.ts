import type { RunKind } from '../../contract/domain';
import type { Progress } from '../../contract/protocol';

/** What a visitor can start that may take more than two seconds, runs aside: those have `Pause` and `Reset`. */
export type WorkKind =
  | 'corpus'
  | 'votes'
  | 'rankings'
  | 'wishes'
  | 'voteFile'
  | 'demonstrationFile'
  | 'measureModels'
  | 'compareModels'
  | 'pairs'
  | 'groups'
  | 'taste'
  | 'score'
  | 'inspect'
  | 'heads'
  | 'complete'
  | 'probe'
  | 'shipped'
  | 'modelFile'
  | 'saveModel'
  | 'takeFurther'
  | 'copyModel'
  | 'renameModel'
  | 'clearVotes'
  | 'export'
  | 'bringBack'
  | 'forget'
  | 'saveNotebook'
  | 'openNotebook'
  | `run/${RunKind}`;
export interface Work {
  /** null until the first news */
  progress: Progress | null;
  /** the visitor asked for the end, and it has not come yet */
  cancelling: boolean;
  /** nothing is left that could be cancelled: what is written now is written as a whole */
  committed?: true;
}
export interface WorkSlice {
  /** what is under way, one of a kind at most */
  underway: Partial<Record<WorkKind, Work>>;
  /** what was there before stays as it is; without effect when it is done already, or committed */
  cancel(kind: WorkKind): void;
}
