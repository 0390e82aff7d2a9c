import type { PresetName } from '../../contract/config';
import type { CheckpointInfo, ForeignLook, Role } from '../../contract/domain';
import type { ErrorReport } from '../../contract/errors';
import type { GivenFile } from '../../contract/protocol';

/** Which checkpoint plays which role. */
export interface Slots {
  baseId: string | null;
  /** made from the base by demonstrations; when there is one, preferences, reward model and policies begin from it */
  fineTunedId: string | null;
  rewardId: string | null;
  /** what PPO or DPO made last */
  policyId: string | null;
  /** where the next PPO or DPO run begins, and what Best of N samples; null: the model that writes */
  startId: string | null;
  /** what the distance is measured from; null: the model that writes */
  referenceId: string | null;
  /** where the critic of PPO begins; null: the reward model */
  valueId: string | null;
}

/** A checkpoint that was deleted, while it can still be put back. */
export interface RemovedCheckpoint {
  info: CheckpointInfo;
  /** the parts it played */
  slots: (keyof Slots)[];
  /** the corpus came back from it */
  gaveCorpus: boolean;
}

export interface ShelfSlice {
  checkpoints: CheckpointInfo[];
  slots: Slots;
  /** checkpoint → what it was made from, for `stageStatus` */
  provenance: Record<string, string>;
  /** deleted on the page, the last one last; in thread and storage they go when it is too late for an undo */
  removed: RemovedCheckpoint[];
  /** the drawer with the family tree */
  open: boolean;
  /** whom the drawer describes; null: the one that came last */
  selectedId: string | null;
  busy: 'loading' | 'importing' | null;
  /** a model that takes much memory, before it is opened; null where nobody waits for a word */
  offer: ForeignLook | null;
  /**
   * why the model that ships with the page could not be loaded; a file that cannot be read is told by its notice alone
   */
  error: ErrorReport | null;
  /** opens the drawer */
  show(checkpointId?: string): void;
  hide(): void;
  select(checkpointId: string): void;
  /** loads the model that ships with the page as base model, its corpus with it, and opens Compare */
  startTrained(preset: PresetName): Promise<void>;
  /** loads it onto the shelf, where it plays no part */
  bring(preset: PresetName): Promise<boolean>;
  /** loads it onto the shelf as base model and stays where the visitor is */
  loadShipped(preset: PresetName): Promise<boolean>;
  setSlot(slot: keyof Slots, checkpointId: string | null): Promise<void>;
  /**
   * gives a checkpoint a part in the next run, null for whoever has it without being asked; what does not fit is
   * refused in words
   */
  assign(role: Role, checkpointId: string | null): Promise<void>;
  /** saves the checkpoint as a .safetensors file that knows its name and its family */
  exportFile(checkpointId: string): Promise<void>;
  /** the same model as a folder that transformers opens, packed; what GPT-2 cannot express is refused in words */
  saveForTransformers(checkpointId: string): Promise<void>;
  /**
   * A model that another program saved, from all of its files; one that takes much memory is asked about first, in
   * `offer`.
   */
  importModel(files: readonly GivenFile[], trunkOf?: string): Promise<void>;
  /** what the visitor says to the offer */
  answerOffer(opens: boolean): Promise<void>;
  /** saves what it learned by adapters as an archive that peft opens, for whoever has the trunk */
  exportAdapter(checkpointId: string): Promise<void>;
  /** saves a Python project of models, data and settings, to go on with on other machines */
  takeFurther(): Promise<void>;
  /**
   * A part that nobody plays yet is taken by what comes.
   * @param trunkOf a checkpoint that waits for its trunk: no other model is taken
   */
  importFile(bytes: Uint8Array, name: string, trunkOf?: string): Promise<void>;
  /** refused while a run that is not over goes back to it; can be undone for a while */
  remove(checkpointId: string): Promise<void>;
  /** puts the one deleted last, or this one, back where it was */
  putBack(checkpointId?: string): void;
  rename(checkpointId: string, name: string): Promise<void>;
  /** the same model once more, under its own name beside the first */
  duplicate(checkpointId: string): Promise<void>;
  /** the same as a plain model, beside the first: what it learned by adapters is a part of it */
  merge(checkpointId: string): Promise<void>;
}
