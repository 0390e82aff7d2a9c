/** What a step of the fused executor costs beside arithmetic, counted on a card that computes nothing. No time is asserted. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ModelConfig, presetConfig } from '../../../src/contract/config';
import { type Account, accountOf, type Reading } from '../../../src/core/kernels/gpu/account';
import type { TokenBatch } from '../../../src/core/model/causalNetwork';
import { preferExecutor } from '../../../src/core/model/executor';
import { Random } from '../../../src/core/tensor/random';
import { startBackend, tf } from '../../../src/core/tf';
import { nullGpu } from '../../bench/nullGpu';
import { fusedNetwork, M, randomTokens, rollout, S, trainStep } from '../../bench/work';
