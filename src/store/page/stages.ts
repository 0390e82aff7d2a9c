/** The stages of the pipeline, in its order. */
export const STAGES = ['start', 'data', 'pretrain', 'finetune', 'compare', 'reward', 'optimise'] as const;
export type Stage = (typeof STAGES)[number];
/** stale: something upstream changed after this stage was finished, or begun and left */
export type StageStatus = 'empty' | 'running' | 'done' | 'stale';
