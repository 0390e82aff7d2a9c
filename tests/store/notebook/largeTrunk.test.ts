/** A notebook of what learned on a model that is stored once: its weights stay out and are asked for by their hash. */
import { afterEach, expect, it } from 'vitest';
import { memoryAddress } from '../../../src/store/address/url';
import { createLab, type Lab } from '../../../src/store/lab';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { filesOfAdapter, filesOfModel, given } from '../../helpers/modelFiles';
import { type Loopback, loopback } from '../../worker/loopback';
import { SLOW } from '../../worker/specs';
import { settle } from '../openLab';

const ASKED = { prompts: ['the keeper'], seed: 5, sampling: { temperature: 0, topK: 0, topP: 1 } };
const open: Lab[] = [];
afterEach(() => {
  for (const lab of open.splice(0)) lab.dispose();
});

/** a page whose thread really computes, and stores every model once that others learned on */
async function machine(storage = memoryStorage()) {
  const files: unknown[] = [];
  const thread = loopback({ storedOnce: 1 });
  const lab = createLab(thread.client, storage, {
    address: memoryAddress('?backend=wasm'),
    schedule: (commit) => queueMicrotask(commit),
    saveFile: (_, content) => void files.push(content),
    today: () => Date.UTC(2026, 10, 30),
  });
  open.push(lab);
  await lab.getState().session.boot();
  await settle();
  return { lab, thread, storage, files };
}

const written = ({ client }: Loopback, checkpointId: string) =>
  client.call('inspect/complete', { checkpointIds: [checkpointId], ...ASKED });

it(
  'is opened elsewhere, takes that model alone, and is whole after a reload',
  async () => {
    const first = await machine();
    const shelf = () => first.lab.getState().shelf;
    await shelf().importModel(given(filesOfModel('plain')));
    const trunk = shelf().checkpoints.at(-1)!;
    await shelf().importModel(given(filesOfAdapter('attn-mlp-r8')));
    const tuned = shelf().checkpoints.at(-1)!;
    expect(tuned.trunk?.checkpointId).toBe(trunk.checkpointId);
    const said = await written(first.thread, tuned.checkpointId);
    await first.lab.getState().notebook.save();
    const file = first.files.at(-1) as Blob;

    const other = await machine();
    await other.lab.getState().notebook.read(file, 'lab.rlhflab');
    await settle();
    const known = () => other.lab.getState().shelf.checkpoints.map(({ checkpointId }) => checkpointId);
    expect(known()).toContain(tuned.checkpointId);
    expect(known()).not.toContain(trunk.checkpointId);
    await expect(written(other.thread, tuned.checkpointId)).rejects.toThrow(`needs ${trunk.name}, which is not here`);
    await other.lab.getState().shelf.importModel(given(filesOfModel('hub-names')), tuned.checkpointId);
    expect(known()).not.toContain(trunk.checkpointId);
    await other.lab.getState().shelf.importModel(given(filesOfModel('plain')), tuned.checkpointId);
    expect(known()).toContain(trunk.checkpointId);
    expect(await written(other.thread, tuned.checkpointId)).toEqual(said);

    await settle();
    const again = await machine(other.storage);
    expect(await written(again.thread, tuned.checkpointId)).toEqual(said);
  },
  SLOW,
);
