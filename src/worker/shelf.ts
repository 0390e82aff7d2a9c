/**
 * The shelf of checkpoints: their files as bytes, and a few of them alive as networks, made when someone asks and
 * disposed of when others are asked for more. A checkpoint is named by its content when it is made, so the same run
 * makes the same checkpoint in every session.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { TrunkRef } from '../contract/adapters';
import type { CheckpointFile, CheckpointMeta } from '../contract/checkpoint';
import type { Ancestor, CheckpointInfo, Lineage } from '../contract/domain';
import { LabError } from '../contract/errors';
import { trunkIdOf } from '../contract/lineage';
import { append } from '../contract/many';
import { weightsOf } from '../core/model/byRows';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { type LoadedCheckpoint, openCheckpoint, openingCheckpoint } from '../core/model/checkpoint';
import { parameterCount } from '../core/model/layout';
import { adapterIn, completed } from '../core/model/onTrunk';
import { finish, type TrainingProgress } from '../core/text/steps';
import { decodeCheckpoint, labelCheckpoint } from '../formats/checkpoint';
import { numbersOf } from '../formats/safetensors';
import type { CorpusMemory } from './corpora';

interface Shelved {
  info: CheckpointInfo;
  /** the file, never given away and never written into: tensors may lie in it */
  bytes: Uint8Array;
  meta: CheckpointMeta;
  /** of the numbers in the file, as others name it their trunk; null until it is asked for */
  hash: string | null;
}

interface Alive {
  network: CausalNetwork;
  users: number;
}

const KEPT_ALIVE = 4;
/** numbers in all networks that are kept alive, unless it is one alone */
const KEPT_NUMBERS = 2 ** 28;
/** a model of so many numbers is stored once, and not again in what learned on it by adapters */
const STORED_ONCE = 2 ** 24;

/** bytes that are hashed between two chances to hear that nobody waits any more */
const HASHED_PER_SLICE = 2 ** 24;
const inMegabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

/** two FNV-1a hashes with different starts over the file */
function* contentIdInSteps(kind: string, bytes: Uint8Array): Generator<TrainingProgress, string> {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let from = 0; from < bytes.length; from += HASHED_PER_SLICE) {
    if (from > 0) yield { done: inMegabytes(from), total: inMegabytes(bytes.length), label: 'comparing, in MB' };
    for (let i = from; i < Math.min(from + HASHED_PER_SLICE, bytes.length); i++) {
      const byte = bytes[i] as number;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995);
    }
  }
  const hex = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
  return `${kind}-${hex(a)}${hex(b)}`;
}
function* hashInSteps(bytes: Uint8Array): Generator<TrainingProgress, string> {
  const hash = sha256.create();
  for (let from = 0; from < bytes.length; from += HASHED_PER_SLICE) {
    if (from > 0) yield { done: inMegabytes(from), total: inMegabytes(bytes.length), label: 'comparing, in MB' };
    hash.update(bytes.subarray(from, from + HASHED_PER_SLICE));
  }
  return bytesToHex(hash.digest());
}
export const contentId = (kind: string, bytes: Uint8Array): string => finish(contentIdInSteps(kind, bytes));

/** What is known about a checkpoint beside its file. */
export interface Arrival extends Partial<Pick<CheckpointInfo, 'madeAt' | 'importedFrom' | 'shipped'>> {
  /** in place of the one in the file */
  name?: string;
  checkpointId?: string;
  /** a model that waits for this one as its trunk: no other is taken */
  trunkOf?: string;
}

export class Shelf {
  private readonly entries = new Map<string, Shelved>();
  private alive = new Map<string, Alive>();

  /** @param storedOnce numbers from which on a model is a trunk that others do not store again */
  constructor(private readonly storedOnce = STORED_ONCE) {}

  list(): CheckpointInfo[] {
    return [...this.entries.values()].map(({ info }) => info);
  }

  /**
   * Reads a file and keeps it; the same file twice is one checkpoint, as it was known before.
   * @param bytes owned by the shelf from now on
   * @throws LabError('file/checkpoint') that names the place; then nothing was changed
   */
  add(bytes: Uint8Array, arrival: Arrival = {}): CheckpointInfo {
    return finish(this.adding(bytes, arrival));
  }

