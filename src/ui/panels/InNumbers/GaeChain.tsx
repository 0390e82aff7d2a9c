import type { PpoBatch } from '../../../contract/ppoBatch';
import { barLength, longest } from '../../primitives/bars';
import { type Later, laterDeltas } from './gaeParts';
import styles from './InNumbers.module.css';
import { digits, type TokenAt } from './tokenLines';

function Bar({ part, most }: { part: number; most: number }) {
  return (
    <span className={styles.bar} aria-hidden="true">
      <span
        data-below={part < 0 || undefined}
        style={{ height: barLength(Math.abs(part), most, 50), [part < 0 ? 'top' : 'bottom']: '50%' }}
      />
    </span>
  );
}

function Link({ text, delta, part, most }: Later & { most: number }) {
  const counts = `${text}${delta === null ? '' : `: δ ${digits(delta)}`}, counts ${digits(part)}`;
  return (
    <li title={counts}>
      <Bar part={part} most={most} />
      <span className={styles.delta} aria-hidden="true">
        {delta === null ? `Σ ${digits(part)}` : digits(delta)}
      </span>
      <span className="visually-hidden">{counts}</span>
    </li>
  );
}

/** δ of this token and of later ones, each as high as it counts in the advantage: (γλ)^k δ. */
export function GaeChain({ batch, at }: { batch: PpoBatch; at: TokenAt }) {
  const later = laterDeltas(batch, at);
  const most = longest(later.map(({ part }) => Math.abs(part)));
  return (
    <tr>
      <td />
      <th scope="row">δ now, later</th>
      <td colSpan={2}>
        <ol className={styles.chain} aria-label="Chain of GAE">
          {later.map((one) => (
            <Link key={one.k} {...one} most={most} />
          ))}
        </ol>
      </td>
    </tr>
  );
}
