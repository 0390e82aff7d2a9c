/**
 * The fused executor on WebAssembly against the recorded GPT-2, the identities of any network, and the portable
 * executor.
 */
import { beforeAll, describe } from 'vitest';
import { startKernels } from '../../../../src/core/kernels/wasm/player';
import { withBackend } from '../../../helpers/backend';
import { kernelFiles } from '../../../helpers/kernels';
import { itAgreesWithThePortable } from '../../../kernels/fused/twins';
import { itIsTheRecordedArithmetic } from '../../analysis/goldenArithmetic';
import { GPT_2, itLearnsInPart, itLearnsInPartAsThePortable } from '../../model/adapters/identities';
import { itIsTheRecordedGpt } from '../../model/goldenGpt';
import { itBehavesAsANetwork } from '../../model/identities';

describe('the fused executor on WebAssembly, one thread', () => {
  withBackend('wasm', { executor: 'fused' });
  beforeAll(async () => {
    await startKernels(await kernelFiles(), null);
  });
  describe('is the recorded GPT', itIsTheRecordedGpt);
  describe('computes what is shown in numbers', itIsTheRecordedArithmetic);
  describe('behaves as a network', itBehavesAsANetwork);
  describe('agrees with the portable executor', itAgreesWithThePortable);
  describe('learns in part', () => {
    itLearnsInPart(GPT_2);
    itLearnsInPartAsThePortable();
  });
});
