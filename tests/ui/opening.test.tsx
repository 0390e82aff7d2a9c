/** What a stage shows while the lab is still opening. */
import { act, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { memoryAddress } from '../../src/store/address/url';
import { createLab, LabContext } from '../../src/store/lab';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import { Arena } from '../../src/ui/panels/Arena/Arena';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { Reward } from '../../src/ui/panels/Reward/Reward';
import { Taste } from '../../src/ui/panels/Taste/Taste';
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

it.each([
  ['Compare', Compare, /There is no model yet/],
  ['Reward model', Reward, /No model to start from/],
  ['Optimise', Optimise, /Two models come first/],
  ['Taste', Taste, /No reward model yet/],
  ['Arena', Arena, /A duel needs two/],
])('nothing is called missing before it is known: %s', async (_, Place, missing) => {
  const client = new FakeClient();
  const release = client.hold('engine/start');
  const lab = createLab(client, memoryStorage(), { address: memoryAddress('?preset=tiny') });
  render(
    <LabContext value={lab}>
      <Place />
    </LabContext>,
  );
  const booting = lab.getState().session.boot();
  await screen.findAllByText('Looking for earlier work in this browser…');
  expect(screen.queryByText(missing)).toBeNull();
  await act(async () => {
    release();
    await booting;
  });
  expect(screen.getAllByText(missing).length).toBeGreaterThan(0);
});
