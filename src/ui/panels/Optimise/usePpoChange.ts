import { LIVE_KNOBS, type LiveKnobs, type PpoConfig } from '../../../contract/config';
import { useLab } from '../../../store/lab';

const isLive = (fields: Partial<PpoConfig>): fields is LiveKnobs =>
  Object.keys(fields).every((key) => (LIVE_KNOBS as readonly string[]).includes(key));

/** @returns what changes settings of PPO: the live ones at once, all others for the next run */
export function usePpoChange(): (fields: Partial<PpoConfig>) => void {
  const change = useLab((state) => state.config.change);
  const adjust = useLab((state) => state.runs.adjust);
  return (fields) => (isLive(fields) ? void adjust(fields) : change('ppo', fields));
}
