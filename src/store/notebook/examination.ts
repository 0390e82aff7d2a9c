/** What goes through the files of one notebook, and remembers what is wrong with which. */
import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import type { Damaged, Notebook } from '../../formats/notebook/read';
import { Damage } from '../../formats/notebook/zipEntry';
import type { Course } from '../page/longWork';

/** a part that is a file of its own may be damaged as one */
const IN_A_FILE: readonly string[] = ['file/checkpoint', 'file/notebook'];

export class Examination {
  readonly damaged: Damaged[];
  private readonly paths: Set<string>;

  constructor(readonly notebook: Notebook) {
    this.damaged = [...notebook.damaged];
    this.paths = new Set(notebook.paths);
  }

  has = (path: string): boolean => this.paths.has(path);

  blame(path: string, why: string): null {
    this.damaged.push({ path, why });
    return null;
  }

  /** @returns null for a file that is missing or damaged; then it has been named */
  async try<T>(path: string, read: (path: string) => Promise<T>): Promise<T | null> {
    try {
      return await read(path);
    } catch (error) {
      const isDamage = error instanceof Damage || (error instanceof LabError && IN_A_FILE.includes(error.code));
      if (!isDamage) throw error;
      return this.blame(path, error.message);
    }
  }

  record = (path: string): Promise<unknown> => this.try(path, (at) => this.notebook.record(at));

  /** all parts of a list, in order; a part that is damaged costs its own lines */
  async list(folder: string): Promise<unknown[]> {
    const items: unknown[] = [];
    for (const path of this.partsOf(folder)) {
      const part = await this.try(path, (at) => this.notebook.list(at));
      if (!part) continue;
      for (const item of part.items) items.push(item); // a hundred thousand are too many for one call's arguments
      if (part.unreadable > 0) this.blame(path, `${countOf(part.unreadable, 'line')} could not be read`);
    }
    return items;
  }

  /** @returns the numbers of files in a folder, in order */
  numbersIn(folder: string, ending: string): number[] {
    const found = this.notebook.paths
      .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(ending))
      .map((path) => Number(path.slice(folder.length + 1, -ending.length)))
      .filter(Number.isInteger);
    return found.sort((one, other) => one - other);
  }

  /** whether something of a folder is damaged or missing */
  isDamaged = (folder: string): boolean =>
    this.damaged.some(({ path }) => path === folder || path.startsWith(`${folder}/`));

  private partsOf = (folder: string): string[] =>
    this.numbersIn(folder, '.jsonl').map((part) => `${folder}/${part}.jsonl`);
}

/** Tells how far it is before each large file. */
export class Steps {
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly course: Pick<Course, 'tell'>,
  ) {}

  async next(label: string): Promise<void> {
    this.course.tell({ done: this.done++, total: this.total, label });
    await new Promise((resolve) => setTimeout(resolve)); // so that Cancel is heard
  }
}
