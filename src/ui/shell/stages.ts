import { type ComponentType, createElement } from 'react';
import type { Page } from '../../store/state';
import { part } from '../parts';
import type { EngineDetailsProps } from './EngineDetails';
import { StageExtra } from './StageExtra';
import type { TeachAboutProps } from './TeachAbout';

/** What the pipeline and the menu Teach call a page; it has the same heading. */
export const HEADINGS: Record<Page, string> = {
  start: 'Start',
  data: 'Data',
  pretrain: 'Pretrain',
  finetune: 'Fine-tune',
  compare: 'Compare',
  reward: 'Reward model',
  optimise: 'Optimise',
  lessons: 'Lessons',
  lesson: 'Lesson',
  primer: 'Grid world',
  translate: 'Translate',
  taste: 'Taste',
  class: 'Class',
  arena: 'Arena',
  recorded: 'Recorded runs',
  notebook: 'Notebook',
};

/** Every page is a chunk of its own, so that the first screen is small. */
export const PANELS: Record<Page, ComponentType> = {
  start: part<object>(() => import('../panels/Start/Start').then(({ Start }) => ({ default: Start }))),
  data: part<object>(() => import('../panels/Data/Data').then(({ Data }) => ({ default: Data }))),
  pretrain: part<object>(() => import('../panels/Pretrain/Pretrain').then(({ Pretrain }) => ({ default: Pretrain }))),
  finetune: part<object>(() => import('../panels/FineTune/FineTune').then(({ FineTune }) => ({ default: FineTune }))),
  compare: part<object>(() => import('../panels/Compare/Compare').then(({ Compare }) => ({ default: Compare }))),
  reward: part<object>(() => import('../panels/Reward/Reward').then(({ Reward }) => ({ default: Reward }))),
  optimise: part<object>(() => import('../panels/Optimise/Optimise').then(({ Optimise }) => ({ default: Optimise }))),
  lessons: () => createElement(StageExtra, { stage: 'lessons' }),
  lesson: () => createElement(StageExtra, { stage: 'lesson' }),
  recorded: () => createElement(StageExtra, { stage: 'recorded' }),
  primer: part<object>(() => import('../panels/GridWorld/GridWorld').then(({ GridWorld }) => ({ default: GridWorld }))),
  taste: part<object>(() => import('../panels/Taste/Taste').then(({ Taste }) => ({ default: Taste }))),
  class: part<object>(() => import('../panels/Class/Class').then(({ Class }) => ({ default: Class }))),
  arena: part<object>(() => import('../panels/Arena/Arena').then(({ Arena }) => ({ default: Arena }))),
  notebook: part<object>(() => import('../panels/Notebook/Notebook').then(({ Notebook }) => ({ default: Notebook }))),
  translate: part<object>(() =>
    import('../panels/Translate/Translate').then(({ Translate }) => ({ default: Translate })),
  ),
};

export const InspectDrawer = part<object>(() =>
  import('../panels/Inspect/Inspect').then(({ Inspect }) => ({ default: Inspect })),
);

/** as the page of a lesson */
export const InspectStage = part<object>(() =>
  import('../panels/Inspect/Inspect').then(({ InspectStage }) => ({ default: InspectStage })),
);

/** the source comes with its page: nobody else carries it */
export const SourceSheet = part<object>(() =>
  import('../panels/Source/Source').then(({ SourceSheet }) => ({ default: SourceSheet })),
);

export const CheckpointsDrawer = part<object>(() =>
  import('../panels/Checkpoints/Checkpoints').then(({ Checkpoints }) => ({ default: Checkpoints })),
);

export const PresenterScreen = part<object>(() =>
  import('../panels/Presenter/Presenter').then(({ Presenter }) => ({ default: Presenter })),
);

/** the second window of the presenter, which has no lab */
export const NotesWindow = part<{ id: string }>(() =>
  import('../panels/Presenter/NotesWindow').then(({ NotesWindow }) => ({ default: NotesWindow })),
);

export const HelpDialog = part<{ onClose: () => void }>(() =>
  import('./HelpDialog').then(({ HelpDialog }) => ({ default: HelpDialog })),
);

export const TeachAbout = part<TeachAboutProps>(() =>
  import('./TeachAbout').then(({ TeachAbout }) => ({ default: TeachAbout })),
);

export const EngineDetails = part<EngineDetailsProps>(() =>
  import('./EngineDetails').then(({ EngineDetails }) => ({ default: EngineDetails })),
);
