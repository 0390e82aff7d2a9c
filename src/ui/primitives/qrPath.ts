import encodeQR from 'qr';

/** modules that must stay white around it */
const QUIET = 4;

/** @returns the black modules as one path, in units of a module, and how many stand in a row with the quiet zone */
export function qrPath(text: string, encoding?: 'alphanumeric'): { path: string; size: number } {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET, ...(encoding && { encoding }) });
  const path = modules.flatMap((row, y) => row.flatMap((black, x) => (black ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { path, size: modules.length };
}
