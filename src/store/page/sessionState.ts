import type { RunKind } from '../../contract/domain';
import type { ErrorReport, LabErrorCode } from '../../contract/errors';
import type { Stage } from './stages';
import type { Tab } from './tab';

/** Something that a notice offers to do. `stage` actions open a stage. */
export type NoticeAction =
  | {
      kind:
        | 'restart'
        | 'takeOver'
        | 'newVersion'
        | 'keepGoodLines'
        | 'cancelImport'
        | 'undo'
        | 'undoRanking'
        | 'dismiss';
      label: string;
    }
  | { kind: 'stage'; stage: Stage; label: string }
  | { kind: 'goBack'; run: RunKind; label: string }
  | { kind: 'putBack'; checkpointId: string; label: string };
export interface Notice {
  noticeId: string;
  /** undefined for a bug */
  code: LabErrorCode | undefined;
  tone: 'info' | 'warning' | 'error';
  title: string;
  message: string;
  /** what to do about it */
  next: string;
  actions: NoticeAction[];
}
/** One line that goes away by itself. */
export interface Toast {
  toastId: string;
  text: string;
  action: NoticeAction | null;
}
export interface NoticesSlice {
  notices: Notice[];
  toasts: Toast[];
  /** shows a notice; one with the same code replaces the older one */
  report(error: ErrorReport, actions?: NoticeAction[]): void;
  /** @param ms how long it stays */
  toast(text: string, action?: NoticeAction, ms?: number): void;
  /** takes the notice with this code away: its cause is gone */
  clear(code: LabErrorCode): void;
  dismiss(noticeId: string): void;
  /** offers to take back what was said last: it is gone, or another one now */
  withdraw(): void;
  dismissToast(toastId: string): void;
  /** what pressing a notice's button does */
  act(action: NoticeAction, noticeId?: string): Promise<void>;
}

/** What was found in storage when the page opened. */
export interface ResumeInfo {
  votes: number;
  rankings: number;
  checkpoints: number;
  runs: { kind: RunKind; step: number; totalSteps: number }[];
  /** milliseconds since 1970 */
  savedAt: number;
  /** where `Resume` leads */
  stage: Stage;
}
export interface SessionSlice {
  tab: Tab;
  /** null: nothing to resume */
  resume: ResumeInfo | null;
  storage: 'opening' | 'persistent' | 'memory' | 'full';
  /** whether everything that the page may show and load has come, so that it needs no network any more */
  rest: 'waiting' | 'loading' | 'here' | 'missing';
  /** whether the browser keeps the page itself, for visits without a network */
  keptOffline: boolean;
  /** starts the engine and brings back what is stored; called once by main.tsx */
  boot(): Promise<void>;
  /** fetches what is not here yet; @param fetchParts the parts of the page, which the store does not know */
  fetchRest(fetchParts: () => Promise<void>): Promise<void>;
  /** the stored lab is this tab's from now on; without effect where it is already */
  takeOver(): Promise<void>;
  /** loads the page again, as its newer version, unless something runs */
  takeNewVersion(): Promise<void>;
  /** how much computes beside the lab's own runs: a lesson's lab, a translator, what learns from a class, a fork of a recording */
  beside: number;
  /** stores what runs as it stands; called when the page is hidden */
  saveNow(): Promise<void>;
  /** how often everything was forgotten: what stands outside the state forgets then too */
  forgotten: number;
  /** forgets everything in this browser and starts afresh */
  clearAll(): Promise<void>;
}
