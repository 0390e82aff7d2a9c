/** Reads a QR code off a camera's picture: by the browser where it can, else by a small library. */

import { onDemand } from '../../../store/page/onDemand';

/** @returns the text of a code in the picture; null where there is none */
export type ReadQr = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** a browser may have the class and know no format */
async function ownDetector(): Promise<Detector | null> {
  const found = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats = await found?.getSupportedFormats().catch((): string[] => []);
  return found && formats?.includes('qr_code') ? new found({ formats: ['qr_code'] }) : null;
}

const decoder = onDemand('reads QR codes', () => import('qr/decode.js'));

async function byLibrary(): Promise<ReadQr> {
  const { default: decodeQR } = await decoder();
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!pen || width === 0) return null;
    Object.assign(canvas, { width, height });
    pen.drawImage(video, 0, 0);
    try {
      return decodeQR({ width, height, data: pen.getImageData(0, 0, width, height).data });
    } catch {
      return null; // it throws where it finds none
    }
  };
}

export async function qrReader(): Promise<ReadQr> {
  const own = await ownDetector();
  if (!own) return byLibrary();
  return async (video) => (await own.detect(video))[0]?.rawValue ?? null;
}
