/** Things that are not on disk yet as they are on the page; what waits goes there with the next of its kind. */
export class Backlog<T> {
  private readonly unsaved = new Map<string, T>();
  private readonly unremoved = new Set<string>();

  constructor(private readonly idOf: (one: T) => string) {}

  put(items: readonly T[]): void {
    for (const one of items) {
      this.unsaved.set(this.idOf(one), one);
      this.unremoved.delete(this.idOf(one));
    }
  }

  /** what the page has: in its order, and before anything else that waits, for that came later */
  putAgain(items: readonly T[]): void {
    const waiting = new Map(this.unsaved);
    this.unsaved.clear();
    this.put(items);
    for (const [id, one] of waiting) if (!this.unsaved.has(id)) this.unsaved.set(id, one);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.unsaved.delete(id);
      this.unremoved.add(id);
    }
  }

  waiting = (): T[] => [...this.unsaved.values()];
  leaving = (): string[] => [...this.unremoved];

  arePut(items: readonly T[]): void {
    for (const one of items) this.unsaved.delete(this.idOf(one));
  }

  areRemoved(ids: readonly string[]): void {
    for (const id of ids) this.unremoved.delete(id);
  }

  forget(): void {
    this.unsaved.clear();
    this.unremoved.clear();
  }
}
