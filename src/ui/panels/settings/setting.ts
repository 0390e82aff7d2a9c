/** The settings of a stage as data: one row per hyperparameter, in the words of the papers. */
interface Base {
  label: string;
  symbol?: string;
  /** what it does and where its default comes from, one line */
  hint?: string;
  /** who proposed it */
  source?: string;
  /** acts while a run goes on */
  live?: boolean;
}

type KeysOf<C, V> = { [K in keyof C]: C[K] extends V ? K : never }[keyof C] & string;

export type Setting<C> =
  | (Base & { kind: 'number'; key: KeysOf<C, number>; min: number; max: number; integer?: boolean })
  | (Base & { kind: 'switch'; key: KeysOf<C, boolean> })
  | (Base & { kind: 'choice'; key: KeysOf<C, string>; options: readonly { value: string; label: string }[] });

export interface SettingsGroup<C> {
  title: string;
  settings: readonly Setting<C>[];
}

export const countSettings = <C>(groups: readonly SettingsGroup<C>[]): number =>
  groups.reduce((count, group) => count + group.settings.length, 0);
