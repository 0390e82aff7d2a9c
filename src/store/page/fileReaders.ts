/** What reads files of opinions. It comes after the first screen, with the rest of the page. @throws when it did not come */
export const fileReaders = async () => {
  const [{ HERE, readDemonstrations, readOpinions }, { decodeLines }] = await Promise.all([
    import('../../formats/opinions'),
    import('../../formats/text'),
  ]).catch((cause) => {
    const words = 'The part of the page that reads files did not come. Try again when the network is back';
    throw new Error(words, { cause });
  });
  return { HERE, readDemonstrations, readOpinions, decodeLines };
};
