import { type ErrorReport, LAB_ERRORS, type LabErrorCode } from '../../contract/errors';
import { withShortWords } from '../../contract/limits';
import type { Context } from '../context';
import type { LabState, Notice, NoticeAction, NoticesSlice } from '../state';

const TOAST_MS = 6000;
const TOASTS = 3;

/** What goes on all the same is not red. */
const TONES: Partial<Record<LabErrorCode, Notice['tone']>> = {
  'webgpu/missing': 'info',
  'webgpu/lost': 'warning',
  'run/missingInput': 'info',
  'run/sameTexts': 'info',
  'run/tooFewVotes': 'info',
  'run/votes': 'warning',
  'run/klCeiling': 'warning',
  'opinions/full': 'info',
  'file/votes': 'warning',
  'file/known': 'info',
  'shelf/inUse': 'info',
  'shelf/misfit': 'info',
  'storage/full': 'warning',
  'storage/unavailable': 'warning',
  'storage/lost': 'warning',
  'storage/blocked': 'warning',
  'storage/outdated': 'warning',
  'storage/emptied': 'warning',
  'storage/missing': 'warning',
  'storage/corrupt': 'warning',
  'storage/repaired': 'warning',
  'session/otherTab': 'warning',
  'url/ignored': 'info',
  'page/newVersion': 'info',
  'page/overHttp': 'info',
};

/** What helps against these whatever the visitor was doing. */
const REMEDIES: Partial<Record<LabErrorCode, NoticeAction[]>> = {
  'engine/crashed': [{ kind: 'restart', label: 'Restart' }],
  'session/otherTab': [{ kind: 'takeOver', label: 'Take over here' }],
  'page/newVersion': [{ kind: 'newVersion', label: 'Load it' }],
  'run/votes': [{ kind: 'stage', stage: 'compare', label: 'Open Compare' }],
};

/** A file of votes with nothing in it to keep. */
const NO_GOOD_VOTE = {
  title: 'This file holds no vote that can be read',
  next: 'Votes are JSON Lines: one {prompt, chosen, rejected} a line, or {prompt, completions, ranks}.',
};

function toNotice({ code, message: words }: ErrorReport, actions: NoticeAction[], noticeId: string): Notice {
  const message = withShortWords(words);
  if (code === undefined) {
    const next = 'This is a mistake in the lab, not yours. Your work is stored; reload the page if something hangs.';
    return { noticeId, code, tone: 'error', title: 'Something went wrong', message, next, actions };
  }
  const { title, next } = code === 'file/votes' && actions.length === 0 ? NO_GOOD_VOTE : LAB_ERRORS[code];
  return { noticeId, code, tone: TONES[code] ?? 'error', title, message, next, actions: REMEDIES[code] ?? actions };
}

/** of such offers only the newest stands: each is about the last thing done */
const takesBack = (action: NoticeAction | null | undefined): boolean =>
  action?.kind === 'undo' || action?.kind === 'undoRanking';

/** Trouble of one kind: the next of the kind takes its place, and it goes when an attempt of the kind succeeds. */
const sameKind = (one: LabErrorCode | undefined, other: LabErrorCode | undefined): boolean =>
  one === other || (one?.startsWith('text/') === true && other?.startsWith('text/') === true);

async function perform(state: LabState, action: NoticeAction): Promise<void> {
  switch (action.kind) {
    case 'stage':
      return state.view.go(action.stage);
    case 'goBack':
      await state.runs.goBack(action.run);
      return;
    case 'restart':
      return state.engine.restart();
    case 'takeOver':
      return state.session.takeOver();
    case 'newVersion':
      return state.session.takeNewVersion();
    case 'keepGoodLines':
      return state.opinions.keepGoodLines();
    case 'cancelImport':
      return state.opinions.cancelImport();
    case 'undo':
      return state.pairs.undo();
    case 'undoRanking':
      return state.groups.undo();
    case 'putBack':
      return state.shelf.putBack(action.checkpointId);
    case 'dismiss':
      return;
  }
}

export function noticesSlice(context: Context): NoticesSlice {
  const notices = () => context.get().notices;

  return {
    notices: [],
    toasts: [],
    report(error, actions = []) {
      // every pending call says it again
      if (error.code === 'engine/crashed' && notices().notices.some(({ code }) => code === error.code)) return;
      const notice = toNotice(error, actions, context.newId('notice'));
      const others = notices().notices.filter(
        ({ code, message }) => !sameKind(code, notice.code) || (code === undefined && message !== notice.message),
      );
      context.patch('notices', { notices: [...others, notice] });
    },
    toast(text, action, ms = TOAST_MS) {
      const toast = { toastId: context.newId('toast'), text: withShortWords(text), action: action ?? null };
      const others = notices().toasts.filter((other) => !takesBack(action) || !takesBack(other.action));
      context.patch('notices', { toasts: [...others.slice(1 - TOASTS), toast] });
      context.later(() => notices().dismissToast(toast.toastId), ms);
    },
    clear: (code) =>
      context.patch('notices', { notices: notices().notices.filter((notice) => !sameKind(notice.code, code)) }),
    dismiss: (noticeId) =>
      context.patch('notices', { notices: notices().notices.filter((notice) => notice.noticeId !== noticeId) }),
    withdraw: () => context.patch('notices', { toasts: notices().toasts.filter(({ action }) => !takesBack(action)) }),
    dismissToast: (toastId) =>
      context.patch('notices', { toasts: notices().toasts.filter((toast) => toast.toastId !== toastId) }),
    async act(action, noticeId) {
      if (noticeId !== undefined) notices().dismiss(noticeId);
      await perform(context.get(), action);
    },
  };
}
