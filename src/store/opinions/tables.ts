/** Files of rows that other programs wrote: shown with what their columns seem to be, and taken as the visitor says. */
import { countOf } from '../../contract/numbers';
import { groupsIn, votesIn } from '../../contract/preferences';
import { headAs } from '../../formats/foreign/head';
import { guessedRoles, readTable, sampleOf, type TableReading } from '../../formats/foreign/mapping';
import { type OpenedTable, openTable } from '../../formats/foreign/opening';
import { parquetReaders } from '../../formats/foreign/parquet';
import type { Table } from '../../formats/foreign/table';
import type { Here } from '../../formats/seen';
import { isParquet } from '../../formats/tableForm';
import { attempt, type Context, latest } from '../context';
import { inSteps } from '../page/inSteps';
import { type Course, longWork } from '../page/longWork';
import { onDemand } from '../page/onDemand';
import { writerId } from '../rounds/rounds';
import { rankingWords, voteWords } from './counts';
import { addDemonstrations } from './demonstrations';
import { fittingOpinions, storing } from './foreign';
import { askPrompts } from './ownPrompts';
import type { TableOffer, TableSlice, TableVerdict } from './tableState';
import { checkTexts } from './textCheck';

/** reasons that are kept for the page; a file of something else has many thousands */
const MOST_NAMED = 200;

/** what the model that writes cannot learn from goes to the refused */
async function withoutUnfit(context: Context, reading: TableReading): Promise<TableReading> {
  const baseId = writerId(context.get());
  if (baseId === null) return reading;
  const { opinions, demonstrations, refused } = reading;
  const compared = opinions.map(({ one: { prompt, completions } }) => ({ prompt, completions }));
  const shown = demonstrations.map(({ one: { prompt, completion } }) => ({ prompt, completions: [completion] }));
  const [ofOpinions, ofShown] = [
    await checkTexts(context, baseId, compared, true),
    await checkTexts(context, baseId, shown),
  ];
  const unfit = [
    ...opinions.map(({ at }, i) => ({ at, why: ofOpinions[i] ?? null })),
    ...demonstrations.map(({ at }, i) => ({ at, why: ofShown[i] ?? null })),
  ].flatMap(({ at, why }) => (why === null ? [] : [{ at, why }]));
  return {
    ...reading,
    opinions: opinions.filter((_, i) => ofOpinions[i] === null),
    demonstrations: demonstrations.filter((_, i) => ofShown[i] === null),
    refused: [...refused, ...unfit].sort((one, other) => one.at - other.at),
  };
}

function verdictOf({ kind, opinions, demonstrations, prompts, refused, notes }: TableReading): TableVerdict {
  const all = opinions.map(({ one }) => one);
  return {
    kind,
    votes: votesIn(all).length,
    rankings: groupsIn(all).length,
    demonstrations: demonstrations.length,
    prompts: new Set(prompts.map(({ one }) => one)).size,
    refused: refused.slice(0, MOST_NAMED).map(({ at, why }) => ({ row: at + 1, why })),
    refusedCount: refused.length,
    notes,
  };
}

/** @returns what is seen of a table at first */
const offerOf = ({ table, roles }: OpenedTable, name: string): TableOffer => ({
  ...{ name, rows: table.rows.length, columns: [...table.columns], sample: sampleOf(table), roles, verdict: null },
  firstLine: table.head ? (table.head.isRow ? 'row' : 'names') : null,
});

const readersOfParquet = onDemand('reads Parquet', parquetReaders);

function withFirstLine(given: Table, is: 'names' | 'row'): OpenedTable {
  const table = headAs(given, is === 'row');
  return { table, roles: guessedRoles(table) };
}

/** a role is one column's: who had it before has none */
function withRole(roles: TableOffer['roles'], column: string, role: TableOffer['roles'][string]): TableOffer['roles'] {
  const others = Object.entries(roles).map(([name, had]) => [name, had === role ? null : had]);
  return { ...Object.fromEntries(others), [column]: role };
}

