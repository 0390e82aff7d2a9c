/**
 * `npm run -s lab -- COMMAND …`: what the page does, without the page. Answers go to standard output, a line of JSON
 * each; what is told beside them goes to standard error. Ends with 0, or with 1 where something was refused: then a
 * line says `{"refused": "words"}`. Ends with 2 where nothing was asked for that there is.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { LabError } from '../contract/errors';

const USAGE = `npm run -s lab -- COMMAND …
  logits FOLDER [--greedy N]   a JSON array of token numbers a line in, logits of every position a line out
`;

type Answer = (line: string) => Promise<unknown>;
interface Asked {
  paths: readonly string[];
  greedy: string | undefined;
}
/** @returns null where the arguments are none of this command's */
type Door = (asked: Asked) => Promise<Answer> | null;

const tell = (words: string): void => {
  process.stderr.write(`${words}\n`);
};
const answer = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** modules of a command come with it: TensorFlow.js takes seconds */
const DOORS: Readonly<Record<string, Door>> = {
  logits: ({ paths: [folder, ...more], greedy }) => {
    if (folder === undefined || more.length > 0 || (greedy !== undefined && !/^\d{1,6}$/.test(greedy))) return null;
    return import('./logits').then(({ logitsDoor }) =>
      logitsDoor(folder, greedy === undefined ? null : Number(greedy), tell),
    );
  },
};

/** @returns whether nothing was refused; @throws whatever is no refusal */
async function answering(work: () => Promise<unknown>): Promise<boolean> {
  try {
    answer(await work());
    return true;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    answer({ refused: error.message });
    return false;
  }
}

/** @returns the code to end with */
async function answerLines(opened: Promise<Answer>): Promise<number> {
  let door: Answer;
  try {
    door = await opened;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    answer({ refused: error.message });
    return 1;
  }
  let refused = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== '' && !(await answering(() => door(line)))) refused++;
  return refused > 0 ? 1 : 0;
}

function askedIn(args: readonly string[]): { command: string; asked: Asked } | null {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { greedy: { type: 'string' } },
    });
    const [command = '', ...paths] = positionals;
    return { command, asked: { paths, greedy: values.greedy } };
  } catch {
    return null; // an option that there is not
  }
}

async function main(args: readonly string[]): Promise<number> {
  const found = askedIn(args);
  const opened = found && Object.hasOwn(DOORS, found.command) ? DOORS[found.command]!(found.asked) : null;
  if (opened) return answerLines(opened);
  process.stderr.write(USAGE);
  return 2;
}

process.stdout.on('error', () => process.exit(1)); // nobody reads on
process.exitCode = await main(process.argv.slice(2));
