/**
 * A lab of its own for a lesson: a second thread and a storage beside the visitor's, so that the stages it shows are
 * the real ones and nothing of theirs can touch what is the visitor's. It is kept until the lesson begins again.
 */
import type { Lesson, LessonPlace } from '../../contract/lesson';
import { configWith } from '../../formats/lessonSettings';
import { memoryAddress, writeSearch } from '../address/url';
import { createLab, type Lab } from '../lab';
import { countsBeside } from '../page/beside';
import { isComputing } from '../page/computing';
import { writerId } from '../rounds/rounds';
import type { Page } from '../state';
import { lessonStorage } from './lessonStorage';

/** the page that a place is on */
export const pageOf = (place: LessonPlace): Page => place.split('/')[0] as Page;

export interface LessonLab {
  lab: Lab;
  /** stores what runs as it stands, and gives the thread back; resolves when another may be opened */
  close(): Promise<void>;
}

/** a thread that does not answer by then is given up: what it ran stands where it was stored last */
const LAST_WORDS_MS = 4000;

/** the lesson's settings and seed, computed by what the visitor has chosen to compute with */
function addressOf(lab: Lab, { seed, settings }: Lesson): string {
  const { backend, executor } = lab.getState().config.value;
  return writeSearch({ ...configWith(seed, settings), backend, executor });
}

/**
 * Opens it as it was left; one that was never there with the settings of the lesson.
 * @throws Error where there is no second thread, or the model did not come
 */
export async function openLessonLab(lab: Lab, lesson: Lesson, place: LessonPlace): Promise<LessonLab> {
  const client = lab.aside();
  if (client === null) throw new Error('This page has no second thread for a lesson.');
  await lab.settled(); // whose the stored lab is decides where this one is kept
  const storage = lessonStorage(lab, lesson.id);
  const isNew = (await storage.load()).settings.config === undefined;
  const address = memoryAddress(`${isNew ? addressOf(lab, lesson) : ''}#/${pageOf(place)}`);
  const connect = () => lab.aside() ?? client;
  const { now, today, saveFile } = lab; // one clock for both
  const own = createLab(client, storage, { address, connect, now, today, saveFile });
  const stop = lab.subscribe(({ session }) => session.tab === 'aside' && own.vault.detach());
  const beside = countsBeside(lab);
  const unwatch = own.subscribe((state) => beside(isComputing(state)));
  const save = () => own.getState().session.saveNow();
  lab.vault.others.add(save);
  const close = async () => {
    stop();
    lab.vault.others.delete(save);
    await Promise.race([save(), new Promise((late) => setTimeout(late, LAST_WORDS_MS))]);
    unwatch();
    beside(false);
    own.client().dispose();
    own.dispose();
    storage.close();
  };
  try {
    await own.getState().session.boot();
    const { preset } = own.getState().config.value;
    const isMissing = lesson.begin === 'trained' && writerId(own.getState()) === null;
    if (isMissing && !(await own.getState().shelf.loadShipped(preset === 'medium' ? 'small' : preset)))
      throw new Error('The model of this lesson did not come.');
    return { lab: own, close };
  } catch (error) {
    await close();
    throw error;
  }
}