/** @returns what came of them, in words */
async function keep(context: Context, reading: TableReading): Promise<string[]> {
  const opinions = fittingOpinions(
    context,
    reading.opinions.map(({ one }) => one),
  );
  await storing(context, opinions);
  const demonstrations = reading.demonstrations.map(({ one }) => one);
  const shown = demonstrations.length > 0 ? addDemonstrations(context, demonstrations) : 0;
  const [votes, groups] = [votesIn(opinions).length, groupsIn(opinions).length];
  return [
    votes > 0 && voteWords(votes),
    groups > 0 && rankingWords(groups),
    shown > 0 && countOf(shown, 'demonstration'),
  ].filter((words) => words !== false);
}

async function takeRows(context: Context, reading: TableReading): Promise<void> {
  const { toast } = context.get().notices;
  const parts = await keep(context, reading);
  if (parts.length > 0) toast(`${parts.join(' and ')} imported, counted apart from yours.`);
  if (reading.prompts.length === 0) return;
  const prompts = reading.prompts.map(({ one }) => one);
  const { pairs, left, why } = await longWork(context, 'voteFile', (course) => askPrompts(context, prompts, course));
  const leftWords = left > 0 ? ` ${countOf(left, 'prompt was', 'prompts were')} left out: ${why}.` : '';
  toast(
    pairs > 0
      ? `${countOf(pairs, 'pair')} of texts on your prompts: shown next in Compare.${leftWords}`
      : `Nothing on these prompts can be compared: ${why}.`,
  );
}

function hereIn(context: Context): Here {
  const { opinions, demonstrations } = context.get();
  return { opinions: opinions.all, demonstrations: demonstrations.all };
}

const opening = (context: Context, bytes: Uint8Array, name: string): Promise<OpenedTable | null> =>
  longWork(context, 'voteFile', async (course) => {
    course.tell({ done: 0, total: 0, label: 'opening' });
    await new Promise((resolve) => setTimeout(resolve)); // so that it is shown
    if (isParquet(bytes)) await readersOfParquet();
    return openTable(bytes, name, (steps) => inSteps(steps, course));
  });

async function readAs(course: Course, table: Table, roles: TableOffer['roles']): Promise<TableReading> {
  const { context } = course;
  const steps = readTable(table, roles, () => context.newId('vote'), hereIn(context));
  return withoutUnfit(context, await inSteps(steps, course));
}

export function tableActs(context: Context): Omit<TableSlice, 'offer' | 'save'> {
  let table: Table | null = null;
  let reading: TableReading | null = null;
  const newest = latest();
  const patch = (offer: TableOffer | null) => context.patch('tables', { offer });
  const slice = () => context.get().tables;

  const forget = (): void => {
    newest();
    [table, reading] = [null, null];
    patch(null);
  };

  const judge = async (roles: TableOffer['roles']): Promise<void> => {
    const isNewest = newest();
    const error = await attempt(context, () =>
      longWork(context, 'voteFile', async (course) => {
        if (!table || !isNewest()) return;
        const read = await readAs(course, table, roles);
        const { offer } = slice();
        if (!isNewest() || !offer) return;
        reading = read;
        patch({ ...offer, roles, verdict: verdictOf(read) });
      }),
    );
    if (error?.code === 'work/cancelled' && isNewest()) forget();
  };
  const show = (opened: OpenedTable, name: string): Promise<void> => {
    table = opened.table;
    patch(offerOf(opened, name));
    return judge(opened.roles);
  };
  return {
    async offerFile(bytes, name) {
      const opened = await opening(context, bytes, name);
      if (!opened) return false;
      await show(opened, name);
      return true;
    },

    async setRole(column, role) {
      const { offer } = slice();
      if (offer && table) await show({ table, roles: withRole(offer.roles, column, role) }, offer.name);
    },

    async setFirstLine(is) {
      const { offer } = slice();
      if (offer && table) await show(withFirstLine(table, is), offer.name);
    },

    async accept() {
      const taken = reading;
      if (!taken || !slice().offer?.verdict) return;
      forget();
      await attempt(context, () => takeRows(context, taken));
    },

    cancel: forget,
  };
}
