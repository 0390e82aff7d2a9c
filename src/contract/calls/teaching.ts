/** What the pages of the menu Teach ask. */
import type { AgreementReport } from '../agreement';
import type { ArenaBoard, RatedDuel, RatingOptions } from '../arena';
import type { ClassChoice, ClassPair, ClassPairs, ClassSize } from '../classroom';
import type {
  GridGradient,
  GridLearner,
  GridLearning,
  GridPolicy,
  GridProgress,
  GridSolution,
  GridWalk,
  GridWorld,
} from '../gridworld';
import type { TasteWeight } from '../preferences';
import type { Decoding, TranslateAnswer, TranslateProgress, TranslateShape } from '../translate';

export interface TeachingCalls {
  /**
   * a translator in place of the one before: at step 0, or where the `saved` one stood, whose seed and points it has.
   * The same seed goes on to the same numbers
   */
  'translate/create': {
    params: { runId: string; seed: number; saved?: Uint8Array };
    result: TranslateProgress & { shape: TranslateShape; seed: number };
  };
  /**
   * so many steps, or fewer: it comes back after a moment, and whenever held-out sentences were looked at. Nothing runs
   * between two calls, so whoever stops asking has paused it
   */
  'translate/advance': { params: { runId: string; steps: number }; result: TranslateProgress };
  /** as it stands between two steps */
  'translate/save': { params: { runId: string }; result: { step: number; bytes: Uint8Array } };
  'translate/read': {
    params: { runId: string; sentence: string; decoding: Decoding; cut: boolean };
    result: TranslateAnswer;
  };

  /** everything that follows from a grid without a walk */
  'grid/solve': { params: { world: GridWorld }; result: GridSolution };
  /** the same seed takes the same walk */
  'grid/walk': { params: { world: GridWorld; policy: GridPolicy; seed: number }; result: GridWalk };
  /** some updates more of a policy, which begins with `learner` null; the same seed gives the same, in any slices */
  'grid/learn': {
    params: { world: GridWorld; learning: GridLearning; learner: GridLearner | null; seed: number; updates: number };
    result: GridProgress;
  };
  /** the gradient of V(start) from so many walks, beside the exact one; `logits` null is the uniform policy */
  'grid/gradient': {
    params: { world: GridWorld; logits: number[][] | null; seed: number; walks: number };
    result: GridGradient;
  };

  /**
   * what duels say of so many models, which they name by numbers from 0; the same duels and options give the same board
   */
  'arena/rate': {
    params: { models: number; duels: RatedDuel[]; options: RatingOptions };
    result: ArenaBoard;
  };

  /**
   * the pairs of a class: the same for the same seed on every machine, because the shipped model writes them with the
   * default arithmetic of WebAssembly; throws class/arithmetic in a thread that has another one
   */
  'class/write': { params: { seed: number; size: ClassSize }; result: ClassPairs };
  /** how far a class agrees; what was skipped was not voted on. The same seed draws the same intervals */
  'class/agreement': { params: { pairs: number; choices: ClassChoice[][]; seed: number }; result: AgreementReport };
  /** what each student seems to like; null for one who chose a side too seldom */
  'class/tastes': {
    params: { pairs: ClassPair[]; choices: ClassChoice[][] };
    result: (TasteWeight[] | null)[];
  };
}
