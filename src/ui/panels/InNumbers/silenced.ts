/** What the clip does to the tokens of a batch, and what is said of one of them. */
import { countOf, fixed, plural, rounded } from '../../../contract/numbers';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { areFew } from '../../../store/runs/cases';
import { formatPart, formatShare } from '../../primitives/format';
import { type TokenAt, tokenIndex } from './tokenLines';

/** One token of a batch in one epoch. */
export interface Dot {
  row: number;
  token: number;
  text: string;
  ratio: number;
  advantage: number;
  /** the clipped branch is strictly larger: it has no gradient */
  silenced: boolean;
}

export function dotsOf(batch: PpoBatch, epoch: number): Dot[] {
  const pass = batch.epochs[epoch];
  if (!pass) return [];
  return batch.rollouts.flatMap(({ tokens }, row) =>
    tokens.map((text, token) => {
      const i = row * batch.length + token;
      const advantage = batch.tokens.advantages[i]!;
      return { row, token, text, ratio: pass.ratio[i]!, advantage, silenced: pass.clipped[i]! > pass.unclipped[i]! };
    }),
  );
}

/** how much likelier than when it was written */
const moved = (ratio: number): string =>
  ratio >= 1 ? `${formatShare(ratio - 1)} likelier` : `${formatShare(1 - ratio)} less likely`;

export interface Verdict {
  lead: string;
  words: string;
}

/** @returns whether this token pushes in this epoch or is silenced, and why */
export function verdictOf(batch: PpoBatch, at: TokenAt, dots: readonly Dot[]): Verdict {
  const pass = batch.epochs[at.epoch];
  const dot = dots.find(({ row, token }) => row === at.row && token === at.token);
  if (!pass || !dot) return { lead: 'No update.', words: 'This epoch did not take place.' };
  const { text, ratio, advantage, silenced } = dot;
  if (silenced)
    return {
      lead: 'Silenced.',
      words: `“${text}” is already ${moved(ratio)} than when it was written, and the band ends at ${formatShare(batch.config.clipRange)}: no push from it in this epoch.`,
    };
  if (advantage === 0) return { lead: 'No push.', words: `“${text}” went exactly as expected: its advantage is 0.` };
  const [lead, better] = advantage > 0 ? ['Pushed up.', 'better'] : ['Pushed down.', 'worse'];
  const now = ratio === 1 ? 'its ratio is still 1' : `it is ${moved(ratio)} than when it was written`;
  return { lead, words: `“${text}” did ${better} than expected, and ${now}.` };
}

/** @returns of a whole epoch */
export function epochSentence(batch: PpoBatch, epoch: number, dots: readonly Dot[]): string {
  if (dots.every(({ ratio }) => ratio === 1)) return 'Every ratio is 1: nothing can be clipped yet.';
  const count = dots.filter(({ silenced }) => silenced).length;
  if (batch.config.clipRange === 0) return 'The clip is off: no token is silenced.';
  const { clipRange } = batch.config;
  const share = fixed((100 * count) / Math.max(1, dots.length), 1);
  return `Epoch ${epoch + 1}: ${countOf(count, 'token')} of ${dots.length} silenced (${share} %): better than expected and beyond ${fixed(1 + clipRange, 2)}, or worse and below ${fixed(1 - clipRange, 2)}.`;
}

/** a loss this much shorter than its gradient has cancelled in the sum */
const CANCELLED = 0.005;

/** @returns the loss of an epoch beside the length of its gradient: the first may be 0 while the second is not */
export function lossSentence(batch: PpoBatch, epoch: number): string | null {
  const updates = batch.epochs[epoch]?.updates ?? [];
  if (updates.length === 0) return null;
  const mean = (of: (update: (typeof updates)[number]) => number) =>
    updates.reduce((sum, update) => sum + of(update), 0) / updates.length;
  const [loss, gradNorm] = [mean((one) => one.loss), mean((one) => one.gradNorm)];
  const told = `Mean loss of the policy ${fixed(loss, 3)}, length of the gradient ${fixed(gradNorm, 3)}.`;
  if (Math.abs(loss) > CANCELLED * gradNorm || gradNorm === 0) return told;
  const is = rounded(loss, 3) === 0 ? 'A loss of 0 is no gradient of 0' : 'So small a loss is no small gradient';
  return `${told} ${is}: the advantages cancel in the sum, but each still pulls its own token up or down.`;
}

const groupsIn = ({ rollouts, config }: PpoBatch): number =>
  Math.max(1, Math.floor(rollouts.length / config.groupSize));

/** "25 % of the groups", of few "2 of 8 groups" */
function partOfGroups(batch: PpoBatch, share: number): string {
  const groups = groupsIn(batch);
  return areFew(groups)
    ? `${formatPart(share, groups)} ${plural(groups, 'group')}`
    : `${formatShare(share)} of the groups`;
}

/** share of groups whose texts all earned the same at their end */
function equalScores(batch: PpoBatch): number {
  const { rollouts, config } = batch;
  const groups = groupsIn(batch);
  const equal = Array.from({ length: groups }, (_, k) =>
    rollouts
      .slice(k * config.groupSize, (k + 1) * config.groupSize)
      .every(({ score }) => score === rollouts[k * config.groupSize]!.score),
  );
  return equal.filter(Boolean).length / groups;
}

/** @returns what still tells texts of equal scores apart; null where nothing does, or none are equal */
function apartByKl(batch: PpoBatch, equalShare: number): string | null {
  const { klPlacement, klCoef, advantages } = batch.config;
  const share = equalScores(batch);
  if (klPlacement !== 'reward' || klCoef === 0 || share <= equalShare) return null;
  const blown = advantages === 'grpo' ? ', and divided by its spread that small difference counts in full' : '';
  return `In ${partOfGroups(batch, share)} all scores are equal: there −β·kl alone says which text did better${blown}.`;
}

/** @returns what groups of equal returns mean, and what still moves the policy there; null without groups */
export function equalSentence(batch: PpoBatch): string | null {
  const { equalShare, config } = batch;
  if (equalShare === null) return null;
  const part = partOfGroups(batch, equalShare);
  const apart = apartByKl(batch, equalShare);
  if (equalShare === 0) return apart ?? `${part} have equal returns: every group teaches.`;
  const left = [
    ...(config.klPlacement === 'loss' && config.klCoef > 0 ? ['the KL in the loss'] : []),
    ...(config.entropyCoef > 0 ? ['the bonus for entropy'] : []),
    ...(config.ptxCoef > 0 ? ['the texts of the corpus'] : []),
  ];
  const moves =
    left.length > 0
      ? `there the policy is moved by ${left.join(' and ')} alone`
      : 'from those no token is pushed at all';
  return [`${part} have equal returns: their advantages are 0, and ${moves}.`, apart]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

/** @returns the place of a token as its number in all tables, for keys */
export const dotKey = (batch: PpoBatch, dot: Pick<Dot, 'row' | 'token'>): number =>
  tokenIndex(batch, { ...dot, epoch: 0 });
