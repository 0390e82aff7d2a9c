/** Settings as places on the page. */
import type { LabConfig } from '../../contract/config';

/** The parts of the configuration that are objects of their own. */
export type ConfigSection = { [Key in keyof LabConfig]: LabConfig[Key] extends object ? Key : never }[keyof LabConfig];

type SettingIn<Section> =
  | (keyof Section & string)
  | (Section extends { optimizer: infer Inner } ? keyof Inner & string : never);

/** What stands before the slash of a control. */
export type ControlSection = ConfigSection | 'rollouts';

/**
 * A control of the page by the setting it holds: `ppo/klCoef`. `bestOf/n` is the slider that reads every N off the same
 * samples, `rollouts/latest` no setting, but the table of what PPO wrote last.
 */
export type ControlId =
  | { [Name in ConfigSection]: `${Name}/${SettingIn<LabConfig[Name]>}` }[ConfigSection]
  | 'bestOf/n'
  | 'rollouts/latest';
