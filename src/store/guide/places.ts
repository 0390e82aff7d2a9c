/** Places of a lesson that are no stage of the pipeline: how one goes there, what changes there, and what stands there. */

import { DOG } from '../../contract/gridworld';
import type { Fact, LessonPlace } from '../../contract/lesson';
import { gridLessonOf } from '../gridworld/gridLesson';
import type { GridLessonState } from '../gridworld/gridState';
import { type GridPart, sweepsOf } from '../gridworld/gridState';
import type { Lab } from '../lab';
import type { InspectTab } from '../models/inspectPlace';
import type { LabState } from '../state';
import { type Translation, translationOf } from '../translate/translation';
import { pageOf } from './lessonLab';

type Facts = Partial<Record<Fact, number>>;
type Numbers = Readonly<Partial<Record<Fact, number | null | undefined>>>;

/** what is not known is left out */
const known = (numbers: Numbers): Facts =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => typeof value === 'number' && !Number.isNaN(value)));

const pathOf = (place: LessonPlace): [page: string, part: string] => {
  const [page = '', part = ''] = place.split('/');
  return [page, part];
};

/** the view of Inspect that a place names */
export const tabOf = (part: string): InspectTab => (part === 'before' ? 'before-after' : (part as InspectTab));

/** shows a place in the lab of a lesson */
export function goTo(lab: Lab, place: LessonPlace): void {
  const [page, part] = pathOf(place);
  const { inspect, view } = lab.getState();
  if (page === 'inspect') inspect.visit({ tab: tabOf(part), layer: 0, head: 0, token: null, step: 1 });
  else view.go(pageOf(place));
  if (page === 'primer')
    gridLessonOf(lab)
      .getState()
      .show(part as GridPart);
}

/** @returns whether a lab shows a place: who goes there again loses what was chosen there */
export function isAt(lab: Lab, place: LessonPlace): boolean {
  const [page, part] = pathOf(place);
  const { inspect, view } = lab.getState();
  if (page === 'inspect') return inspect.wide && inspect.tab === tabOf(part);
  if (inspect.wide || view.stage !== page) return false;
  return page !== 'primer' || gridLessonOf(lab).getState().part === part;
}

/** hears of what the lab itself does not tell; @returns what ends that */
export function follow(lab: Lab, place: LessonPlace, heard: () => void): () => void {
  const [page] = pathOf(place);
  if (page === 'primer') return gridLessonOf(lab).subscribe(heard);
  return page === 'translate' ? translationOf(lab).subscribe(heard) : () => {};
}

function gridFacts({ world, solution, swept, run }: GridLessonState): Numbers {
  const start = solution?.start ?? -1;
  const at = (values: readonly number[] | undefined): number | undefined => values?.[start];
  const [random, best] = [at(solution?.uniform?.values), at(solution?.best?.values)];
  const learned = run && at(run.learned.values);
  const isKnown = random !== undefined && best !== undefined && best !== random;
  return {
    slip: world.slip,
    dogs: solution && world.layout.join('').split(DOG).length - 1,
    states: solution?.cells.length,
    randomValue: random,
    bestValue: best,
    learnedValue: learned,
    learnedShare: isKnown && typeof learned === 'number' ? (learned - random) / (best - random) : null,
    sweeps: swept,
    sweepsLeft: solution && sweepsOf(solution) - swept,
    sweptValue: at(solution?.sweeps[swept]?.values),
    updates: run?.learner.update ?? 0,
  };
}

const translateFacts = ({ reading, crossAttention }: Translation): Numbers => ({
  crossCut: crossAttention ? 0 : 1,
  partner: reading?.strongest.agreement,
});

function headFacts({ heads: { off, heldOut, ranking, view } }: LabState): Numbers {
  const cost = heldOut && off.length > 0 ? heldOut.after - heldOut.before : null;
  const isAll = view !== null && off.length === view.model.layers * view.model.heads;
  const costs = (ranking?.heads ?? []).map(({ before, after }) => after - before).sort((a, b) => a - b);
  return {
    headsOff: off.length,
    lossOn: heldOut?.before,
    lossOff: heldOut?.after,
    cost,
    costOfAll: isAll ? cost : null,
    dearest: costs.at(-1),
    cheapest: costs[0],
    headSpread: costs.length > 0 ? costs.at(-1)! - costs[0]! : null,
  };
}

function wordFacts({ words: { view, question, answers } }: LabState): Numbers {
  const score = view?.analogies;
  return {
    words: view?.words.length,
    width: view?.width,
    spread: view?.spread,
    solved: score && score.solved / score.of,
    nearest: question && answers?.question === question ? answers.near[0]?.cosine : null,
  };
}

/** @returns what stands there, by name */
export function factsAt(lab: Lab, place: LessonPlace): Facts {
  const [page, part] = pathOf(place);
  if (page === 'primer') return known(gridFacts(gridLessonOf(lab).getState()));
  if (page === 'translate') return known(translateFacts(translationOf(lab).getState()));
  if (page !== 'inspect') return {};
  return known(part === 'words' ? wordFacts(lab.getState()) : headFacts(lab.getState()));
}
