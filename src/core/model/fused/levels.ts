/**
 * Where the weights of a network lie: in one flat memory, or, where a part of it learns, in a small one of its own
 * above that of its trunk, which all networks on that trunk share.
 *
 *   policy   A, B, … │ trunk            value model   A, B, head │ the same trunk
 */
import type { Change, Tuning } from '../../../contract/adapters';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Slot } from '../../kernels/plan/player';
import { sideA, sideB } from '../adapters/tuning';
import { type FlatBuffer, rangeOf } from './flatWeights';

export interface Level {
  flat: FlatBuffer;
  /** the changes in it; null in a trunk */
  tuning: Tuning | null;
}

/** One low-rank change of a matrix: x·W becomes x·W + scaling · (x·A)·B. */
export interface PlacedChange extends Change {
  /** [in,r] */
  a: Slot;
  /** [r,out] */
  b: Slot;
  /** it stands on the highest level, not in the trunk */
  learns: boolean;
}

const isIn = ({ layout }: FlatBuffer, name: string): boolean =>
  layout.ranges.some(({ parameter }) => parameter.name === name);

/** Parts of flat memories by the name of the weight; what stands above hides what is called the same below. */
export class Named {
  /** @param levels the highest first */
  constructor(
    private readonly builder: PlanBuilder,
    private readonly levels: readonly Level[],
  ) {}

  has(name: string): boolean {
    return this.levels.some(({ flat }) => isIn(flat, name));
  }

  /** @throws when no level has such weights */
  get(name: string): Slot {
    const level = this.levels.find(({ flat }) => isIn(flat, name)) ?? this.levels[0]!;
    return this.slotIn(level.flat, name);
  }

  /** the lowest first */
  changesOf(name: string): PlacedChange[] {
    return this.levels.toReversed().flatMap(({ flat, tuning }) => {
      const change = tuning?.changes[name];
      if (!change) return [];
      const [a, b] = [this.slotIn(flat, sideA(name)), this.slotIn(flat, sideB(name))];
      return [{ ...change, a, b, learns: flat === this.levels[0]!.flat }];
    });
  }

  private slotIn({ layout, memory }: FlatBuffer, name: string): Slot {
    const { offset, size } = rangeOf(layout, name);
    return this.builder.outside(name, memory, 4 * offset, size);
  }
}
