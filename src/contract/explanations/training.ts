import type { Explanation } from './explanation';

/** What the numbers of training itself mean, and what a step costs. */
export const TRAINING = {
  'train/loss': {
    formula: '−mean log p(token)',
    meaning: 'How surprised the model is by the next token of the texts it learns from.',
    source: { file: 'core/losses/crossEntropy.ts', symbol: 'crossEntropy' },
  },
  'eval/loss': {
    formula: '−mean log p(token) on held-out text',
    meaning: 'The same surprise on texts it never saw; a growing gap to the training loss is memorising.',
    source: { file: 'core/losses/crossEntropy.ts', symbol: 'crossEntropy' },
  },
  'eval/heldOut': {
    formula: 'pairs or demonstrations kept from training',
    meaning: 'What the held-out numbers rest on: fewer than ten say too little for a curve.',
    source: { file: 'core/text/pairs.ts', symbol: 'splitByPrompt' },
  },
  'eval/aboveFloor': {
    formula: 'held-out loss − entropy of the grammar',
    meaning: 'No model can go below the exact entropy of the grammar; this is what is left to learn.',
    source: { file: 'core/train/pretrain.ts', symbol: 'heldOutLoss' },
  },
  'eval/grammatical': {
    formula: 'share of samples that parse',
    meaning: 'How many freshly written stories the grammar itself could have written.',
    source: { file: 'core/train/textHealth.ts', symbol: 'textHealth' },
  },
  'eval/coherent': {
    formula: 'share of samples that parse and agree with their prompt',
    meaning: 'How many stories also keep object, pronoun and number as the prompt set them.',
    source: { file: 'core/train/textHealth.ts', symbol: 'textHealth' },
  },
  'eval/analogies': {
    formula: 'share of the questions a : b = c : ? whose answer is nearest to b − a + c',
    meaning: 'How often a step between two words, such as he → she, leads to the right word from a third one.',
    source: { file: 'core/analysis/analogyScore.ts', symbol: 'scoreAnalogies' },
  },
  'eval/wishShare': {
    formula: 'share of fresh texts that are as the demonstrations were wished to be',
    meaning: 'How often the model writes what it was shown, without being asked.',
    source: { file: 'core/text/wishes.ts', symbol: 'grants' },
  },
  'train/epoch': {
    formula: 'steps ÷ steps of one pass over the demonstrations',
    meaning: 'How often every demonstration has been read; after a few times the model knows them by heart.',
    source: { file: 'core/train/fineTuneRun.ts', symbol: 'FineTuneRun.epochAt' },
  },
  'train/keptEpoch': {
    formula: 'the epoch whose model was selected',
    meaning: 'When it is not the last one, the epochs after it were memorising.',
    source: { file: 'core/train/fineTune.ts', symbol: 'select' },
  },
  'train/rulePairs': {
    formula: 'pairs labelled by the rule inferred from the votes',
    meaning: 'Nobody chose these: they are right as far as the rule is.',
    source: { file: 'core/train/ruleLabels.ts', symbol: 'labelByRule' },
  },
  'train/lr': {
    formula: 'schedule(step)',
    meaning: 'How far one step moves the weights.',
    source: { file: 'core/optim/schedule.ts', symbol: 'learningRateAt' },
  },
  'train/gradNorm': {
    formula: '‖∇‖₂ over all weights, before clipping',
    meaning: 'How steep the loss is; steps above the limit are shortened to it.',
    source: { file: 'core/optim/clipGradNorm.ts', symbol: 'globalNorm' },
  },
  'translator/loss': {
    formula: '−mean log p(word), given the sentence and the right words before',
    meaning: 'How surprised the translator is by the next word of the true translation.',
    source: { file: 'core/translate/translator.ts', symbol: 'Translator.loss' },
  },
  'translator/exactMatch': {
    formula: 'share of held-out sentences translated greedily without one wrong word',
    meaning: 'How often a whole sentence that was never trained on comes out right.',
    source: { file: 'core/translate/measure.ts', symbol: 'exactMatch' },
  },
  'translator/exactMatchCut': {
    formula: 'the same, with the cross-attention sublayers left out',
    meaning:
      'What is left when the decoder cannot ask what the sentence said: a likely sentence, hardly ever the right one.',
    source: { file: 'core/translate/measure.ts', symbol: 'exactMatch' },
  },
  'perf/stepMs': {
    formula: 'wall time between finished steps',
    meaning: 'How long one step took on this machine.',
    source: { file: 'core/train/stepsInFlight.ts', symbol: 'StepClock.speed' },
  },
  'perf/tokensPerSecond': {
    formula: 'tokens of finished steps ÷ wall time',
    meaning: 'Training speed.',
    source: { file: 'core/train/stepsInFlight.ts', symbol: 'StepClock.speed' },
  },
  'perf/dispatches': {
    formula: 'kernels that the graphics card was asked to run in one step',
    meaning: 'Each one costs some JavaScript and some waiting, however small its work. Only on WebGPU.',
    source: { file: 'core/kernels/gpu/account.ts', symbol: 'Account.watchPass' },
  },
  'perf/jsMs': {
    formula: 'time of one step − waiting for the graphics card',
    meaning: 'What this thread itself had to do: make batches, record work, submit it. Only on WebGPU.',
    source: { file: 'core/kernels/gpu/account.ts', symbol: 'Account.countScript' },
  },
  'perf/gpuMs': {
    formula: 'Σ over compute passes of one step (end − begin), by the clock of the card',
    meaning: 'How long the card really worked. Looked at twice a second, where the browser allows it.',
    source: { file: 'core/kernels/gpu/passTimer.ts', symbol: 'PassTimer.read' },
  },
} as const satisfies Record<string, Explanation>;
