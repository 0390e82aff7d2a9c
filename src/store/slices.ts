import { presetConfig } from '../contract/config';
import { configSlice } from './address/config';
import { readUrl } from './address/url';
import { arenaSlice } from './arena/arenaSlice';
import { classroomSlice } from './classroom/classroomSlice';
import type { Context } from './context';
import { guideSlice } from './guide/guideSlice';
import { lessonSlice } from './lessons/lesson';
import { differenceSlice } from './models/differenceSlice';
import { headsSlice } from './models/headsSlice';
import { inspectSlice } from './models/inspect';
import { placedSlice } from './models/placed';
import { scoringSlice } from './models/scoring';
import { shelfSlice } from './models/shelf';
import { wordsSlice } from './models/wordsSlice';
import { notebookSlice } from './notebook/notebookSlice';
import { demonstrationsSlice } from './opinions/demonstrationsSlice';
import { goldSlice } from './opinions/goldSlice';
import { groupsSlice } from './opinions/groupsSlice';
import { opinionsSlice } from './opinions/opinionsSlice';
import { pairsSlice } from './opinions/pairsSlice';
import { tableSlice } from './opinions/tableSlice';
import { tasteSlice } from './opinions/tasteSlice';
import { engineSlice } from './page/engine';
import { noticesSlice } from './page/notices';
import { sessionSlice } from './page/session';
import { teachingSlice } from './page/teaching';
import { viewSlice } from './page/view';
import { workSlice } from './page/work';
import { roundsSlice } from './rounds/roundsSlice';
import { earlierSlice } from './runs/earlier';
import { runsSlice } from './runs/runs';
import type { LabState } from './state';
import { sweepSlice } from './sweep/sweep';
import { corpusSlice } from './text/corpus';

/** Everything that the page shows, at its beginning. */
export function slices(context: Context): LabState {
  const { config, stage } = readUrl(context.address.read());
  return {
    engine: engineSlice(context),
    config: configSlice(context, config ?? presetConfig('tiny')),
    corpus: corpusSlice(context),
    shelf: shelfSlice(context),
    runs: runsSlice(context),
    earlier: earlierSlice(context),
    placed: placedSlice(context),
    opinions: opinionsSlice(context),
    pairs: pairsSlice(context),
    groups: groupsSlice(context),
    rounds: roundsSlice(context),
    arena: arenaSlice(context),
    demonstrations: demonstrationsSlice(context),
    tables: tableSlice(context),
    taste: tasteSlice(context),
    gold: goldSlice(context),
    scoring: scoringSlice(context),
    inspect: inspectSlice(context),
    heads: headsSlice(context),
    words: wordsSlice(context),
    difference: differenceSlice(context),
    view: viewSlice(context, stage ?? 'start'),
    work: workSlice(context),
    teaching: teachingSlice(context),
    lesson: lessonSlice(context),
    guide: guideSlice(context),
    sweep: sweepSlice(context),
    classroom: classroomSlice(context),
    notebook: notebookSlice(context),
    notices: noticesSlice(context),
    session: sessionSlice(context),
  };
}
