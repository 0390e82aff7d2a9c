/**
 * Where in Inspect the visitor is, as an address says it: `#/inspect?tab=arithmetic&layer=1&head=2&token=15&step=3`.
 */

/** in the order in which they stand */
export const INSPECT_TABS = ['attention', 'arithmetic', 'layers', 'words', 'before-after'] as const;
export type InspectTab = (typeof INSPECT_TABS)[number];

export const ARITHMETIC_STEPS = 5;

/** Layer, head and token counted from 0, the step from 1. */
export interface InspectPlace {
  tab: InspectTab;
  layer: number;
  head: number;
  /** null: the newest word */
  token: number | null;
  step: number;
}

const PREFIX = '#/inspect';

export function inspectHash({ tab, layer, head, token, step }: InspectPlace): string {
  const params = new URLSearchParams({ tab, layer: String(layer + 1), head: String(head + 1) });
  if (token !== null) params.set('token', String(token + 1));
  if (tab === 'arithmetic') params.set('step', String(step));
  return `${PREFIX}?${params}`;
}

/** no model here is larger */
const MOST = 10_000;

/** @returns a whole number from 1, as anyone may have written it; `otherwise` where it is none */
function counted(params: URLSearchParams, key: string, otherwise: number, most = MOST): number {
  const value = Number(params.get(key) ?? Number.NaN);
  return Number.isInteger(value) && value >= 1 && value <= most ? value : otherwise;
}

/** @returns where an address leads inside Inspect; null where it leads elsewhere */
export function inspectOfHash(hash: string): InspectPlace | null {
  const [path = '', query = ''] = hash.split('?');
  if (path !== PREFIX) return null;
  const params = new URLSearchParams(query);
  const token = counted(params, 'token', 0);
  const called = params.get('tab')?.replace('-and-', '-'); // as the page calls it, too
  return {
    tab: INSPECT_TABS.find((tab) => tab === called) ?? 'attention',
    layer: counted(params, 'layer', 1) - 1,
    head: counted(params, 'head', 1) - 1,
    token: token === 0 ? null : token - 1,
    step: counted(params, 'step', 1, ARITHMETIC_STEPS),
  };
}
