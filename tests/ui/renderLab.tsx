import { act, configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import { expect } from 'vitest';
import type { EngineInfo } from '../../src/contract/domain';
import { createLab, type Lab, LabContext } from '../../src/store/lab';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../src/store/persistence/storage';
import type { LabOptions } from '../../src/store/surroundings';
import { FakeClient } from '../helpers/fakeClient';

/** lazy stages and the scripted thread answer soon, but a busy machine may take its time */
configure({ asyncUtilTimeout: 15_000 });

export interface Rendered {
  client: FakeClient;
  lab: Lab;
  container: HTMLElement;
  user: ReturnType<typeof userEvent.setup>;
}

interface RenderLabOptions extends LabOptions {
  engine?: Partial<EngineInfo>;
  storage?: LabStorage;
  /** before the page is drawn, after the engine has started */
  prepare?: (lab: Lab, client: FakeClient) => void | Promise<void>;
}

/** Draws a part of the page over the real store and the scripted client, with the engine started. */
export async function renderLab(
  page: ReactNode,
  { engine, storage, prepare, ...options }: RenderLabOptions = {},
): Promise<Rendered> {
  const client = new FakeClient(engine);
  const lab = createLab(client, storage ?? memoryStorage(), options);
  await lab.getState().session.boot();
  await prepare?.(lab, client);
  const user = userEvent.setup();
  const { container } = await act(async () => render(<LabContext value={lab}>{page}</LabContext>));
  return { client, lab, container, user };
}

/** Rules that need a layout engine; the real browser checks them in the e2e tier. */
const NEEDS_LAYOUT = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/** @param scope 'part' leaves out the rules about whole pages: landmarks, one main, one h1 */
export async function expectAccessible(container: HTMLElement, scope: 'part' | 'page' = 'part'): Promise<void> {
  const off =
    scope === 'part' ? [...NEEDS_LAYOUT, 'region', 'landmark-one-main', 'page-has-heading-one'] : NEEDS_LAYOUT;
  const { violations } = await axe.run(container, {
    rules: Object.fromEntries(off.map((id) => [id, { enabled: false }])),
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}
