/**
 * How much of a model learns: all of it, the layers above some, or low-rank changes beside its weights (Hu et al.
 * 2021). Fine-tuning, the reward model, PPO and DPO have the same rows.
 */
import { between, choice, integer, number, type Section, toggle, type Values } from './setting';

const SINCE = '2026-11-30';
const withAdapters = ({ loraRank }: Section) => Number(loraRank) > 0;

/** @param prefix of their keys in the address */
export const lora = <Prefix extends string>(prefix: Prefix) => ({
  /** r of W + scaling · A·B, with A [in,r] and B [r,out]; 0 trains the weights themselves */
  loraRank: integer({
    default: 0,
    ...between(0, 256),
    label: 'Adapter rank',
    symbol: 'r',
    words: 'adapter rank',
    hint: '0: the weights themselves are trained',
    source: 'Hu et al. 2021',
    address: `${prefix}Rank`,
    since: { date: SINCE, before: 0 },
  }),
  /** a change of rank r is multiplied by α/r */
  loraAlpha: number({
    default: 16,
    ...between(0, 4096),
    excludes: 'min',
    label: 'Adapter scale',
    words: 'adapter scale',
    symbol: 'α',
    hint: 'the change is multiplied by α/r',
    address: `${prefix}Alpha`,
    since: { date: SINCE, before: 16 },
    actsWhen: withAdapters,
  }),
  /** α/√r: then a higher rank does not learn more slowly */
  loraStable: toggle({
    default: false,
    label: 'Rank-stabilised',
    words: 'rank-stabilised adapters',
    hint: 'multiplied by α/√r instead',
    source: 'Kalajdzievski 2023',
    address: `${prefix}Stable`,
    since: { date: SINCE, before: false },
    actsWhen: withAdapters,
  }),
  /** whose matrices get adapters */
  loraTargets: choice({
    default: 'both',
    options: { attention: 'attention', mlp: 'MLP', both: 'attention and MLP' },
    label: 'Adapters on',
    words: 'adapters on',
    address: `${prefix}Targets`,
    since: { date: SINCE, before: 'both' },
    actsWhen: withAdapters,
  }),
  /** with the embeddings below them, once there is one */
  frozenLayers: integer({
    default: 0,
    ...between(0, 24),
    label: 'Frozen layers',
    words: 'frozen layers',
    hint: 'the lowest, and the embedding below them',
    address: `${prefix}Frozen`,
    since: { date: SINCE, before: 0 },
  }),
});
/** Where a form shows them. */
export const LORA_GROUP = {
  title: 'What learns',
  keys: ['loraRank', 'loraAlpha', 'loraStable', 'loraTargets', 'frozenLayers'],
} as const;
const LORA_KEYS: ReadonlySet<string> = new Set(LORA_GROUP.keys);
export type LoraConfig = Values<ReturnType<typeof lora>>;

/**
 * @returns the same settings, without those of adapters where a run has none: so a run that learns as runs did before
 * there were any is told by the same words, and its model keeps the name that is made of them
 */
export function withoutIdleAdapters(config: object): object {
  const { loraRank = 0, frozenLayers = 0 } = config as Partial<LoraConfig>;
  if (!learnsWhole({ loraRank, frozenLayers })) return config;
  return Object.fromEntries(Object.entries(config).filter(([key]) => !LORA_KEYS.has(key)));
}

/** @returns whether all weights of a model learn */
export const learnsWhole = ({ loraRank, frozenLayers }: Pick<LoraConfig, 'loraRank' | 'frozenLayers'>): boolean =>
  loraRank === 0 && frozenLayers === 0;

/** what is proposed where all weights would take too much */
export const PROPOSED_RANK = 8;
export const PROPOSED_ADAPTERS: Pick<LoraConfig, 'loraRank'> = { loraRank: PROPOSED_RANK };
