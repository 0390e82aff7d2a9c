/** The translator on disk: one, among the snapshots of runs. */
import type { Calls } from '../../contract/protocol';
import { toReport } from '../context';
import type { Lab } from '../lab';
import { TRANSLATOR } from '../persistence/storage';

/** stores it as it stands */
export async function keep(lab: Lab, runId: string): Promise<void> {
  const file = await lab.call('translate/save', { runId });
  await lab.vault.write('putSnapshot', { runId: TRANSLATOR, kind: TRANSLATOR, ...file });
}

const snapshots = (lab: Lab) => lab.vault.read((storage) => storage.snapshots(TRANSLATOR), []);

export async function forgetStored(lab: Lab): Promise<void> {
  for (const { step } of await snapshots(lab)) await lab.vault.write('removeSnapshot', TRANSLATOR, step);
}

/**
 * Makes the newest one that can be read, once the page knows what is stored; one that cannot goes, and the page says
 * so.
 * @returns null where there is none
 */
export async function storedTranslator(
  lab: Lab,
  asked: { runId: string; seed: number },
): Promise<Calls['translate/create']['result'] | null> {
  await lab.settled();
  for (const { step, bytes } of await snapshots(lab)) {
    try {
      return await lab.call('translate/create', { ...asked, saved: bytes });
    } catch (error) {
      const report = toReport(error);
      if (report.code !== 'storage/corrupt') throw error;
      lab.getState().notices.report(report);
      await lab.vault.write('removeSnapshot', TRANSLATOR, step);
    }
  }
  return null;
}
