/** The stages of the pipeline, in its order. */
export const STAGES = ['start', 'data', 'pretrain', 'finetune', 'compare', 'reward', 'optimise'] as const;
export type Stage = (typeof STAGES)[number];
/** Pages beside the pipeline, in the order in which the menu Teach names them. */
export const TEACHING_PAGES = [
  'primer',
  'translate',
  'lessons',
  'taste',
  'class',
  'arena',
  'recorded',
  'notebook',
] as const;
export type TeachingPage = (typeof TEACHING_PAGES)[number];
/** what an address leads to; a lesson has an id there besides */
export type Page = Stage | TeachingPage | 'lesson';
export const PAGES: readonly Page[] = [...STAGES, ...TEACHING_PAGES, 'lesson'];
/** stages whose transport bar opens Inspect, on the model that it trains */
const TRAINING: readonly Page[] = ['pretrain', 'finetune', 'reward', 'optimise'];
/** pages that show a lab of their own, not the visitor's */
const OTHER_LABS: readonly Page[] = ['lesson', 'recorded'];
/** @returns where the page itself opens Inspect: everywhere else */
export const opensInspect = (page: Page): boolean => !TRAINING.includes(page) && !OTHER_LABS.includes(page);
/** @returns whether Inspect can be opened at all */
export const hasInspect = (page: Page): boolean => !OTHER_LABS.includes(page);
/** stale: something upstream changed after this stage was finished, or begun and left */
export type StageStatus = 'empty' | 'running' | 'done' | 'stale';
