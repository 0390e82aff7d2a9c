/**
 * Whose the stored lab is: this tab asks for it when it opens, loses it to another one, or takes it over; then what is
 * stored comes back.
 */
import { RUN_KINDS } from '../../contract/domain';
import { attempt, type Context } from '../context';
import { tellLoss } from '../persistence/loss';
import { bringBack, showCurves, showRuns, standStill } from '../persistence/restore';
import { applySettings } from '../persistence/settings';
import { NOTHING_STORED } from '../persistence/storage';
import { storeAgain } from '../persistence/storeAgain';
import { resumeInfo } from './resumeInfo';
import type { SessionSlice } from './sessionState';
import { follow, type TabMove } from './tab';

/** @returns whether it led anywhere */
export function moveTab(context: Context, move: TabMove, fields: Partial<SessionSlice> = {}): boolean {
  const { tab } = context.get().session;
  const next = follow(tab, move);
  context.patch('session', { ...fields, tab: next });
  return next !== tab;
}

const say = (context: Context, message: string) =>
  context.get().notices.report({ code: 'session/otherTab', message, stack: undefined });

function lose(context: Context): void {
  const { runs } = context.get();
  context.vault.detach();
  moveTab(context, 'lose', { storage: context.vault.storage.kind });
  for (const kind of RUN_KINDS) if (runs[kind].state?.status === 'running') void runs.pause(kind);
  say(
    context,
    'Another tab took this lab over. This one goes on in memory only: what you do here is gone when you close it.',
  );
}

async function ask(context: Context): Promise<void> {
  if (await context.lock.acquire(() => lose(context))) return;
  context.vault.detach();
  moveTab(context, 'refuse');
  say(
    context,
    'It is being stored from the tab that was first. What is stored is not shown here, and what you do here is not stored.',
  );
}

async function restore(context: Context): Promise<void> {
  const stored = await context.vault.read((storage) => storage.load(), NOTHING_STORED);
  applySettings(context, stored);
  showRuns(context, stored.runs);
  moveTab(context, 'read', { storage: context.vault.storage.kind, resume: resumeInfo(stored) });
  tellLoss(context);
  await Promise.all([context.get().engine.start(), showCurves(context, stored.runs)]);
  try {
    if (context.get().engine.status === 'ready') await bringBack(context, stored);
  } finally {
    standStill(context);
  }
}

/** once per page */
export async function openTab(context: Context): Promise<void> {
  await attempt(context, async () => {
    await ask(context);
    await restore(context);
  });
  moveTab(context, 'settle');
}

/** what was done here meanwhile is stored with the rest */
export async function takeLab(context: Context): Promise<void> {
  await attempt(context, async () => {
    await context.lock.takeOver(() => lose(context));
    const mine = context.vault.storage;
    context.vault.attach();
    moveTab(context, 'own');
    context.get().notices.clear('session/otherTab');
    await storeAgain(context, mine);
    await restore(context);
  });
  moveTab(context, 'giveUp'); // where the lock was not to be had
  moveTab(context, 'settle');
}
