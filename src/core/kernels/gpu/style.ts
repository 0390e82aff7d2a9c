/**
 * How the kernels of a card are written. One set is for emulated cards, where threads that wait for each other cost
 * most; of those for real cards no rule tells which is the swiftest on a driver nobody has seen, so they are tried out
 * there.
 *
 *                    reductions                        a thread of a matrix product holds
 *   cooperative      through workgroup memory          8 × 4 numbers
 *   subgroups        threads read each other           8 × 4
 *   broad            through workgroup memory          8 × 8: fewer reads from memory, half as many threads
 *   broadSubgroups   threads read each other           8 × 8
 *   solitary         a thread adds up alone            its own tile, read from afar
 */
import { KERNEL_STYLES, type KernelStyleName } from '../../../contract/config';

export interface KernelStyle {
  readonly name: KernelStyleName;
  /** threads never wait for each other */
  readonly alone: boolean;
  /** neighbours that read each other's numbers without memory, a power of two; 1 where none do */
  readonly subgroup: number;
  /** columns of a thread in a matrix product */
  readonly wide: 4 | 8;
}

/** neighbours that form a subgroup on every card that has them */
export const LEAST_SUBGROUP = 4;

const usesSubgroups = (name: KernelStyleName): boolean => name === 'subgroups' || name === 'broadSubgroups';

/** @param subgroup neighbours that always form one on this card; those of a kernel may be larger */
export const styleOf = (name: KernelStyleName, subgroup = LEAST_SUBGROUP): KernelStyle => ({
  name,
  alone: name === 'solitary',
  subgroup: usesSubgroups(name) ? subgroup : 1,
  wide: name === 'broad' || name === 'broadSubgroups' ? 8 : 4,
});

/** for real cards, beginning with what every one of them can run */
export const REAL_STYLES = KERNEL_STYLES.filter((name) => name !== 'solitary');

/** @returns whether a card can run it */
export const runsStyle = (features: Pick<GPUSupportedFeatures, 'has'>, name: KernelStyleName): boolean =>
  !usesSubgroups(name) || features.has('subgroups');
