import SOURCES from 'virtual:sources';
import { Fragment, memo, useEffect, useMemo, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Source } from '../../../contract/explanations/explanation';
import { FORMULAS, type Formula } from '../../../contract/formulas';
import { METRICS } from '../../../contract/metrics';
import { citation } from '../../../contract/papers';
import { sourceHash } from '../../../store/address/sourceAddress';
import { useLab } from '../../../store/lab';
import { Dialog } from '../../primitives/Dialog';
import { keyed } from '../../primitives/keyed';
import { linesOf, type Piece, readCode } from './code';
import { cutAtNames, type Leads, leadsOf } from './leads';
import styles from './Source.module.css';

/** The function behind a number or a formula, in its file, as it was built into this page. */
export function SourceSheet() {
  const { source, close } = useLab(useShallow(({ view }) => ({ source: view.source, close: view.closeSource })));
  if (!source) return null;
  const text = Object.hasOwn(SOURCES, source.file) ? SOURCES[source.file] : undefined; // an address may name anything
  const where = (
    <p className={styles.where}>
      <code>src/{source.file}</code> {text !== undefined && lineOf(text, source.symbol)}
    </p>
  );
  return (
    <Dialog title="Source" shape="sheet" open onClose={close} description={where}>
      {text === undefined ? <NotHere /> : <Listing text={text} source={source} />}
    </Dialog>
  );
}

function lineOf(text: string, symbol: string): string {
  const here = linesOf(text, symbol);
  const length = readCode(text).length;
  if (here) return `${symbol} is lines ${here.from} to ${here.to} of ${length}`;
  return symbol === '' ? `${length} lines` : `has no ${symbol}; ${length} lines`;
}

function NotHere() {
  return (
    <div className={styles.sheet}>
      <p>This file does not come with the page. These do:</p>
      <ul className={styles.files}>
        {Object.keys(SOURCES).map((file) => (
          <li key={file}>
            <a href={sourceHash({ file, symbol: '' })}>{file}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Listing({ text, source }: { text: string; source: Source }) {
  const code = useRef<HTMLElement>(null);
  const { file, symbol } = source;
  const lines = useMemo(() => readCode(text).map((pieces, i) => ({ number: i + 1, pieces })), [text]);
  const here = useMemo(() => linesOf(text, symbol), [text, symbol]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever follows a link reads on at another place
  useEffect(() => {
    code.current?.focus({ preventScroll: true });
    void (code.current?.querySelector('[data-here]') ?? code.current)?.scrollIntoView({ block: 'start' });
  }, [source]);
  const [from, to] = here ? [here.from - 1, here.to] : [lines.length, lines.length];
  return (
    <section className={`${styles.sheet} ${styles.code}`} ref={code} aria-label={`Lines of src/${file}`} tabIndex={-1}>
      <Code lines={lines.slice(0, from)} file={file} />
      {here && (
        <div className={styles.here} data-here>
          <Purposes source={source} />
          <Code lines={lines.slice(from, to)} file={file} within={symbol} />
        </div>
      )}
      {here && <Code lines={lines.slice(to)} file={file} />}
    </section>
  );
}

const isSame = (one: Source, other: Source): boolean => one.file === other.file && one.symbol === other.symbol;

/** What the page shows that is computed here: formulas with their papers, numbers by name. */
function Purposes({ source }: { source: Source }) {
  const metrics = Object.entries(METRICS).filter(([, metric]) => isSame(metric.source, source));
  const formulas = Object.entries<Formula>(FORMULAS).filter(([, formula]) => isSame(formula.source, source));
  if (metrics.length + formulas.length === 0) return null;
  return (
    <dl className={styles.purposes} aria-label="Computed here">
      {formulas.map(([id, { name, notation, papers }]) => (
        <div key={id}>
          <dt>{name}</dt>
          <dd className={styles.formula}>{notation}</dd>
          {papers.length > 0 && <dd className={styles.paper}>{papers.map(citation).join('; ')}</dd>}
        </div>
      ))}
      {metrics.length > 0 && (
        <div>
          <dt>{metrics.length > 1 ? 'Numbers' : 'Number'}</dt>
          <dd>{metrics.map(([, { label }]) => label).join(', ')}</dd>
        </div>
      )}
    </dl>
  );
}

interface CodeProps {
  lines: readonly { number: number; pieces: readonly Piece[] }[];
  file: string;
  /** the symbol whose lines these are: all names in them that lead further are links; elsewhere those of imports */
  within?: string;
}

const Code = memo(function Code({ lines, file, within }: CodeProps) {
  const { names, imports } = useMemo(() => leadsOf(SOURCES, file), [file]);
  const others = useMemo(() => new Map([...names].filter(([name]) => name !== within)), [names, within]);
  const isImport = (line: number): boolean => imports.some(({ from, to }) => line >= from && line <= to);
  if (lines.length === 0) return null;
  return (
    <pre className={styles.lines}>
      {lines.map(({ number, pieces }) => (
        <span key={number} className={styles.line} data-line={number}>
          <Line pieces={pieces} names={within !== undefined || isImport(number) ? others : NO_NAMES} />
          {'\n'}
        </span>
      ))}
    </pre>
  );
});

const NO_NAMES: Leads['names'] = new Map();

function Line({ pieces, names }: { pieces: readonly Piece[]; names: Leads['names'] }) {
  return keyed(pieces, ({ text }) => text).map(({ key, item: { kind, text } }) => (
    <span key={key} className={styles[kind]}>
      {kind === 'plain' ? <Names text={text} names={names} /> : <Breakable text={text} />}
    </span>
  ));
}

function Names({ text, names }: { text: string; names: Leads['names'] }) {
  return keyed(cutAtNames(text, names), (part) => part.text).map(({ key, item }) =>
    item.lead ? (
      <a key={key} href={sourceHash(item.lead)}>
        {item.text}
      </a>
    ) : (
      <Breakable key={key} text={item.text} />
    ),
  );
}

/** On a narrow screen a line breaks after a sign rather than within a word. */
function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[([{./])(?=\w)/);
  return keyed(parts, (part) => part).map(({ key, item }, i) => (
    <Fragment key={key}>
      {i > 0 && <wbr />}
      {item}
    </Fragment>
  ));
}
