import { Fragment } from 'react';
import { FORMULAS } from '../../../contract/formulas';
import { maxOf } from '../../../contract/many';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { sourceHash } from '../../../store/address/sourceAddress';
import styles from './InNumbers.module.css';
import { digits, type NumberLine, type TokenAt } from './tokenLines';

interface TokenTableProps {
  batch: PpoBatch;
  at: TokenAt;
  lines: readonly NumberLine[];
  /** whose lines are lit */
  phase: number;
}

/** A line a quantity: the digits that were put in, and the result. */
export function TokenTable({ batch, at, lines, phase }: TokenTableProps) {
  return (
    <table className={styles.lines}>
      <caption className="visually-hidden">{`Numbers of the token ${batch.rollouts[at.row]!.tokens[at.token]}`}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">Quantity</th>
          <th scope="col">From</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Fragment key={line.name}>
            <tr data-lit={line.phase === phase || undefined} data-line={line.name}>
              <td>{line.phase}</td>
              <th scope="row">
                <a href={sourceHash(FORMULAS[line.formula].source)} aria-description={FORMULAS[line.formula].notation}>
                  {line.name}
                </a>
              </th>
              <td className={styles.from}>{line.words}</td>
              <td className={styles.result} data-value={String(line.value)}>
                {digits(line.value)}
              </td>
            </tr>
            {line.name === 'advantage A' && batch.config.advantages === 'gae' && <Chain batch={batch} at={at} />}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** δ of this token and of all later ones, each as it counts in the advantage: (γλ)^k δ. */
function Chain({ batch, at }: Pick<TokenTableProps, 'batch' | 'at'>) {
  const { config, tokens, rollouts, length } = batch;
  const later = rollouts[at.row]!.tokens.slice(at.token).map((text, k) => {
    const delta = tokens.tdErrors[at.row * length + at.token + k]!;
    return { k, text, delta, part: delta * (config.gamma * config.lam) ** k };
  });
  const most = maxOf(
    later.map(({ part }) => Math.abs(part)),
    1e-9,
  );
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
                  style={{ height: `${(50 * Math.abs(part)) / most}%`, [part < 0 ? 'top' : 'bottom']: '50%' }}
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
