import type { SamplingConfig } from '../../contract/config';
import type { RunKind } from '../../contract/domain';
import type { ErrorReport } from '../../contract/errors';
import type { Arithmetic } from '../../contract/inside';
import type { AttentionMaps, NextToken } from '../../contract/observations';
import type { InspectPlace, InspectTab } from './inspectPlace';

export interface InspectSlice extends InspectPlace {
  open: boolean;
  /** over the whole page, at an address of its own */
  wide: boolean;
  /** a model that learns is not followed */
  frozen: boolean;
  /** null: the newest model that writes text */
  checkpointId: string | null;
  text: string;
  maps: AttentionMaps | null;
  arithmetic: Arithmetic | null;
  next: NextToken[];
  sampling: SamplingConfig;
  completion: string;
  busy: boolean;
  error: ErrorReport | null;
  /** @param kind of the run that it is opened beside: it shows the model of that */
  show(text?: string, kind?: RunKind): void;
  hide(): void;
  setCheckpoint(checkpointId: string): void;
  setText(text: string): void;
  setHead(layer: number, head: number): void;
  setTab(tab: InspectTab): void;
  setWide(wide: boolean): void;
  setToken(token: number): void;
  setStep(step: number): void;
  setFrozen(frozen: boolean): void;
  /** goes where an address leads; closes or narrows where it leads elsewhere */
  visit(place: InspectPlace | null): void;
  /** a model that learns has learned: looks again, at most five times a second */
  follow(): void;
  setSampling(sampling: Partial<SamplingConfig>): void;
  /** lets the model finish the text */
  complete(): Promise<void>;
  refresh(): Promise<void>;
}
