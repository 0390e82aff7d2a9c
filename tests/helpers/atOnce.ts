/** Work that the page and the thread do in steps, done in one go: what a test asks of it is the result. */
import { finish } from '../../src/contract/steps';
import { lookingForMisfit } from '../../src/core/text/fitness';
import { fittingTaste, type TasteFit, type TasteInput } from '../../src/core/text/taste';
import { readDemonstrations, readOpinions } from '../../src/formats/opinions';

export const parseOpinions = (...asked: Parameters<typeof readOpinions>) => finish(readOpinions(...asked));
export const parseDemonstrations = (...asked: Parameters<typeof readDemonstrations>) =>
  finish(readDemonstrations(...asked));
export const firstThatDoesNotFit = (...asked: Parameters<typeof lookingForMisfit>) =>
  finish(lookingForMisfit(...asked));
export const fitTaste = (input: TasteInput): TasteFit => finish(fittingTaste(input));
