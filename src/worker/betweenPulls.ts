interface Waiting {
  run(): Promise<void>;
  drop(reason: Error): void;
}

/** What wants to act between two pulls of a run that plays, in the order it came. */
export class BetweenPulls {
  private readonly waiting: Waiting[] = [];

  /** @returns what the task returns once it is served; rejects when it is dropped */
  add<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, drop) => {
      this.waiting.push({ run: () => task().then(resolve, drop), drop });
    });
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  async serve(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await next.run();
  }

  drop(reason: Error): void {
    for (const { drop } of this.waiting.splice(0)) drop(reason);
  }
}
