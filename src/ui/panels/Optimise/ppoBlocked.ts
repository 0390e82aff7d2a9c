import { clashOf } from '../../../contract/settings/clashes';
import { asksModel } from '../../../contract/settings/whichReward';
import { useLab } from '../../../store/lab';
import { useRequirements } from './Requirements';

/** Why PPO cannot train yet, in a sentence; null when it can, or does. */
export function usePpoBlocked(): string | null {
  const { base, reward } = useRequirements();
  const needsModel = useLab((lab) => asksModel(lab.config.value.ppo));
  const clash = useLab((lab) => clashOf(lab.config.value, 'ppo'));
  const running = useLab((lab) => lab.runs.ppo.state?.status === 'running' || lab.runs.ppo.state?.status === 'paused');
  if (!base) return 'Pretrain a model, or load the trained one, first.';
  if (!reward && needsModel) return 'Train a reward model first, or let a rule pay.';
  return clash && !running ? `These settings do not go together: ${clash}.` : null;
}
