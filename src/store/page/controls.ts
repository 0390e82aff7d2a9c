/** Settings as places on the page. */

/** The parts of the configuration that are objects of their own. */
export type ConfigSection =
  | 'model'
  | 'stories'
  | 'text'
  | 'pretrain'
  | 'finetune'
  | 'compare'
  | 'reward'
  | 'ppo'
  | 'dpo'
  | 'bestOf'
  | 'sampling';

/** A control of the page by the setting it holds: `ppo/klCoef`. `bestOf/n` is the slider that reads every N off the same samples. */
export type ControlId = `${ConfigSection}/${string}`;
