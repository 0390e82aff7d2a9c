import encodeQR from 'qr';
import styles from './QrCode.module.css';

/** modules that must stay white around it */
const QUIET = 4;

/** @returns the black modules as one path, the quiet zone around them left out */
const pathOf = (modules: readonly boolean[][]): string =>
  modules.flatMap((row, y) => row.flatMap((black, x) => (black ? [`M${x} ${y}h1v1h-1z`] : []))).join('');

/** A QR code, black on white in both themes, since cameras read no other. */
export function QrCode({ text, label, size = 256 }: { text: string; label: string; size?: number }) {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', encoding: 'alphanumeric', border: QUIET });
  return (
    <svg
      className={styles.code}
      width={size}
      height={size}
      viewBox={`0 0 ${modules.length} ${modules.length}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={pathOf(modules)} fill="#000" />
    </svg>
  );
}
