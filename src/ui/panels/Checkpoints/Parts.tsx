import { useLayoutEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { CheckpointInfo, Role } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { rolesOf } from '../../../store/models/inUse';
import { misfit, ROLE_NAMES } from '../../../store/models/roles';
import type { Slots } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { toneColor } from '../../theme/tone';
import { ROLE_TONES } from '../checkpointKinds';
import styles from './Checkpoints.module.css';

/** where a choice of the visitor's is kept; without one the part is played as usual */
const CHOICES: Record<Role, keyof Slots> = {
  policy: 'startId',
  reference: 'referenceId',
  rewardModel: 'rewardId',
  valueModel: 'valueId',
};
const ROLES = Object.keys(CHOICES) as Role[];

const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

function Part({ role, info }: { role: Role; info: CheckpointInfo }) {
  const plays = useLab((lab) => rolesOf(lab)[role] === info.checkpointId);
  const chosen = useLab((lab) => lab.shelf.slots[CHOICES[role]] === info.checkpointId);
  const reason = useLab((lab) => misfit(lab, role, info));
  const noCritic = useLab(
    ({ config }) => config.value.ppo.advantages !== 'gae' || config.value.ppo.valueModel === 'shared',
  );
  const assign = useLab((lab) => lab.shelf.assign);
  const words = ROLE_NAMES[role];
  const item = useRef<HTMLLIElement>(null);
  const acted = useRef(false);
  useLayoutEffect(() => {
    if (!acted.current || item.current?.contains(document.activeElement)) return;
    acted.current = false;
    (item.current?.querySelector('button') ?? item.current)?.focus(); // the button that was pressed is gone
  });
  const choose = (checkpointId: string | null) => {
    acted.current = true;
    void assign(role, checkpointId);
  };
  return (
    <li ref={item} tabIndex={-1} className={styles.part}>
      <span className={styles.dot} style={{ background: toneColor(ROLE_TONES[role]) }} aria-hidden="true" />
      <div>
        {plays && <b>{capital(words)} of the next run</b>}
        {plays && chosen && (
          <Button kind="link" onClick={() => choose(null)}>
            No longer the {words}
          </Button>
        )}
        {!plays && reason !== null && (
          <span className={styles.quiet}>
            {capital(words)}: {reason}.
          </span>
        )}
        {!plays && reason === null && <Button onClick={() => choose(info.checkpointId)}>Use as {words}</Button>}
        {role === 'valueModel' && plays && noCritic && (
          <p className={styles.quiet}>PPO is set to do without a separate critic now.</p>
        )}
      </div>
    </li>
  );
}

/** What a checkpoint is for when the next run starts, and why it cannot be the rest. */
export function Parts({ info }: { info: CheckpointInfo }) {
  const trains = useLab(
    useShallow(({ runs }) => [runs.ppo, runs.dpo].some(({ state }) => state?.status === 'running')),
  );
  return (
    <section aria-label="Part in the next run">
      <ul className={styles.parts}>
        {ROLES.map((role) => (
          <Part key={role} role={role} info={info} />
        ))}
      </ul>
      {trains && <p className={styles.quiet}>What trains now goes on from the models it was begun with.</p>}
    </section>
  );
}
