/** What reads and writes files of opinions. It comes after the first screen, with the rest of the page. */
import { onDemand } from './onDemand';

export const fileReaders = onDemand('reads files', async () => {
  const [{ hasOwnRows, readDemonstrations, readOpinions }, { HERE }, { decodeLines }] = await Promise.all([
    import('../../formats/opinions'),
    import('../../formats/seen'),
    import('../../formats/text'),
  ]);
  return { HERE, hasOwnRows, readDemonstrations, readOpinions, decodeLines };
});

export const lineWriters = onDemand('writes files', async () => {
  const [{ votesToJsonl }, { rankingsToJsonl }, { demonstrationsToJsonl }] = await Promise.all([
    import('../../formats/votes'),
    import('../../formats/rankings'),
    import('../../formats/demonstrations'),
  ]);
  return { votes: votesToJsonl, rankings: rankingsToJsonl, demonstrations: demonstrationsToJsonl };
});
