/**
 * W + scaling · A·B of every matrix that has changes, as one short plan: what a plain model of the same numbers has.
 */
import { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Engine } from './engine';
import type { FlatBuffer } from './flatWeights';
import { type Level, Named } from './levels';

/**
 * @param levels the highest first
 * @param into all weights of a plain network, the matrices without their changes already in it
 */
export function mergeChanges(engine: Engine, levels: readonly Level[], into: FlatBuffer): void {
  const builder = new PlanBuilder(engine.player, { name: 'merge' });
  const [read, written] = [new Named(builder, levels), new Named(builder, [{ flat: into, tuning: null }])];
  builder.section('merge');
  for (const { parameter, size } of into.layout.ranges) {
    const { name, shape } = parameter;
    const changes = read.changesOf(name);
    const [rows, columns] = shape as [number, number];
    let onto = changes.length > 0 ? read.get(name) : null;
    for (const [i, { a, b, rank, scaling: scale }] of changes.entries()) {
      const out = i === changes.length - 1 ? written.get(name) : builder.value(name, size);
      const product = { name: 'merge', form: 'nn', inner: rank, columns, epilogue: 'bias', onto: true, scale } as const;
      builder.dispatch(engine.product(product), { a, b, onto: onto!, out }, { rows });
      onto = out;
    }
  }
  const plan = builder.build();
  const run = plan.begin();
  run.play('merge');
  run.submit();
  plan.dispose();
}
