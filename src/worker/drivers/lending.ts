/** The models that a run is lent: copies of those on the shelf, freed with it. */
import type { ModelConfig } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { trunkIdOf } from '../../contract/lineage';
import { learningClash } from '../../contract/settings/clashes';
import { learnsWhole } from '../../contract/settings/lora';
import { asSentence } from '../../contract/settings/setting';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import type { Driver } from '../driver';
import type { RunContext } from './runContext';

/** a copy of a shelf model for the run, freed with it */
export type Lend = (checkpointId: string, name: string) => CausalNetwork;

/** @throws LabError('run/missingInput') when nothing of this model would learn */
function learnsInPart(spec: RunSpec, model: ModelConfig): boolean {
  if (spec.kind === 'pretrain' || spec.kind === 'bestOf' || learnsWhole(spec.config)) return false;
  const clash = learningClash(spec.config, model);
  if (clash !== null) throw new LabError('run/missingInput', asSentence(clash));
  return true;
}

const isOfShape = (one: ModelConfig, other: ModelConfig): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Where all weights learn every model is one of its own. */
const lendWhole =
  (context: RunContext): Lend =>
  (checkpointId, name) =>
    context.make(() => context.shelf.createNetwork(checkpointId, name));

/**
 * Models that have a trunk in common have it once in memory: the same checkpoint asked for twice, and one that was
 * trained by adapters on another of this run.
 */
class Trunks {
  private readonly trunks = new Map<string, CausalNetwork>();

  constructor(
    private readonly context: RunContext,
    /** of the models of the run that others may have learned on */
    private readonly shared: readonly (string | undefined)[],
  ) {}

  readonly lend: Lend = (checkpointId, name) => {
    const { shelf } = this.context;
    const { meta } = shelf.get(checkpointId);
    const trunkId = trunkIdOf(meta);
    if (trunkId === null || !this.shared.includes(trunkId) || !isOfShape(shelf.get(trunkId).meta.model, meta.model))
      return this.trunk(checkpointId).clone(name);
    return this.context.make(() => shelf.open(checkpointId).createOn!(this.trunk(trunkId), name));
  };

  /** what was lent lives on: its tensors are counted */
  dispose(): void {
    for (const trunk of this.trunks.values()) trunk.dispose();
  }

  private trunk(checkpointId: string): CausalNetwork {
    const known = this.trunks.get(checkpointId);
    if (known) return known;
    const made = this.context.make(() => this.context.shelf.createNetwork(checkpointId, 'trunk'));
    this.trunks.set(checkpointId, made);
    return made;
  }
}

/**
 * What was lent is freed when no driver can be made of it; a driver frees it itself.
 * @throws LabError('run/missingInput') when nothing would learn, or whatever `make` throws
 */
export async function lending(
  context: RunContext,
  spec: RunSpec,
  model: ModelConfig,
  make: (lend: Lend) => Driver | Promise<Driver>,
): Promise<Driver> {
  const trunks = learnsInPart(spec, model) ? trunksOf(context, spec) : null;
  const open = trunks?.lend ?? lendWhole(context);
  const lent: CausalNetwork[] = [];
  try {
    return await make((checkpointId, name) => {
      const network = open(checkpointId, name);
      lent.push(network);
      return network;
    });
  } catch (error) {
    for (const network of lent) network.dispose();
    throw error;
  } finally {
    trunks?.dispose();
  }
}

const trunksOf = (context: RunContext, spec: RunSpec): Trunks =>
  new Trunks(context, ['baseId' in spec ? spec.baseId : undefined, 'startId' in spec ? spec.startId : undefined]);
