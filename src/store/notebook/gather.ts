/** Everything that is stored, as the files of a notebook: a model at a time, so that no two are in memory. */
import type { RunSpec } from '../../contract/domain';
import { OWN_TEXT } from '../../formats/notebook/layout';
import type { NotebookItem } from '../../formats/notebook/write';
import type { LabStorage, RunRecord, Settings, StoredLab } from '../persistence/storage';

/** lists of what a run is made from: in their folder an empty one stands in the record, and they are files of their own */
export const LISTS = ['opinions', 'demonstrations'] as const;
export type ListName = (typeof LISTS)[number];

/** @returns the record with empty lists, and what was in them */
type Unlabelled = Omit<RunRecord, 'labels'>;
function parted(record: Unlabelled): { record: Unlabelled; lists: [ListName, readonly unknown[]][] } {
  const { spec } = record;
  if (spec === null) return { record, lists: [] };
  const fields = spec as Partial<Record<ListName, unknown[]>>;
  const lists = LISTS.flatMap((name): [ListName, unknown[]][] => (fields[name] ? [[name, fields[name]]] : []));
  const emptied = Object.fromEntries(lists.map(([name]) => [name, []]));
  return { record: { ...record, spec: { ...spec, ...emptied } as RunSpec }, lists };
}

async function* runItems(storage: LabStorage, whole: RunRecord): AsyncGenerator<NotebookItem> {
  const folder = `runs/${whole.kind}`;
  const { labels, ...rest } = whole;
  const { record, lists } = parted(rest);
  yield { path: `${folder}/run.json`, record };
  yield { path: `${folder}/labels`, list: labels };
  for (const [name, list] of lists) yield { path: `${folder}/${name}`, list };
  yield { path: `${folder}/curves`, list: await storage.points(whole.runId) };
  for (const { step, bytes } of await storage.snapshots(whole.runId))
    yield { path: `${folder}/snapshots/${step}.safetensors`, bytes };
}

function* settingItems(settings: Partial<Settings>): Generator<NotebookItem> {
  for (const [key, value] of Object.entries(settings)) {
    if (key !== 'examples') yield { path: `settings/${key}.json`, record: value };
  }
  if (!settings.examples) return;
  const { demonstrations, ...rest } = settings.examples;
  yield { path: 'settings/examples.json', record: { demonstrations: [], ...rest } };
  yield { path: 'demonstrations', list: demonstrations };
}

/**
 * @returns models that others name by their hash, whose files stay where they are: the notebook asks for them. One that
 * learned by adapters itself has no file elsewhere, and goes along.
 */
async function trunksIn(storage: LabStorage): Promise<Set<string>> {
  const models = await storage.models();
  const trunks = new Set(models.flatMap(({ info: { trunk } }) => (trunk ? [trunk.checkpointId] : [])));
  for (const { info } of models) if (info.trunk) trunks.delete(info.checkpointId);
  return trunks;
}

/** @param lab what `storage` has */
export async function* notebookItems(storage: LabStorage, lab: StoredLab): AsyncGenerator<NotebookItem> {
  yield* settingItems(lab.settings);
  yield { path: 'opinions', list: lab.opinions };
  yield { path: 'duels', list: lab.duels };
  const origin = lab.settings.corpus;
  const text = origin?.kind === 'text' ? await storage.text(origin.textId) : null;
  if (text) yield { path: OWN_TEXT, bytes: text };
  const trunks = await trunksIn(storage);
  for (const [i, checkpointId] of lab.checkpointIds.entries()) {
    const found = trunks.has(checkpointId) ? null : await storage.checkpoint(checkpointId);
    if (!found) continue;
    yield { path: `models/${i + 1}.json`, record: found.info };
    yield { path: `models/${i + 1}.safetensors`, bytes: found.bytes };
  }
  for (const record of lab.runs) yield* runItems(storage, record);
}
