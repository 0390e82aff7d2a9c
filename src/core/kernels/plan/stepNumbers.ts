/**
 * Numbers that change from run to run of a recorded plan; each plan sets those its kernels read and leaves the others
 * 0. One layout for all kernels, so that one small block of memory serves a whole plan.
 */
export const STEP_FIELDS = {
  /** of the softmax over the vocabulary */
  temperature: 'f32',
  /** 1: gradients are added to what is there; 0: they replace it */
  accumulate: 'f32',
  /** AdamW with its bias corrections folded in, see `adamWNumbers`: rate of trunk and head */
  rate: 'f32',
  headRate: 'f32',
  /** w ← w·(1 − learningRate·weightDecay), of trunk and head */
  keep: 'f32',
  headKeep: 'f32',
  epsilon: 'f32',
  oneMinusBeta1: 'f32',
  oneMinusBeta2: 'f32',
  /** 0 turns clipping off */
  maxGradNorm: 'f32',
  /** top-p of the sampler; 1 is off */
  topP: 'f32',
  /** top-k of the sampler; 0 is off */
  topK: 'u32',
  /** column that is written now while decoding */
  column: 'u32',
  /** −1 when nothing ends a text */
  eosId: 'i32',
  padId: 'i32',
  /** key of the counter-based random numbers */
  seed: 'u32',
  /** which of them the first of a rollout is */
  counter: 'u32',
} as const;
export type StepField = keyof typeof STEP_FIELDS;
export type StepValues = Partial<Record<StepField, number>>;

/** writes the fields that are named; the others become 0 */
export function writeStep(values: StepValues, into: DataView, offset: number): void {
  Object.entries(STEP_FIELDS).forEach(([name, type], i) => {
    const value = values[name as StepField] ?? 0;
    const at = offset + 4 * i;
    if (type === 'f32') into.setFloat32(at, value, true);
    else if (type === 'u32') into.setUint32(at, value, true);
    else into.setInt32(at, value, true);
  });
}
