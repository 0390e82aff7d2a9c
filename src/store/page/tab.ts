/**
 * Whose the stored lab is, and how far this tab is with it: one name at a time, and one table of what may follow.
 *
 *   starting ──read──▶ restoring ──settle──▶ live ──lose──▶ aside ──take──▶ taking ──own──▶ restoring …
 *      └──refuse──▶ opening ──settle──▶ aside
 *
 * A move that does not follow changes nothing: whoever takes a lab over twice, or while the tab still opens, takes it
 * once.
 */
export type Tab =
  /** asks whose the stored lab is, and reads it */
  | 'starting'
  /** the lab is this tab's, and comes back */
  | 'restoring'
  /** the lab is this tab's, and here */
  | 'live'
  /** another tab owns the lab; nothing is written here; the engine still starts */
  | 'opening'
  /** another tab owns the lab; nothing is written here */
  | 'aside'
  /** takes the lab from the other tab */
  | 'taking';

const MOVES = {
  refuse: { starting: 'opening' },
  read: { starting: 'restoring' },
  /** whatever could be brought back is here */
  settle: { starting: 'live', restoring: 'live', opening: 'aside' },
  lose: { starting: 'opening', restoring: 'opening', live: 'aside' },
  take: { opening: 'taking', aside: 'taking' },
  own: { taking: 'restoring' },
  giveUp: { taking: 'aside' },
} as const satisfies Record<string, Partial<Record<Tab, Tab>>>;
export type TabMove = keyof typeof MOVES;

export const follow = (tab: Tab, move: TabMove): Tab => (MOVES[move] as Partial<Record<Tab, Tab>>)[tab] ?? tab;

/** before anything is known of earlier work, while it comes back, and afterwards */
export const howFar = (tab: Tab): 'starting' | 'restoring' | 'ready' =>
  tab === 'starting' ? 'starting' : tab === 'live' || tab === 'aside' ? 'ready' : 'restoring';
