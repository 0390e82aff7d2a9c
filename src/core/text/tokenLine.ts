/**
 * Bytes in a row that become tokens in place. A token of n bytes keeps its n cells and writes its id in the first and
 * in the last, so the next token begins n cells on, and the cell before a token names the one before it: neighbours are
 * found without links.
 *
 *   bytes         GAP  a  b  c  a  b  GAP
 *   (a,b) → 256   GAP 256 256 c 256 256 GAP
 *   (256,c) → 257 GAP 257 ·  257 256 256 GAP       · belongs to nobody any more
 */
import { BYTES } from './bpeMerges';

/** stands between pieces that nothing is merged across, and at both ends */
export const GAP = -1;
const NOBODY = -2;

export class TokenLine {
  /** bytes of each token */
  private readonly lengths: number[] = new Array(BYTES).fill(1);

  /** @param ids bytes and gaps, a gap first and last; owned by the line from now on */
  constructor(readonly ids: Int32Array) {}

  lengthOf(id: number): number {
    return this.lengths[id] as number;
  }

  idAt(at: number): number {
    return this.ids[at] as number;
  }

  /** @returns id of the token that ends before `at`, or GAP */
  idBefore(at: number): number {
    return this.ids[at - 1] as number;
  }

  /** @returns where the token at `at` ends and the next one, or a gap, begins */
  after(at: number): number {
    return at + this.lengthOf(this.idAt(at));
  }

  /** @param at where a `left` begins, or once began: a cell never gets back an id that it lost */
  isPair(at: number, left: number, right: number): boolean {
    return this.ids[at] === left && this.ids[at + this.lengthOf(left)] === right;
  }

  /** the token at `at` and the next one become `id` */
  merge(at: number, id: number): void {
    const middle = this.after(at);
    const end = this.after(middle);
    this.lengths[id] = end - at;
    this.ids[middle - 1] = NOBODY;
    this.ids[middle] = NOBODY;
    this.ids[at] = id;
    this.ids[end - 1] = id;
  }
}
