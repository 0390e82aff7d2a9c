/**
 * A training step of GPT-2 as one writes it in jax-js: one jitted function from weights and moments to the next, AdamW
 * by hand. Whoever takes an array consumes it, unless it is handed on as `.ref`.
 */
import { type Array as JaxArray, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { ModelConfig } from '../../../../src/contract/config';
import type { Task } from '../peer';

type Tree = Record<string, JaxArray>;
type StepTask = Extract<Task, { kind: 'step' }>;

const layerNorm = (x: JaxArray, w: Tree, name: string): JaxArray =>
  nn.standardize(x, -1, { epsilon: 1e-5 }).mul(w[`${name}/gain`]!.ref).add(w[`${name}/bias`]!.ref);

const dense = (x: JaxArray, w: Tree, matrix: string, bias: string): JaxArray =>
  np.matmul(x, w[matrix]!.ref).add(w[bias]!.ref);

function attention(x: JaxArray, w: Tree, name: string, { heads, width }: ModelConfig): JaxArray {
  const [batch, length] = x.shape as [number, number];
  const qkv = dense(x, w, `${name}/wQkv`, `${name}/bQkv`).reshape([batch, length, 3, heads, width / heads]);
  const [q, k, v] = [0, 1, 2].map((i) => qkv.ref.slice([], [], i)) as [JaxArray, JaxArray, JaxArray]; // [B,T,H,D] each
  qkv.dispose();
  const joined = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([batch, length, width]);
  return dense(joined, w, `${name}/wOut`, `${name}/bOut`);
}

/** @returns [B,T,V] */
function logitsOf(w: Tree, tokens: JaxArray, config: ModelConfig): JaxArray {
  const length = tokens.shape[1]!;
  let x = np
    .matmul(nn.oneHot(tokens, config.vocabSize), w.tokenEmbedding!.ref)
    .add(w.positionEmbedding!.ref.slice([0, length]));
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `block${layer}`;
    x = x.ref.add(attention(layerNorm(x, w, `${block}/norm1`), w, `${block}/attn`, config));
    const inner = nn.gelu(dense(layerNorm(x.ref, w, `${block}/norm2`), w, `${block}/mlp/wIn`, `${block}/mlp/bIn`));
    x = x.add(dense(inner, w, `${block}/mlp/wOut`, `${block}/mlp/bOut`));
  }
  return np.matmul(layerNorm(x, w, 'finalNorm'), w.tokenEmbedding!.ref.transpose());
}

const disposeAll = (tree: Tree): void => {
  for (const array of Object.values(tree)) array.dispose();
};

function lossOf(w: Tree, tokens: JaxArray, config: ModelConfig): JaxArray {
  const length = tokens.shape[1]!;
  const logits = logitsOf(w, tokens.ref, config).slice([], [0, length - 1]);
  const targets = nn.oneHot(tokens.slice([], [1, length]), config.vocabSize);
  disposeAll(w);
  return nn.logSoftmax(logits).mul(targets).sum(-1).mean().neg();
}

const sumOfSquares = (tree: Tree): JaxArray =>
  Object.values(tree)
    .map((gradient) => np.square(gradient.ref).sum())
    .reduce((sum, square) => sum.add(square));

/** rate and floor carry Adam's corrections: one number each, so that every step is the same compiled one */
function adamW(
  [weights, m, v]: readonly [Tree, Tree, Tree],
  gradients: Tree,
  rate: JaxArray,
  floor: JaxArray,
  { optimizer, learningRate }: StepTask,
): [Tree, Tree, Tree] {
  const { beta1, beta2, weightDecay, maxGradNorm } = optimizer;
  const scale = np.minimum(np.array(1), np.array(maxGradNorm).div(np.sqrt(sumOfSquares(gradients)).add(1e-6)));
  const next: [Tree, Tree, Tree] = [{}, {}, {}];
  for (const [name, weight] of Object.entries(weights)) {
    const gradient = gradients[name]!.mul(scale.ref);
    const first = m[name]!.mul(beta1).add(gradient.ref.mul(1 - beta1));
    const second = v[name]!.mul(beta2).add(np.square(gradient).mul(1 - beta2));
    const change = first.ref.div(np.sqrt(second.ref).add(floor.ref)).mul(rate.ref);
    const kept = weight.shape.length > 1 ? weight.mul(1 - learningRate * weightDecay) : weight; // matrices decay
    [next[0][name], next[1][name], next[2][name]] = [kept.sub(change), first, second];
  }
  for (const spent of [scale, rate, floor]) spent.dispose();
  return next;
}

/** @returns takes a step and gives the loss before it */
export function jaxStep(task: StepTask): () => Promise<number> {
  const { model, tokens, optimizer, learningRate } = task;
  const entries = Object.entries(model.weights);
  const treeOf = (make: (data: Float32Array<ArrayBuffer>, shape: number[]) => JaxArray): Tree =>
    Object.fromEntries(entries.map(([name, { data, shape }]) => [name, make(Float32Array.from(data), shape)]));
  const zeros = (_: unknown, shape: number[]) => np.zeros(shape);
  let state: [Tree, Tree, Tree] = [
    treeOf((data, shape) => np.array(data).reshape(shape)),
    treeOf(zeros),
    treeOf(zeros),
  ];
  const rows = np.array(tokens, { dtype: np.int32 });
  const update = jit(
    (
      weights: Tree,
      m: Tree,
      v: Tree,
      batch: JaxArray,
      rate: JaxArray,
      floor: JaxArray,
    ): [JaxArray, [Tree, Tree, Tree]] => {
      const copies = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight.ref]));
      const [loss, gradients] = valueAndGrad((w: Tree) => lossOf(w, batch, model.config))(copies) as [JaxArray, Tree];
      return [loss, adamW([weights, m, v], gradients, rate, floor, task)];
    },
  );
  let steps = 0;
  return async () => {
    steps++;
    const root = Math.sqrt(1 - optimizer.beta2 ** steps);
    const rate = (learningRate * root) / (1 - optimizer.beta1 ** steps);
    const [loss, next] = update(...state, rows.ref, np.array(rate), np.array(optimizer.epsilon * root)) as [
      JaxArray,
      [Tree, Tree, Tree],
    ];
    state = next;
    const [value] = await loss.data();
    return value!;
  };
}
