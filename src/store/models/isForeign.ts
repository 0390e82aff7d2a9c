import type { CheckpointInfo } from '../../contract/domain';

/** whether it came from another program, or was trained from one that did: its tokens tell */
export const isForeign = ({ tokenizerKey }: CheckpointInfo): boolean => tokenizerKey.startsWith('foreign-');
