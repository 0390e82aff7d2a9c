/**
 * A lab of its own for a recording: a second thread and a storage that is gone with the page, so that the stages it
 * shows are the real ones and nothing of it can mix with what is the visitor's.
 */
import type { RunKind } from '../../contract/domain';
import { memoryAddress } from '../address/url';
import { createLab, type Lab } from '../lab';
import { stageOf } from '../page/stageStatus';
import { memoryStorage } from '../persistence/memoryStorage';
import type { Recording } from './readRecording';

export interface RecordedLab {
  lab: Lab;
  close(): void;
}

/** what the page computes with by default, and what recordings were made by: it gives the same bits everywhere */
const ARITHMETIC = '?backend=wasm&executor=fused';

/** @throws Error where there is no second thread */
export async function openRecordedLab(lab: Lab, { file, name }: Recording, kind: RunKind): Promise<RecordedLab> {
  const client = lab.aside();
  if (client === null) throw new Error('This page has no second thread for a recording.');
  const { now, today } = lab;
  const saveFile: Lab['saveFile'] = (fileName, content, type) => lab.saveFile(`recorded-${fileName}`, content, type);
  const address = memoryAddress(`${ARITHMETIC}#/${stageOf(kind)}`);
  const own = createLab(client, memoryStorage(), {
    address,
    connect: () => lab.aside() ?? client,
    now,
    today,
    saveFile,
  });
  const close = () => {
    own.client().dispose();
    own.dispose();
  };
  try {
    await own.getState().session.boot();
    await own.getState().notebook.read(file, name);
    const { error } = own.getState().notebook;
    if (error) throw new Error(error.message);
    return { lab: own, close };
  } catch (error) {
    close();
    throw error;
  }
}