  /** the same in steps: a large file takes seconds, and until the last step nothing is changed */
  *adding(bytes: Uint8Array, arrival: Arrival = {}): Generator<TrainingProgress, CheckpointInfo> {
    yield { done: 0, total: 0, label: 'reading the file' };
    const { meta } = yield* checked(decodeCheckpoint(bytes));
    const wanted = arrival.trunkOf === undefined ? null : yield* this.wantedBy(arrival.trunkOf, bytes);
    const checkpointId = wanted?.checkpointId ?? arrival.checkpointId ?? (yield* this.idOf(meta, bytes));
    const known = this.entries.get(checkpointId)?.info;
    const info: CheckpointInfo = {
      checkpointId,
      name: known?.name ?? (arrival.name || meta.name),
      kind: meta.kind,
      model: meta.model,
      pooling: meta.pooling,
      parents: meta.parents,
      ancestors: meta.ancestors,
      lineage: meta.lineage,
      madeAt: meta.madeAt ?? known?.madeAt ?? arrival.madeAt ?? null,
      importedFrom: known ? known.importedFrom : (arrival.importedFrom ?? null),
      tokenizerKey: contentId(meta.tokenizer.kind, new TextEncoder().encode(JSON.stringify(meta.tokenizer))),
      step: meta.step,
      parameters: parameterCount(meta.model, meta.heads),
      bytes: bytes.length,
      ...(meta.adapter && { adapter: meta.adapter }),
      ...(meta.trunk && { trunk: meta.trunk }),
      metrics: meta.metrics,
      shipped: arrival.shipped ?? known?.shipped ?? false,
    };
    this.entries.set(checkpointId, { info, bytes, meta, hash: wanted?.hash ?? null });
    return info;
  }

  rename(checkpointId: string, name: string): CheckpointInfo {
    const entry = this.get(checkpointId);
    const info = { ...entry.info, name };
    this.entries.set(checkpointId, { ...entry, info });
    return info;
  }

  /** the file with what the shelf knows about it in the metadata */
  export(checkpointId: string): Uint8Array<ArrayBuffer> {
    const { bytes, info } = this.get(checkpointId);
    const { name, madeAt, parents, ancestors } = info;
    return labelCheckpoint(bytes, { checkpointId, name, madeAt, ancestors: this.ancestorsOf(parents, ancestors) });
  }

