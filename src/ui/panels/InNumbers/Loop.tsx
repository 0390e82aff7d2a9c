import type { ReactNode } from 'react';
import { FORMULAS, type Formula, type FormulaId } from '../../../contract/formulas';
import { citation, PAPERS, type Paper, type PaperId } from '../../../contract/papers';
import { sourceHash } from '../../../store/address/sourceAddress';
import { Card } from '../../primitives/Card';
import styles from './InNumbers.module.css';
import type { LoopPart } from './loop';

function PaperLink({ id }: { id: PaperId }) {
  const { arxiv, title }: Paper = PAPERS[id];
  if (!arxiv) return <span title={title}>{citation(id)}</span>;
  return (
    <a href={`https://arxiv.org/abs/${arxiv}`} target="_blank" rel="noreferrer" title={title}>
      {citation(id)}
    </a>
  );
}

/** A formula as it is written, the function that computes it, and where it comes from. */
export function FormulaLinks({ id }: { id: FormulaId }) {
  const { name, notation, source, papers }: Formula = FORMULAS[id];
  return (
    <li>
      <span className={styles.notation}>{notation}</span>
      <a href={sourceHash(source)} aria-description={`Source of ${name}`}>
        {source.file.split('/').at(-1)}
      </a>
      {papers.map((paper) => (
        <PaperLink key={paper} id={paper} />
      ))}
    </li>
  );
}

interface LoopProps {
  parts: readonly LoopPart[];
  phase: number;
  onPhase: (phase: number) => void;
  /** of the numbers that the phase produced, beside its own */
  formulas: readonly FormulaId[];
  /** what is said of the phase, between code and formulas */
  children?: ReactNode;
}

/** The loop, a line a phase, and of the lit one its formulas with source and papers. */
export function Loop({ parts, phase, onPhase, formulas, children }: LoopProps) {
  const own = parts.flatMap(({ lines }) => lines.filter((line) => line.phase === phase).map(({ formula }) => formula));
  return (
    <Card title="The loop" note="one phase a step">
      <ol className={styles.loop} aria-label="Pseudo-code">
        {parts.map(({ name, lines }) => (
          <li key={name}>
            <span className={styles.part}>{name}</span>
            <ol>
              {lines.map((line) => (
                <li key={line.phase} aria-current={line.phase === phase ? 'step' : undefined}>
                  <button type="button" className={styles.code} onClick={() => onPhase(line.phase)}>
                    <span>{line.phase}</span> <code>{line.code}</code>
                  </button>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
      {children}
      <ul className={styles.sources} aria-label="Formulas of this phase">
        {[...new Set([...own, ...formulas])].map((id) => (
          <FormulaLinks key={id} id={id} />
        ))}
      </ul>
    </Card>
  );
}
