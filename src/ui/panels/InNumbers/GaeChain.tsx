import type { PpoBatch } from '../../../contract/ppoBatch';
import { barLength, longest } from '../../primitives/bars';
import styles from './InNumbers.module.css';
import { digits, type TokenAt } from './tokenLines';

/** δ of this token and of all later ones, each as it counts in the advantage: (γλ)^k δ. */
export function GaeChain({ batch, at }: { batch: PpoBatch; at: TokenAt }) {
  const { config, tokens, rollouts, length } = batch;
  const later = rollouts[at.row]!.tokens.slice(at.token).map((text, k) => {
    const delta = tokens.tdErrors[at.row * length + at.token + k]!;
    return { k, text, delta, part: delta * (config.gamma * config.lam) ** k };
  });
  const most = longest(later.map(({ part }) => Math.abs(part)));
  return (
    <tr>
      <td />
      <th scope="row">δ now, later</th>
      <td colSpan={2}>
        <ol className={styles.chain} aria-label="Chain of GAE">
          {later.map(({ k, text, delta, part }) => (
            <li key={k} title={`${text}: δ ${digits(delta)}, counts ${digits(part)}`}>
              <span className={styles.bar} aria-hidden="true">
                <span
                  data-below={part < 0 || undefined}
                  style={{ height: barLength(Math.abs(part), most, 50), [part < 0 ? 'top' : 'bottom']: '50%' }}
                />
              </span>
              <span className={styles.delta}>{digits(delta)}</span>
              <span className="visually-hidden">{` ${text}, counts ${digits(part)}`}</span>
            </li>
          ))}
        </ol>
      </td>
    </tr>
  );
}
