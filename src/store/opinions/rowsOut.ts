/** What the lab holds as rows for the trainers of other programs: how many, how one looks, and what stays here. */
import { countOf } from '../../contract/numbers';
import { groupsIn, type Ranking } from '../../contract/preferences';
import { rowLines } from '../../formats/outward/lines';
import {
  demonstrationRows,
  type Joint,
  type OutRow,
  pairCount,
  pairsIn,
  preferenceRows,
  promptRows,
  rankingRows,
} from '../../formats/outward/rows';
import { attempt, type Context } from '../context';
import { longWork } from '../page/longWork';
import { onDemand } from '../page/onDemand';
import type { LabState } from '../state';
import { JSON_LINES } from './exportLines';
import type { WantedRows } from './tableState';

const PARQUET = 'application/vnd.apache.parquet';
/** items that become rows between two chances to show something else */
const SLICE = 5000;

type Standing = Pick<LabState, 'opinions' | 'demonstrations' | 'corpus' | 'config'>;

interface RowSource {
  items: number;
  /** how many rows will come of them */
  count: number;
  /** of the items from … to, in order */
  rows(from: number, to: number): OutRow[];
  /** what is told of them, in sentences */
  notes: string[];
}

/** in a text of the visitor's own the space between prompt and completion is a character that is learned */
const jointOf = ({ corpus }: Standing): Joint => (corpus.summary?.kind === 'text' ? '' : ' ');

const source = <T>(items: readonly T[], rows: (items: readonly T[]) => OutRow[], rest?: Partial<RowSource>) => ({
  items: items.length,
  count: items.length,
  notes: [],
  rows: (from: number, to: number) => rows(items.slice(from, to)),
  ...rest,
});

function preferences(state: Standing, { form }: WantedRows): RowSource {
  const { all } = state.opinions;
  const telling: Ranking[] = [];
  let count = 0;
  let strong = 0;
  for (const one of all) {
    const pairs = pairCount(one);
    if (pairs === 0) continue;
    telling.push(one);
    count += pairs;
    if (one.strengths) strong++;
  }
  const isWhole = telling.length > 0 && strong === telling.length;
  const left = all.length - telling.length;
  const unit = state.config.value.reward.strengthMargin;
  return source(telling, (some) => preferenceRows(pairsIn(some, unit), form, jointOf(state), isWhole), {
    count,
    notes: [
      ...(left > 0 ? [`${countOf(left, 'vote is a tie or a repeat', 'votes are ties or repeats')} and left out.`] : []),
      ...(isWhole ? ['Every pair has a margin.'] : []),
      ...(strong > 0 && !isWhole
        ? [
            `Only ${countOf(strong, 'answer says', 'answers say')} how strongly, so there is no margin: it is whole or absent.`,
          ]
        : []),
    ],
  });
}

/** @returns what would be written */
export function rowSource(state: Standing, wanted: WantedRows): RowSource {
  const { opinions, demonstrations } = state;
  switch (wanted.what) {
    case 'preferences':
      return preferences(state, wanted);
    case 'rankings':
      return source(groupsIn(opinions.all), rankingRows);
    case 'demonstrations':
      return source(demonstrations.all, (some) => demonstrationRows(some, wanted.form, jointOf(state)));
    case 'prompts': {
      const prompts = new Set([...opinions.all, ...demonstrations.all].map(({ prompt }) => prompt));
      return source([...prompts], (some) =>
        promptRows(
          some.map((prompt) => ({ prompt })),
          wanted.form,
        ),
      );
    }
  }
}

/** Hands them to the visitor. */
const parquet = onDemand('writes Parquet', async () => {
  const part = await import('../../formats/outward/parquet');
  await part.parquetWriter();
  return part;
});

export async function saveRows(context: Context, wanted: WantedRows): Promise<void> {
  const { items, rows } = rowSource(context.get(), wanted);
  const name = `${wanted.what}.${wanted.file}`;
  await attempt(context, () =>
    longWork(context, 'export', async ({ tell }) => {
      const lines: string[] = [];
      const all: OutRow[] = [];
      for (let from = 0; from < items; from += SLICE) {
        tell({ done: from, total: items, label: 'writing rows' });
        const some = rows(from, from + SLICE);
        if (wanted.file === 'jsonl') lines.push(rowLines(some));
        else for (const row of some) all.push(row);
        await new Promise((resolve) => setTimeout(resolve));
      }
      if (wanted.file === 'jsonl') return context.saveFile(name, lines.join(''), JSON_LINES);
      const { parquetOf } = await parquet();
      context.saveFile(name, await parquetOf(all), PARQUET);
    }),
  );
}
