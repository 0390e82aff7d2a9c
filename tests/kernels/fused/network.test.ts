/** The fused executor against the recorded GPT-2, the identities of any network, and the portable executor. */
import { describe } from 'vitest';
import { itIsTheRecordedArithmetic } from '../../core/analysis/goldenArithmetic';
import { GPT_2, itLearnsInPart, itLearnsInPartAsThePortable } from '../../core/model/adapters/identities';
import { itIsTheRecordedGpt } from '../../core/model/goldenGpt';
import { itBehavesAsANetwork } from '../../core/model/identities';
import { withBackend } from '../../helpers/backend';
import { itAgreesWithThePortable } from './twins';

for (const [name, stockKernels] of [
  ['as real cards run it', true],
  ['as emulated cards run it', false],
] as const) {
  describe(`the fused executor, ${name}`, () => {
    withBackend('webgpu', { stockKernels, executor: 'fused' });
    describe('is the recorded GPT', itIsTheRecordedGpt);
    describe('computes what is shown in numbers', itIsTheRecordedArithmetic);
    describe('behaves as a network', itBehavesAsANetwork);
    describe('agrees with the portable executor', itAgreesWithThePortable);
    // the other style has the same recording, and its products are tested by themselves
    if (!stockKernels)
      describe('learns in part', () => {
        itLearnsInPart(GPT_2);
        itLearnsInPartAsThePortable();
      });
  });
}
