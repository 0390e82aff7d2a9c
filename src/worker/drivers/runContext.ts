/** What a run finds around it in the thread. */
import type { Pooling } from '../../contract/config';
import type { CheckpointKind, RunSpec } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { lineageOf } from '../../contract/lineage';
import type { MetricValues } from '../../contract/metrics';
import { type RulePair, roundOf } from '../../contract/preferences';
import type { Course } from '../../contract/protocol';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { saveCheckpoint } from '../../core/model/checkpoint';
import { keepingTo, type Preferences } from '../../core/model/executor';
import type { Breathe } from '../../core/train/slices';
import type { SavedRun } from '../../core/train/snapshot';
import { encodeCheckpoint } from '../../formats/checkpoint';
import type { CorpusMemory } from '../corpora';
import type { RunMemory, SavedModel } from '../driver';
import type { Emit } from '../serve';
import type { Shelf } from '../shelf';
import { encodeChanges } from '../storedRun';

export interface Kept {
  kind: CheckpointKind;
  name: string;
  network: CausalNetwork;
  pooling: Pooling | null;
  parents: string[];
  step: number;
  metrics: MetricValues;
  /** what the run was made from, with the settings that hold now */
  spec: RunSpec;
}

/** how long something took is no part of what was made: the same run gives the same file */
const withoutSpeed = (metrics: MetricValues): MetricValues =>
  Object.fromEntries(Object.entries(metrics).filter(([id]) => !id.startsWith('perf/')));

/** what the name of a model says about its round: nothing in the first */
export const ofRound = (made: { round?: number | undefined }): string =>
  roundOf(made) > 1 ? ` of round ${roundOf(made)}` : '';
/** Of what the thread has around it, what a run needs. */
interface Around {
  emit: Emit;
  /** milliseconds, steady */
  now(): number;
  /** lets waiting calls be answered; while a run is built, throws once the page has cancelled it */
  breathe: Course['breathe'];
  /** tells how far the building of a run is */
  tell: Course['tell'];
  /** the date: milliseconds since 1970 */
  today(): number;
}

export class RunContext {
  readonly emit: Emit;
  /** milliseconds of work: it stands still between slices */
  readonly now: () => number;
  readonly breathe: Around['breathe'];
  readonly tell: Around['tell'];
  /** what is waited for between slices of writing */
  hold: Breathe = async () => {};
  private heldMs = 0;
  private readonly today: () => number;

  constructor(
    readonly runId: string,
    { emit, now, breathe, tell, today }: Around,
    readonly shelf: Shelf,
    private readonly corpus: CorpusMemory,
    /** the arithmetic and the kernels with which the run began */
    private readonly kept: Partial<Preferences> = {},
  ) {
    this.emit = emit;
    this.now = () => now() - this.heldMs;
    this.breathe = breathe;
    this.tell = tell;
    this.today = today;
  }

  /** for loops, between slices of writing in the middle of a step */
  readonly betweenSlices: Breathe = async () => {
    const began = this.now();
    await this.hold();
    this.heldMs += this.now() - began;
  };

  /** networks of the run are made here */
  make<T>(networks: () => T): T {
    return keepingTo(this.kept, networks);
  }

  /** @throws LabError('storage/corrupt') when the saved tensors do not fit */
  restore<T>(build: () => T): T {
    try {
      return build();
    } catch (error) {
      throw new LabError('storage/corrupt', `The stored run does not fit its model: ${(error as Error).message}`);
    }
  }

  save(spec: RunSpec, labels: readonly RulePair[], saved: SavedRun<unknown>, memory: RunMemory): Uint8Array {
    return encodeChanges({ spec, labels, corpus: this.corpus, memory, saved });
  }

  /** makes a checkpoint of the network as it stands and puts it on the shelf */
  async keep({ network, metrics, spec, ...label }: Kept): Promise<SavedModel> {
    const { origin, tokenizer } = this.corpus;
    const family = { lineage: lineageOf(spec), ancestors: this.shelf.ancestorsOf(label.parents) };
    const made = { ...label, ...family, metrics: withoutSpeed(metrics), corpus: origin, tokenizer };
    const saved = await saveCheckpoint(network, made, this.shelf.trunkOf(network, family.lineage));
    const bytes = encodeCheckpoint(saved);
    const info = this.shelf.add(bytes, { name: this.shelf.freeName(label.name), madeAt: this.today() });
    return { info, bytes: bytes.slice() };
  }
}
