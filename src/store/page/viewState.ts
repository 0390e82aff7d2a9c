import type { Source } from '../../contract/explanations/explanation';
import type { ControlId } from './controls';
import type { Page } from './stages';

export type Theme = 'system' | 'light' | 'dark';
export interface ViewSlice {
  stage: Page;
  /** what of the source is read, over the stage; a link opens it */
  source: Source | null;
  theme: Theme;
  /** large type for a projector */
  presenter: boolean;
  /** which screen of the presenter covers the page; null where none does */
  screen: number | null;
  /** which one did last: the presenter comes back to it */
  lastScreen: number;
  /** 0 raw … 0.99 */
  smoothing: number;
  logAxis: boolean;
  xAxis: 'step' | 'time';
  /** step under the crosshair, shared by all charts of a stage */
  crosshair: number | null;
  /** stories with capitals and tidy full stops, or exact tokens */
  exactTokens: boolean;
  /** the control that a diagnosis leads to, until it has the focus */
  wanted: ControlId | null;
  go(stage: Page): void;
  /** back to the stage */
  closeSource(): void;
  /** goes to the stage of a control and asks for the focus on it */
  reach(control: ControlId): void;
  /** the control has the focus */
  reached(): void;
  setTheme(theme: Theme): void;
  setPresenter(presenter: boolean): void;
  present(screen: number | null): void;
  setSmoothing(smoothing: number): void;
  setLogAxis(logAxis: boolean): void;
  setXAxis(xAxis: 'step' | 'time'): void;
  setCrosshair(step: number | null): void;
  setExactTokens(exactTokens: boolean): void;
}
