/** What reads and writes files of opinions. It comes after the first screen, with the rest of the page. */

/** @throws Error when it did not come */
async function come<T>(parts: Promise<T>, does: string): Promise<T> {
  return parts.catch((cause) => {
    const words = `The part of the page that ${does} files did not come. Try again when the network is back`;
    throw new Error(words, { cause });
  });
}

/** @throws Error when they did not come */
export async function fileReaders() {
  const parts = Promise.all([
    import('../../formats/opinions'),
    import('../../formats/seen'),
    import('../../formats/text'),
  ]);
  const [{ hasOwnRows, readDemonstrations, readOpinions }, { HERE }, { decodeLines }] = await come(parts, 'reads');
  return { HERE, hasOwnRows, readDemonstrations, readOpinions, decodeLines };
}

/** @throws Error when they did not come */
export async function lineWriters() {
  const parts = Promise.all([
    import('../../formats/votes'),
    import('../../formats/rankings'),
    import('../../formats/demonstrations'),
  ]);
  const [{ votesToJsonl }, { rankingsToJsonl }, { demonstrationsToJsonl }] = await come(parts, 'writes');
  return { votes: votesToJsonl, rankings: rankingsToJsonl, demonstrations: demonstrationsToJsonl };
}
