/** What a question needs of the model it is put to, in words where that is another one. */
import { LabError } from '../../contract/errors';
import type { CausalNetwork } from '../../core/model/causalNetwork';

export function needWriter(network: CausalNetwork): void {
  if (!network.heads.language)
    throw new LabError(
      'run/missingInput',
      'A reward model judges texts and writes none. Choose a base model or a policy.',
    );
}

export function needJudge(network: CausalNetwork): void {
  if (!network.heads.scalar)
    throw new LabError('run/missingInput', 'This model writes texts and scores none. Train a reward model first.');
}
