/** A lab that was lost between two visits: what is noted against that, and what the page says then. */
import { countOf } from '../../contract/numbers';
import { type Ranking, votesIn } from '../../contract/preferences';
import type { Context } from '../context';
import { rememberLast } from '../rememberLast';
import type { LabState } from '../state';
import type { Note } from './reminder';

const CAUSES =
  'A browser does that when it finds its storage damaged, as after a crash, or when the disk is almost full.';

const heldOf = ({ votes, rankings, demonstrations, models }: Omit<Note, 'at'>): string =>
  [
    votes > 0 && countOf(votes, 'vote'),
    rankings > 0 && countOf(rankings, 'ranking'),
    demonstrations > 0 && countOf(demonstrations, 'demonstration'),
    models > 0 && countOf(models, 'model'),
  ]
    .filter(Boolean)
    .join(', ');

const dateOf = (at: number): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** Says what is missing where nothing was found though it was noted that something is stored. */
export function tellLoss(context: Context): void {
  const { storage, resume } = context.get().session;
  if (storage !== 'persistent' || resume !== null) return;
  const note = context.reminder.read();
  const held = note ? heldOf(note) : '';
  if (!note || held === '') return;
  context.get().notices.report({
    code: 'storage/missing',
    message: `On ${dateOf(note.at)} it held: ${held}. ${CAUSES}`,
    stack: undefined,
  });
}

/** asked at every change; there may be 100,000 votes */
const votesAmong = rememberLast((opinions: readonly Ranking[]) => votesIn(opinions).length);

function countsOf({ opinions: { all }, demonstrations, shelf }: LabState): Omit<Note, 'at'> {
  const votes = votesAmong(all);
  return {
    votes,
    rankings: all.length - votes,
    demonstrations: demonstrations.all.length,
    models: shelf.checkpoints.length,
  };
}

/** whether this page is the one that stores, and has read what was there */
export const isStoring = ({ session }: LabState): boolean => session.tab === 'live' && session.storage === 'persistent';

/**
 * Keeps the note true from now on. While the page says what was lost and nothing new is there, the note stays: a reload
 * says it again. Once the visitor has read it the note goes, also while the engine still starts.
 * @returns what stops it
 */
export function keepReminder(context: Context): () => void {
  let noted: string | null = null;
  let wasSaid = false;
  return context.onChange(() => {
    const state = context.get();
    const held = heldOf(countsOf(state));
    const isSaid = state.notices.notices.some(({ code }) => code === 'storage/missing');
    const isRead = wasSaid && !isSaid;
    wasSaid = isSaid;
    if (!isStoring(state) && !isRead) return;
    if (held === noted || (held === '' && isSaid)) return;
    noted = held;
    context.reminder.write(held === '' ? null : { ...countsOf(state), at: context.today() });
  });
}
