/** What is learned on the grid, update by update, with its twin without the clip beside it. */
import type { GridLearning, GridMethod, GridProgress } from '../../contract/gridworld';
import {
  GRADIENT_WALKS,
  type GridLessonState,
  type GridRun,
  learningOf,
  NOTHING_LEARNED,
  updatesOf,
} from './gridState';
import { type Behind, say, walk } from './worldActs';

/** what a class sees of a run that takes a second: so many updates, then a pause */
const UPDATES_AT_ONCE = 2;
const PACE_MS = 70;

function joined(run: GridRun | null, next: GridProgress): GridRun {
  const last = { point: next.points.at(-1)!, samples: next.samples };
  const widest = run && run.widest.point.outside >= last.point.outside ? run.widest : last;
  return { ...next, points: [...(run?.points ?? []), ...next.points], widest };
}

/** another way to learn, from its beginning */
function restart(behind: Behind, fields: Partial<GridLessonState>): void {
  behind.era++;
  behind.lap++;
  behind.set({ ...NOTHING_LEARNED, ...fields });
  if (behind.get().policy === 'learned') behind.get().choosePolicy('uniform');
}

const updatesLeft = ({ get }: Behind): number => updatesOf(get().learning) - (get().run?.learner.update ?? 0);

/** what was pressed is about the world that was there; @returns whether it was learned */
function learn(behind: Behind, updates: number): Promise<boolean> {
  const mine = behind.era;
  return behind.turn(() => learnNow(behind, updates, mine));
}

async function learnNow(behind: Behind, updates: number, mine: number): Promise<boolean> {
  const { ask, get, set } = behind;
  if (mine !== behind.era) return false;
  const { world, learning, run, twin, withTwin, seed } = get();
  const goOn = async (one: GridRun | null, clipRange: number | null) => {
    const asked = { world, learning: { ...learning, clipRange }, learner: one?.learner ?? null, seed, updates };
    return joined(one, await ask('grid/learn', asked));
  };
  try {
    const [mineNext, twinNext] = await Promise.all([
      goOn(run, learning.clipRange),
      withTwin && learning.method === 'ppo' ? goOn(twin, null) : null,
    ]);
    if (mine !== behind.era) return false;
    set({ run: mineNext, twin: twinNext, trouble: null });
    if (get().policy === 'learned') void walk(behind);
    return true;
  } catch (error) {
    if (mine === behind.era) say(behind, error);
    return false;
  }
}

async function trainOn(behind: Behind, mine: number): Promise<void> {
  const went = await learn(behind, Math.min(UPDATES_AT_ONCE, updatesLeft(behind)));
  if (mine !== behind.lap) return;
  if (went && updatesLeft(behind) > 0) behind.later(() => void (mine === behind.lap && trainOn(behind, mine)), PACE_MS);
  else behind.set({ training: false });
}

/** What is learned. */
export function learningActs(behind: Behind) {
  const { ask, get, set } = behind;
  return {
    chooseMethod: (method: GridMethod) => restart(behind, { learning: learningOf(method) }),
    changeLearning: (fields: Partial<GridLearning>) => restart(behind, { learning: { ...get().learning, ...fields } }),
    setTwin: (withTwin: boolean) => restart(behind, { withTwin }),
    nextSeed: () => restart(behind, { seed: get().seed + 1 }),
    async train() {
      if (get().training) return;
      if (updatesLeft(behind) <= 0) restart(behind, {});
      set({ training: true });
      await trainOn(behind, ++behind.lap);
    },
    pause() {
      behind.lap++;
      set({ training: false });
    },
    async step() {
      if (get().training) return;
      if (updatesLeft(behind) <= 0) restart(behind, {});
      await learn(behind, 1);
    },
    reset: () => restart(behind, {}),
    async measureGradient() {
      const mine = behind.era;
      const { world, run, seed } = get();
      try {
        const logits = run?.learner.logits ?? null;
        const gradient = await ask('grid/gradient', { world, logits, seed, walks: GRADIENT_WALKS });
        if (mine === behind.era) set({ gradient });
      } catch (error) {
        if (mine === behind.era) say(behind, error);
      }
    },
  };
}
