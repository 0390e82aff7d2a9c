import type { ReactNode } from 'react';
import type { VoteChoice } from '../../src/contract/preferences';
import type { Lab } from '../../src/store/lab';
import type { FakeClient } from '../helpers/fakeClient';
import { type Rendered, renderLab } from './renderLab';

/** A stage whose clock stands still unless it is moved, so that the guard against double votes can be met exactly. */
export interface OpenStage extends Rendered {
  files: { fileName: string; content: string | Uint8Array | Blob }[];
  /** moves the clock, by default past the guard */
  wait(ms?: number): void;
}

interface OpenOptions {
  /** false: nothing is loaded, as on a first visit */
  model?: boolean;
  /** what happens before the stage is opened */
  before?: (lab: Lab, wait: (ms?: number) => void, client: FakeClient) => Promise<unknown>;
}

export async function openStage(panel: ReactNode, { model = true, before }: OpenOptions = {}): Promise<OpenStage> {
  let clock = 1_700_000_000_000;
  const wait = (ms = 1000) => {
    clock += ms;
  };
  const files: OpenStage['files'] = [];
  const rendered = await renderLab(panel, {
    now: () => clock,
    today: () => clock,
    schedule: (commit) => queueMicrotask(commit),
    saveFile: (fileName, content) => files.push({ fileName, content }),
    prepare: async (lab, client) => {
      if (model) await lab.getState().shelf.startTrained('tiny');
      await before?.(lab, wait, client);
    },
  });
  return { ...rendered, files, wait };
}

/**
 * The visitor votes this often, a second apart; the choice follows what stands there, so that there is a taste to find.
 */
export async function castVotes(
  lab: Lab,
  wait: (ms?: number) => void,
  count: number,
  choose = likesJoy,
): Promise<void> {
  await lab.getState().pairs.prepare();
  for (let i = 0; i < count; i++) {
    wait();
    const { shown } = lab.getState().pairs;
    if (!shown) throw new Error('no pair to vote on');
    await lab.getState().pairs.vote(choose(shown.a, shown.b));
  }
}

const joy = (text: string): number => (/glad|laughed/.test(text) ? 1 : 0) - (/sad|moaned/.test(text) ? 1 : 0);
const likesJoy = (a: string, b: string): VoteChoice => (joy(a) >= joy(b) ? 'a' : 'b');
