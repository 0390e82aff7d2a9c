/**
 * What lessons have made, each in a lab of its own, stands in a notebook as a notebook of its own: `lessons/judge.rlhflab`.
 * It comes back where that lesson has nothing yet, so a lesson goes on elsewhere with its own models and votes.
 */
import { joinBytes } from '../../contract/many';
import { bytesSource } from '../../formats/bytesSource';
import { fileKind, lessonPath } from '../../formats/notebook/layout';
import { type Notebook, openNotebook } from '../../formats/notebook/read';
import { type NotebookItem, writeNotebook } from '../../formats/notebook/write';
import type { Context } from '../context';
import { lessonStorage } from '../guide/lessonStorage';
import type { Course } from '../page/longWork';
import { type LabStorage, NOTHING_STORED, type Settings, type StoredLab } from '../persistence/storage';
import { Vault } from '../persistence/vault';
import type { Examined, FoundLesson } from './examine';
import { notebookItems } from './gather';

/** a model that it began from is on every page */
const hasSomething = ({ opinions, runs, checkpointIds }: StoredLab): boolean =>
  opinions.length > 0 || runs.length > 0 || checkpointIds.length > 0;

async function packed(storage: LabStorage, lab: StoredLab, savedAt: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(notebookItems(storage, lab), savedAt)) pieces.push(piece);
  return joinBytes(pieces);
}

/** one lesson at a time, so that no two are in memory */
export async function* lessonItems(context: Context, savedAt: number): AsyncGenerator<NotebookItem> {
  for (const lessonId of Object.keys(context.get().guide.progress)) {
    const path = lessonPath(lessonId);
    if (fileKind(path) === null) continue;
    const storage = lessonStorage(context, lessonId);
    try {
      const lab = await storage.load().catch(() => NOTHING_STORED);
      if (hasSomething(lab)) yield { path, bytes: await packed(storage, lab, savedAt) };
    } finally {
      storage.close();
    }
  }
}

export type LessonTaken = 'stored' | 'here' | 'noRoom';

type Store = (context: Context, notebook: Notebook, found: Examined, course: Course) => Promise<void>;

/** @returns what became of it: a lesson that has something here keeps that */
export async function takeLesson(
  context: Context,
  { lessonId, path, found }: FoundLesson,
  notebook: Notebook,
  course: Course,
  store: Store,
): Promise<LessonTaken> {
  const storage = lessonStorage(context, lessonId);
  try {
    if (hasSomething(await storage.load())) return 'here';
    const own = await openNotebook(bytesSource(await notebook.bytes(path)));
    let taken: LessonTaken = 'stored';
    const trouble = () => {
      taken = 'noRoom';
    };
    const vault = new Vault(storage, { trouble, over() {}, storeAgain: async () => {}, later() {} });
    await store({ ...context, vault }, own, found, course);
    for (const [key, value] of Object.entries(found.settings))
      await vault.write('putSetting', key as keyof Settings, value as never);
    return taken;
  } finally {
    storage.close();
  }
}
