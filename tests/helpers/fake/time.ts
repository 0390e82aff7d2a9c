/** Where the scripted thread says that its time went. */
import type { TimeReading, TimeSpan } from '../../../src/contract/observations';

export const spans: TimeSpan[] = [
  { kind: 'kernel', name: 'matMul', startMs: 1010, endMs: 1050 },
  { kind: 'plan', name: 'policy: forward', startMs: 1005, endMs: 1060 },
  { kind: 'phase', name: 'pretraining step', startMs: 1000, endMs: 1100 },
];

export const time: TimeReading = {
  windowMs: 10_000,
  phases: [
    { name: 'optimisation', ms: 6000, calls: 12 },
    { name: 'rollout', ms: 1000, calls: 12 },
    { name: 'observation', ms: 1000, calls: 24 },
  ],
  kernels: [
    { name: 'matMul', ms: 4000, calls: 4800 },
    { name: 'layerNormBackward', ms: 1000, calls: 960 },
    { name: 'clipScale', ms: 2, calls: 12 },
  ],
};
