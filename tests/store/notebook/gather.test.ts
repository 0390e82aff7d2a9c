import { expect, it } from 'vitest';
import { notebookItems } from '../../../src/store/notebook/gather';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { checkpoint } from '../../helpers/fake/fakeLab';

it('leaves a model out that another names as its trunk by its hash, and none that is adapters itself', async () => {
  const storage = memoryStorage();
  const trunk = { checkpointId: 'gpt', name: 'GPT-2', hash: '0'.repeat(64) };
  for (const info of [
    checkpoint('gpt', 'base'),
    checkpoint('small', 'base'),
    checkpoint('tuned', 'finetuned', { trunk, parents: ['gpt'] }),
    checkpoint('bent', 'policy', { trunk: { ...trunk, checkpointId: 'tuned', name: 'Tuned' }, parents: ['tuned'] }),
  ])
    await storage.putCheckpoint({ info, bytes: Uint8Array.of(1) });
  const found: string[] = [];
  for await (const item of notebookItems(storage, await storage.load()))
    if ('record' in item && item.path.startsWith('models/'))
      found.push((item.record as { checkpointId: string }).checkpointId);
  expect(found.sort()).toEqual(['bent', 'small', 'tuned']);
});
