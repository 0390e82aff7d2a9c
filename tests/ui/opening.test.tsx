/** What a stage shows while the lab is still opening. */
import { act, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { memoryAddress } from '../../src/store/address/url';
import { createLab, LabContext } from '../../src/store/lab';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { FakeClient } from '../helpers/fakeClient';

it('a stored run stands there whole, and can be pressed once it is back', async () => {
  const storage = memoryStorage();
  const address = memoryAddress('?preset=tiny&steps=20');
  const first = new FakeClient();
  const before = createLab(first, storage, { address });
  await before.getState().session.boot();
  await before.getState().runs.play('pretrain');
  first.advance(20);
  await act(async () => new Promise((resolve) => setTimeout(resolve, 50)));

  const client = new FakeClient();
  const release = client.hold('engine/start');
  const lab = createLab(client, storage, { address });
  render(
    <LabContext value={lab}>
      <Pretrain />
    </LabContext>,
  );
  const train = () => screen.getByRole('button', { name: 'Train' });
  expect(screen.getByText('Looking for earlier work in this browser…')).toBeTruthy();
  expect(train().hasAttribute('disabled')).toBe(true);
  const booting = lab.getState().session.boot();
  await screen.findByText('Bringing earlier work back…');
  expect(screen.getByRole('toolbar').textContent).toContain('step 20 of 20');
  expect(train().hasAttribute('disabled')).toBe(true);
  await act(async () => {
    release();
    await booting;
  });
  expect(train().hasAttribute('disabled')).toBe(false);
});
