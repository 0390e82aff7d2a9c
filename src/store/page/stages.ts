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
/** stale: something upstream changed after this stage was finished, or begun and left */
export type StageStatus = 'empty' | 'running' | 'done' | 'stale';
