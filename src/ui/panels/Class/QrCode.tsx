import { qrPath } from '../../primitives/qrPath';
import styles from './QrCode.module.css';

/** A QR code, black on white in both themes, since cameras read no other. */
export function QrCode({ text, label, size = 256 }: { text: string; label: string; size?: number }) {
  const { path, size: modules } = qrPath(text, 'alphanumeric');
  return (
    <svg
      className={styles.code}
      width={size}
      height={size}
      viewBox={`0 0 ${modules} ${modules}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
