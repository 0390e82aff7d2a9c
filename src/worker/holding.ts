/** what comes next waits for the work, not for its success */
export const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

/** Standing still in the middle of a pull, until somebody wants it to go on. */
export class Holding {
  private go: (() => void) | null = null;
  private tasks: Promise<void> = Promise.resolve();
  private waiting: (() => void)[] = [];
  private heldMs = 0;

  /** @param clock milliseconds, steady */
  constructor(private readonly clock: () => number) {}

  /** milliseconds of work: it stands still while a pull does */
  now(): number {
    return this.clock() - this.heldMs;
  }

  /** whether a pull stands still */
  get isHeld(): boolean {
    return this.go !== null;
  }

  /** resolves when a pull next stands still */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** resolves when it was released and what was begun meanwhile is done */
  async hold(): Promise<void> {
    const released = new Promise<void>((resolve) => {
      this.go = resolve;
    });
    const began = this.clock();
    for (const tell of this.waiting.splice(0)) tell();
    await released;
    await this.tasks;
    this.heldMs += this.clock() - began;
  }

  /** one after the other, while it stands still */
  add<T>(task: () => Promise<T>): Promise<T> {
    const done = this.tasks.then(task);
    this.tasks = settled(done);
    return done;
  }

  release(): void {
    this.go?.();
    this.go = null;
  }
}
