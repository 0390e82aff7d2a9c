import { type RefObject, useEffect, useState } from 'react';
import { LabError } from '../../../contract/errors';
import { onDemand } from '../../../store/page/onDemand';
import type { ReadQr } from './readQr';

const readers = onDemand('reads QR codes', () => import('./readQr').then(({ qrReader }) => qrReader));

/** between two looks at the camera's picture, in ms */
const EVERY_MS = 200;

/** over plain http a page has no `mediaDevices` at all */
export const hasCamera = (): boolean => typeof navigator !== 'undefined' && navigator.mediaDevices !== undefined;

const wordsOf = (error: unknown): string =>
  error instanceof LabError
    ? `${error.message} Paste or type the codes.`
    : (error as Partial<Error> | null)?.name === 'NotAllowedError'
      ? 'The browser was not allowed to use the camera. Allow it beside the address, or paste the codes.'
      : 'No camera could be opened here. Paste or type the codes.';

/** looks at the camera until it is stopped; @returns what stops it */
function scanning(
  video: HTMLVideoElement,
  onCode: (text: string) => void,
  onTrouble: (words: string) => void,
): () => void {
  let [stopped, stream, timer]: [boolean, MediaStream | null, ReturnType<typeof setTimeout> | undefined] = [
    false,
    null,
    undefined,
  ];
  let last = '';
  const look = async (read: ReadQr): Promise<void> => {
    const text = await read(video).catch(() => null);
    if (stopped) return;
    if (text !== null && text !== last) onCode(text);
    last = text ?? last;
    timer = setTimeout(() => void look(read), EVERY_MS);
  };
  const begin = async (): Promise<void> => {
    const [qrReader, opened] = await Promise.all([
      readers(),
      navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
    ]);
    stream = opened;
    if (stopped) return stop();
    video.srcObject = opened;
    await video.play();
    await look(await qrReader());
  };
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  begin().catch((error) => {
    if (!stopped) onTrouble(wordsOf(error));
    stop();
  });
  return stop;
}

/** The camera scans on and on while `on`. @returns what went wrong, in words */
export function useScanner(
  on: boolean,
  video: RefObject<HTMLVideoElement | null>,
  onCode: (text: string) => void,
): string | null {
  const [trouble, setTrouble] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a camera is opened once, and its listener asks the store
  useEffect(() => {
    setTrouble(null);
    return on && video.current ? scanning(video.current, onCode, setTrouble) : undefined;
  }, [on]);
  return trouble;
}
