/** The whole page at an address, with a second thread for lessons and storages that stay while a test goes on. */
import { act, screen } from '@testing-library/react';
import { LESSONS } from '../../src/lessons/lessons';
import { memoryAddress } from '../../src/store/address/url';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../src/store/persistence/storage';
import { App } from '../../src/ui/App';
import { StageExtras } from '../../src/ui/shell/StageExtra';
import { FakeClient } from '../helpers/fakeClient';
import { type Rendered, renderLab } from './renderLab';

const PAGE = (
  <StageExtras value={LESSONS}>
    <App />
  </StageExtras>
);

export async function opened(href: string, more: Parameters<typeof renderLab>[1] = {}) {
  const clients: FakeClient[] = [];
  const storages = new Map<string, LabStorage>();
  const connect = () => {
    clients.push(new FakeClient());
    return clients.at(-1)!;
  };
  const storageBeside = (name: string) => {
    const found = storages.get(name) ?? { ...memoryStorage(), close() {} };
    storages.set(name, found);
    return found;
  };
  let clock = 0;
  const now = () => {
    clock += 400; // nobody votes faster
    return clock;
  };
  const address = memoryAddress(href);
  return { ...(await renderLab(PAGE, { address, connect, storageBeside, now, ...more })), clients, address };
}
export const lesson = () => screen.findByRole('region', { name: /^Lesson / });
export const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
export const progress = ({ lab }: Rendered, id: string) => lab.getState().guide.progress[id]!;

/** lets scripted runs move until something is so */
export async function move(client: FakeClient, over: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !over(); turn++)
    await act(async () => {
      client.advance(2);
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
}
