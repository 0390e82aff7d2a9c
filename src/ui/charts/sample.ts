/** values of a line whose spread is looked at; of longer lines every second, fourth … stands for its neighbours */
const MOST_VALUES = 2048;

/** What an evenly taken sample says about the spread of a line that grows at its end. */
export class Sample {
  private values: number[] = [];
  /** values of the line that one of the sample stands for */
  private every = 1;
  private count = 0;

  add(value: number): void {
    if (this.count++ % this.every !== 0) return;
    this.values.push(value);
    if (this.values.length <= MOST_VALUES) return;
    this.values = this.values.filter((_, i) => i % 2 === 0);
    this.every *= 2;
  }

  weighted(): { value: number; weight: number }[] {
    return this.values.map((value) => ({ value, weight: this.every }));
  }
}

/** @returns the values below which these shares of the samples' lines lie; none of empty ones */
export function quantiles(samples: readonly Sample[], shares: readonly number[]): number[] {
  const sorted = samples.flatMap((sample) => sample.weighted()).sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  return shares.flatMap((share) => {
    let left = Math.round(share * (total - 1));
    const found = sorted.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return found ? [found.value] : [];
  });
}