  /**
   * Parents first, each once, as they are called now.
   * @param remembered for those that are not on the shelf any more
   */
  ancestorsOf(parents: readonly string[], remembered: readonly Ancestor[] = []): Ancestor[] {
    const known = new Map(remembered.map((one) => [one.checkpointId, one]));
    const found = new Map<string, Ancestor>();
    const waiting = [...parents];
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const info = this.entries.get(id)?.info;
      for (const one of info?.ancestors ?? []) if (!known.has(one.checkpointId)) known.set(one.checkpointId, one);
      const ancestor = info ?? known.get(id);
      if (!ancestor || found.has(id)) continue;
      found.set(id, { checkpointId: id, name: ancestor.name, kind: ancestor.kind, parents: [...ancestor.parents] });
      append(waiting, ancestor.parents);
    }
    return [...found.values()];
  }

  /** @returns the name, or with a number behind it when another checkpoint is called so already */
  freeName(name: string): string {
    const taken = new Set(this.list().map((info) => info.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
    return free;
  }

  /**
   * a file that was on a shelf says its own id; by its content it is called when it does not, or when another model is
   * called so here
   */
  private *idOf({ kind, checkpointId }: CheckpointMeta, bytes: Uint8Array): Generator<TrainingProgress, string> {
    if (checkpointId === null) return yield* contentIdInSteps(kind, bytes);
    const here = this.entries.get(checkpointId);
    if (!here) return checkpointId;
    const ours = yield* contentIdInSteps(kind, numbersOf(here.bytes));
    const theirs = yield* contentIdInSteps(kind, numbersOf(bytes));
    return ours === theirs ? checkpointId : yield* contentIdInSteps(kind, bytes);
  }

  /** @throws LabError('run/missingInput') */
  get(checkpointId: string): Shelved {
    const entry = this.entries.get(checkpointId);
    if (!entry) throw new LabError('run/missingInput', `There is no checkpoint ${checkpointId} in Checkpoints.`);
    return entry;
  }

  memoryOf(checkpointId: string): CorpusMemory {
    const { corpus, tokenizer } = this.get(checkpointId).meta;
    return { origin: corpus, tokenizer };
  }

  /** a network of its own, owned by the caller */
  createNetwork(checkpointId: string, name: string): CausalNetwork {
    return this.open(checkpointId).createNetwork(name);
  }

  open(checkpointId: string): LoadedCheckpoint {
    return openCheckpoint(this.file(checkpointId));
  }

  /**
   * with all its tensors, those of its trunk among them
   * @throws LabError('run/missingInput') when it needs a trunk that is not here
   */
  file(checkpointId: string): CheckpointFile {
    const { bytes, meta, info } = this.get(checkpointId);
    if (!meta.trunk) return decodeCheckpoint(bytes);
    this.need(meta.trunk, info.name);
    return completed(decodeCheckpoint(bytes), this.file(meta.trunk.checkpointId));
  }

  /**
   * @param who learned on it
   * @throws LabError('run/missingInput') when a trunk is not here
   */
  need({ checkpointId, name, hash }: TrunkRef, who: string): void {
    if (this.entries.has(checkpointId) && this.hashOf(checkpointId) === hash) return;
    throw new LabError(
      'run/missingInput',
      `${who} needs ${name}, which is not here: open its model file in Checkpoints.`,
    );
  }

  /** @returns the model that a network learned on by adapters, where its weights are too many to store them again */
  trunkOf({ tuning, parameters }: CausalNetwork, lineage: Lineage): TrunkRef | null {
    const trunkId = tuning && trunkIdOf({ adapter: tuning, lineage });
    return trunkId && this.entries.has(trunkId) ? this.trunkRef(trunkId, weightsOf({ parameters })) : null;
  }

  /** @returns how what learned on a model names it; null where its weights are few enough to be stored again */
  trunkRef(checkpointId: string, weights: number): TrunkRef | null {
    if (weights < this.storedOnce) return null;
    return { checkpointId, name: this.get(checkpointId).info.name, hash: this.hashOf(checkpointId) };
  }

  /** @throws LabError('file/checkpoint') when these are not the numbers that the model waits for */
  private *wantedBy(waitingId: string, bytes: Uint8Array): Generator<TrainingProgress, TrunkRef> {
    const { meta, info } = this.get(waitingId);
    if (meta.trunk && (yield* hashInSteps(numbersOf(bytes))) === meta.trunk.hash) return meta.trunk;
    throw new LabError('file/checkpoint', `it is another model than the one that ${info.name} learned on`);
  }

  private hashOf(checkpointId: string): string {
    const entry = this.get(checkpointId);
    entry.hash ??= finish(hashInSteps(numbersOf(entry.bytes)));
    return entry.hash;
  }

  /** lends the checkpoint's network; it stays alive for the next call */
  async lend<T>(checkpointId: string, work: (network: CausalNetwork) => Promise<T>): Promise<T> {
    const alive = this.alive.get(checkpointId) ?? { network: this.createNetwork(checkpointId, checkpointId), users: 0 };
    this.alive.delete(checkpointId);
    this.alive.set(checkpointId, alive); // youngest last
    alive.users++;
    try {
      return await work(alive.network);
    } finally {
      alive.users--;
      this.trim();
    }
  }

  remove(checkpointId: string): void {
    this.entries.delete(checkpointId);
    this.trim();
  }

  /** frees every network that nobody uses at the moment */
  rest(): void {
    this.trim(0);
  }

  /** the engine under the networks is gone, and they with it */
  forgetNetworks(): void {
    this.alive = new Map();
  }

  private fits(kept: number): boolean {
    const numbers = [...this.alive.values()].reduce((sum, { network }) => sum + weightsOf(network), 0);
    return this.alive.size <= kept && (this.alive.size === 1 || numbers <= KEPT_NUMBERS);
  }

  private trim(kept = KEPT_ALIVE): void {
    for (const [id, { network, users }] of this.alive) {
      if (users > 0 || (this.fits(kept) && this.entries.has(id))) continue;
      this.alive.delete(id);
      network.dispose();
    }
  }
}

/** of a file that leaves its trunk out, what is in it */
function* checked(file: CheckpointFile): Generator<TrainingProgress, Pick<CheckpointFile, 'meta'>> {
  if (!file.meta.trunk) return yield* openingCheckpoint(file);
  adapterIn(file);
  return file;
}
