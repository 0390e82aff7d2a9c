/**
 * A model of the lab as transformers writes its `config.json`: GPT-2's, as a language model or as one that scores
 * texts. What GPT-2 cannot express is refused in words.
 */
import type { CheckpointMeta } from '../../contract/checkpoint';
import type { ModelConfig } from '../../contract/config';
import { LabError } from '../../contract/errors';
import { tokenIdsOf } from './tokenizer';

export type Json = Readonly<Record<string, unknown>>;

export const refuse = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** how transformers calls what the lab computes */
const ACTIVATIONS: Record<ModelConfig['activation'], string> = {
  gelu: 'gelu_new',
  geluErf: 'gelu',
  relu: 'relu',
  silu: 'silu',
  quickGelu: 'quick_gelu',
  tanh: 'tanh',
};

/** a reward model is a sequence classifier with one number a text; all else writes */
export const isScorer = ({ kind }: Pick<CheckpointMeta, 'kind'>): boolean => kind === 'reward';

/** @throws LabError in words */
export function checkShape({ model, heads, kind, pooling }: CheckpointMeta): void {
  if (model.positions !== 'learned') refuse('sinusoidal positions are not in GPT-2: transformers has no model for it');
  if (model.norm !== 'pre')
    refuse('layer norm after each block (2017) is not in GPT-2: transformers has no model for it');
  if (isScorer({ kind })) {
    if (pooling !== 'last')
      refuse(`a score that is the ${pooling ?? 'none'} of its tokens is not in GPT-2, which reads it at the last one`);
  } else if (!heads.language) refuse('it has no output layer for tokens, so transformers has no model for it');
}

/** @returns `config.json` */
export function configOf(meta: CheckpointMeta): Json {
  checkShape(meta);
  const { model } = meta;
  const { bos, eos, pad } = tokenIdsOf(meta.tokenizer);
  const scoring = {
    num_labels: 1,
    id2label: { 0: 'score' },
    label2id: { score: 0 },
    problem_type: 'regression', // otherwise a pipeline puts the score through a sigmoid
  };
  return {
    model_type: 'gpt2',
    architectures: [isScorer(meta) ? 'GPT2ForSequenceClassification' : 'GPT2LMHeadModel'],
    vocab_size: model.vocabSize,
    n_positions: model.contextLength,
    n_embd: model.width,
    n_layer: model.layers,
    n_head: model.heads,
    n_inner: model.innerWidth ?? null,
    activation_function: ACTIVATIONS[model.activation],
    layer_norm_epsilon: model.normEpsilon ?? 1e-5,
    scale_attn_weights: !model.plainScores,
    scale_attn_by_inverse_layer_idx: model.scoresByLayer === true,
    resid_pdrop: 0,
    embd_pdrop: 0,
    attn_pdrop: 0,
    bos_token_id: bos,
    eos_token_id: eos,
    pad_token_id: pad,
    tie_word_embeddings: isScorer(meta) || model.tiedHead,
    dtype: 'float32',
    ...(isScorer(meta) && scoring),
  };
}

/** @returns `generation_config.json`: a bare pipeline stays inside the context */
export function generationOf({ model, tokenizer }: CheckpointMeta): Json {
  const { bos, eos, pad } = tokenIdsOf(tokenizer);
  const room = Math.max(1, Math.floor(model.contextLength / 2));
  return { bos_token_id: bos, eos_token_id: eos, pad_token_id: pad, do_sample: false, max_new_tokens: room };
}
