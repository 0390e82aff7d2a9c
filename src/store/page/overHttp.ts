/** Over plain http, as in a room's network, browsers withhold a part of themselves. It is said once, here. */
import * as v from 'valibot';
import type { Lab } from '../lab';
import { type LocalNote, localNote } from '../persistence/localNote';

/** What a browser may lack, and what that costs. */
const PARTS = [
  ['camera', ({ navigator: { mediaDevices } }) => mediaDevices, 'codes are typed, pasted or opened instead of scanned'],
  ['service worker', ({ navigator: { serviceWorker } }) => serviceWorker, 'the page needs the network at each visit'],
  [
    'promise of storage',
    ({ navigator: { storage } }) => storage?.persist,
    'the browser may clear what is stored: save a notebook',
  ],
  ['wake lock', ({ navigator: { wakeLock } }) => wakeLock, 'the screen may go dark while something runs'],
  ['shared memory', ({ SharedArrayBuffer: shared }) => shared, 'WebAssembly computes with one thread'],
  ['WebGPU', ({ navigator: { gpu } }) => gpu, 'the graphics card is not used'],
] as const satisfies readonly (readonly [string, (here: Here) => unknown, string])[];

/** what of the browser is asked */
export interface Here {
  isSecureContext: boolean;
  SharedArrayBuffer?: unknown;
  navigator: {
    mediaDevices?: unknown;
    serviceWorker?: unknown;
    storage?: { persist?: unknown } | undefined;
    wakeLock?: unknown;
    gpu?: unknown;
  };
}

/** @returns what this browser withholds, in words; null where the page is served securely, or nothing is missing */
export function missingWords(here: Here): string | null {
  if (here.isSecureContext) return null;
  const missing = PARTS.filter(([, found]) => found(here) === undefined);
  if (missing.length === 0) return null;
  return `This browser withholds here: ${missing.map(([name, , cost]) => `${name} (${cost})`).join('; ')}`;
}

const said = (): LocalNote<boolean> => localNote('rlhf-lab over http', v.boolean(), () => globalThis.localStorage);

/** Once in this browser, whichever page is opened first. */
export function sayWhatIsMissing({ getState }: Lab, here: Here = globalThis as unknown as Here, note = said()): void {
  const message = missingWords(here);
  if (message === null || note.read()) return;
  note.write(true);
  getState().notices.report({ code: 'page/overHttp', message, stack: undefined });
}
