/** Duels of others: of simulated raters, out of files and into them. */

import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import { duelsToJsonl } from '../../formats/duels';
import { toReport } from '../context';
import type { Lab } from '../lab';
import { JSON_LINES } from '../opinions/exportLines';
import type { ArenaGame, Patch } from './gameState';
import { type DuelFile, FULL, namesOf, readDuelFile, roomIn, simulateDuels } from './many';
import { nameOf } from './rated';

type Taking = Pick<ArenaGame, 'simulate' | 'cancelSimulating' | 'save' | 'openFile' | 'decide' | 'clear'>;

/** Takes the good lines of a file, as many as there is room for. @returns what came of it, in words */
async function takeFile(lab: Lab, { found, name }: DuelFile): Promise<string> {
  const room = roomIn(lab);
  const taken = found.slice(0, room);
  const names = Object.fromEntries(taken.flatMap((one) => Object.entries(one.names)));
  const duels = taken.map(({ duel }) => duel);
  await lab.getState().arena.add(duels, names);
  const rest = found.length > room ? ` ${FULL}` : '';
  return `${countOf(taken.length, 'duel')} from ${name}, counted apart from yours.${rest}`;
}

export function taking(lab: Lab, get: () => ArenaGame, patch: Patch): Taking {
  let controller = new AbortController();
  const arena = () => lab.getState().arena;
  const take = async (file: DuelFile) => {
    const outcome = await takeFile(lab, file);
    patch({ pending: null, outcome });
  };

  return {
    async simulate(count) {
      if (get().simulating) return;
      controller = new AbortController();
      const { signal } = controller;
      patch({ simulating: { done: 0, of: count }, outcome: null });
      const tell = (done: number) => patch({ simulating: { done, of: count } });
      try {
        const duels = await simulateDuels(lab, count, tell, signal);
        if (signal.aborted) throw new LabError('work/cancelled', 'They came too late.');
        await arena().add(duels, namesOf(lab, duels));
        patch({ outcome: `${countOf(duels.length, 'simulated vote')}, counted apart from yours.` });
      } catch (error) {
        const { code, message } = toReport(error);
        patch({ outcome: code === 'work/cancelled' ? 'Cancelled: nothing was changed.' : message });
      }
      patch({ simulating: null });
    },

    cancelSimulating: () => controller.abort(),

    save: () =>
      lab.saveFile(
        'duels.jsonl',
        duelsToJsonl(arena().duels, (id) => nameOf(lab.getState(), id)),
        JSON_LINES,
      ),

    async openFile(bytes, name) {
      patch({ pending: null, outcome: null });
      try {
        const file = await readDuelFile(lab, bytes, name);
        if (file.complaint === null) await take(file);
        else if (file.found.length > 0) patch({ pending: file });
        else patch({ outcome: file.complaint });
      } catch (error) {
        patch({ outcome: toReport(error).message });
      }
    },

    async decide(keep) {
      const { pending } = get();
      patch({ pending: null }); // a second press finds nothing to add again
      if (pending && keep) await take(pending);
    },

    async clear() {
      await arena().remove(arena().duels.map(({ rankingId }) => rankingId));
      patch({ last: null, outcome: 'All duels are gone.' });
    },
  };
}
