/** The project as one zip, made from the files of models as the thread hands them out. */
import { decodeCheckpoint } from '../checkpoint';
import { zipPieces } from '../zipFolder';
import { clusterProject, type Standing } from './project';

export const ARCHIVE = 'taken-further.zip';
const FOLDER = 'taken-further/';

type Models = 'base' | 'policy' | 'reward';
export interface StandingFiles extends Omit<Standing, Models> {
  models: { base: Uint8Array; policy: Uint8Array; reward: Uint8Array | null };
}

/**
 * @param at when it is written, milliseconds since 1970
 * @returns the bytes of the zip, in order
 * @throws LabError in words, where a model cannot be taken along
 */
export async function projectArchive({ models, ...rest }: StandingFiles, at: number): Promise<Uint8Array[]> {
  const { base, policy, reward } = models;
  const files = clusterProject({
    ...rest,
    base: decodeCheckpoint(base),
    policy: decodeCheckpoint(policy),
    reward: reward && decodeCheckpoint(reward),
  });
  return zipPieces(files, at, FOLDER);
}
