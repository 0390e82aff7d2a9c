/** Token ids or positions in a row that grows: four bytes each, where an array of numbers may take sixteen. */
export class Int32List {
  private values: Int32Array;
  private size = 0;

  constructor(capacity = 4) {
    this.values = new Int32Array(capacity);
  }

  get length(): number {
    return this.size;
  }

  push(value: number): void {
    if (this.size === this.values.length) this.grow(this.size + 1);
    this.values[this.size++] = value;
  }

  append(values: ArrayLike<number>): void {
    if (this.size + values.length > this.values.length) this.grow(this.size + values.length);
    this.values.set(values, this.size);
    this.size += values.length;
  }

  /** @returns what is in it, not copied: good until the list grows */
  view(): Int32Array {
    return this.values.subarray(0, this.size);
  }

  private grow(needed: number): void {
    const larger = new Int32Array(Math.max(needed, 2 * this.values.length, 4));
    larger.set(this.values);
    this.values = larger;
  }
}
