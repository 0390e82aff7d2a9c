import type { DpoConfig } from '../../../contract/config';

/** The losses as a visitor chooses them; conservative DPO is DPO that doubts a share of the votes. */
export const DPO_METHODS = ['dpo', 'sigmoidMean', 'conservative', 'robust', 'ipo', 'ipoMean', 'hinge'] as const;
export type DpoMethod = (typeof DPO_METHODS)[number];

export const DPO_METHOD_WORDS: Record<DpoMethod, { label: string; source: string }> = {
  dpo: { label: 'DPO', source: '−log σ(βh). Rafailov et al. 2023' },
  sigmoidMean: { label: 'DPO, per token', source: 'DPO on the mean over tokens: TRL’s sigmoid_norm' },
  conservative: { label: 'Conservative DPO', source: 'A share of the votes may be wrong. Mitchell 2023' },
  robust: { label: 'Robust DPO', source: 'Right on average where so many votes are wrong. Chowdhury et al. 2024' },
  ipo: { label: 'IPO', source: '(h − 1/2β)²: no use in going further. Azar et al. 2023, eq. 17' },
  ipoMean: { label: 'IPO, per token', source: 'IPO on the mean over tokens, so length does not count' },
  hinge: { label: 'Hinge', source: 'max(0, 1 − βh): no use beyond a margin of 1. Zhao et al. 2023' },
};

/** Those that reckon with wrong votes. */
export const isDoubtful = (method: DpoMethod): boolean => method === 'conservative' || method === 'robust';

/** Doubt that they start with. */
const USUAL_DOUBT = 0.1;

export function dpoMethod({ loss, labelSmoothing }: DpoConfig): DpoMethod {
  if (loss !== 'sigmoid') return loss;
  return labelSmoothing > 0 ? 'conservative' : 'dpo';
}

/** @returns what choosing the method changes */
export function methodChanges(method: DpoMethod): Pick<DpoConfig, 'loss' | 'labelSmoothing'> {
  if (method === 'conservative') return { loss: 'sigmoid', labelSmoothing: USUAL_DOUBT };
  return { loss: method === 'dpo' ? 'sigmoid' : method, labelSmoothing: isDoubtful(method) ? USUAL_DOUBT : 0 };
}
