/** How the small things are stored as they change, and come back. What each of them is: settingTable. */
import * as v from 'valibot';
import { inWords, LIMITS } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { isMeantAsVote } from '../../formats/opinionSchemas';
import type { OpinionKind } from '../../formats/opinions';
import { repaired } from '../../formats/repair';
import { completedConfig, isSoundConfig, readUrl, settledConfig, writeSearch } from '../address/url';
import type { Context } from '../context';
import type { LabState } from '../state';
import {
  type Back,
  isOther,
  joined,
  type Page,
  type Patches,
  type Returning,
  SETTINGS,
  type Watched,
} from './settingTable';
import type { Settings, StoredLab } from './storage';

const WATCHED = Object.keys(SETTINGS) as Watched[];
/** of everything that is written whole */
export const SETTING_KEYS: readonly (keyof Settings)[] = [...WATCHED, 'savedAt'];

/**
 * Keeps the small things on disk as they change; before the disk was read, nothing is written over what it holds.
 * @returns what stops it
 */
export function watchSettings(
  context: Context,
  subscribe: (listener: (state: LabState, before: LabState) => void) => () => void,
): () => void {
  const early = new Set<Watched>();
  const write = <K extends Watched>(key: K, state: LabState) => {
    void context.vault.write('putSetting', key, SETTINGS[key].written(state));
    if (key === 'slots' || key === 'corpus') void context.vault.write('putSetting', 'savedAt', context.today());
  };
  return subscribe((state, before) => {
    for (const key of changedSettings(state, before)) early.add(key);
    if (state.session.tab === 'starting') return;
    for (const key of early) write(key, state);
    early.clear();
  });
}

/** most changes are numbers of a run and touch none */
const changedSettings = (state: LabState, before: LabState): Watched[] =>
  WATCHED.filter((key) => {
    const { of, written } = SETTINGS[key];
    return of.some((slice) => state[slice] !== before[slice]) && isOther(written(state), written(before));
  });

/** Writes all of them: they were changed while nothing could be written. */
export async function storeSettings(context: Context): Promise<void> {
  const state = context.get();
  for (const key of WATCHED) await context.vault.write('putSetting', key, SETTINGS[key].written(state));
}

const BACK: { [K in Returning]: Back<K> } = SETTINGS;
const RETURNING = WATCHED.filter((key): key is Returning => 'back' in SETTINGS[key]);

/** Takes what was stored into the page. What the address says, or what was done since the page opened, is stronger. */
export function applySettings(context: Context, stored: StoredLab): void {
  const here = context.get();
  const sound = soundSettings(stored.settings);
  const { opinions, duels, demonstrations } = soundOpinions(context, stored, sound);
  takeConfig(context, stored.settings.config);
  const page = { here, initial: context.initial(), sound, demonstrations, checkpointIds: stored.checkpointIds };
  for (const key of RETURNING) apply(context, takenBack(key, page));
  context.patch('opinions', { all: joined(opinions, here.opinions.all, ({ rankingId }) => rankingId) });
  context.patch('arena', { duels: joined(duels, here.arena.duels, ({ rankingId }) => rankingId) });
}

function takeConfig(context: Context, stored: unknown): void {
  const config = settledConfig(completedConfig(stored));
  const address = context.address.read();
  if (readUrl(address).config !== null || !isSoundConfig(config)) return;
  context.patch('config', { value: config });
  context.address.write({ ...address, search: writeSearch(config) }, 'replace');
}

const soundSettings = (settings: Partial<Settings>): Page['sound'] =>
  Object.fromEntries(
    RETURNING.filter((key) => v.is(SETTINGS[key].schema, settings[key])).map((key) => [key, settings[key]]),
  );

function takenBack<K extends Returning>(key: K, page: Page): Patches {
  const stored: Settings[K] | undefined = page.sound[key];
  return stored === undefined ? {} : BACK[key].back(stored, page);
}

function apply(context: Context, patches: Patches): void {
  for (const slice of Object.keys(patches) as (keyof Patches)[]) context.patch(slice, patches[slice]!);
}

/** @returns what can be used of the stored opinions; what cannot is counted in a notice */
function soundOpinions(context: Context, { opinions, duels }: StoredLab, { examples }: Page['sound']) {
  const found = {
    votes: repaired('votes', opinions.filter(isMeantAsVote)),
    rankings: repaired(
      'rankings',
      opinions.filter((one) => !isMeantAsVote(one)),
    ),
    duels: repaired('duels', duels),
    demonstrations: repaired('demonstrations', examples?.demonstrations ?? []),
  };
  const sentences = Object.entries(found).flatMap(([kind, { unreadable, beyond }]) => [
    ...(unreadable > 0 ? [`Of the stored ${kind}, ${inWords(unreadable)} could not be read.`] : []),
    ...(beyond > 0
      ? [
          `Of the stored ${kind}, ${countOf(beyond, 'was', 'were')} over the limit of ${inWords(LIMITS[kind as OpinionKind | 'duels'])}.`,
        ]
      : []),
  ]);
  if (sentences.length > 0)
    context.get().notices.report({ code: 'storage/repaired', message: sentences.join(' '), stack: undefined });
  return {
    opinions: [...found.votes.kept, ...found.rankings.kept],
    duels: found.duels.kept,
    demonstrations: found.demonstrations.kept,
  };
}
