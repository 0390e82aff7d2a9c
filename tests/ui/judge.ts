import { waitFor } from '@testing-library/react';
import { expect } from 'vitest';
import type { Lab } from '../../src/store/lab';
import type { FakeClient } from '../helpers/fakeClient';

/** Trains a reward model on the votes that are there. */
export async function trainJudge(lab: Lab, client: FakeClient): Promise<void> {
  await lab.getState().runs.play('reward');
  client.advance(500);
  await waitFor(() => expect(lab.getState().shelf.slots.rewardId).not.toBeNull());
}

/** A base model, simulated votes and a reward model, as Optimise expects them. */
export async function withJudge(lab: Lab, client: FakeClient): Promise<void> {
  await lab.getState().shelf.loadShipped('tiny');
  await lab.getState().opinions.simulate(40);
  await trainJudge(lab, client);
}
