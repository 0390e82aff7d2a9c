/**
 * `npm run -s lab -- COMMAND …`: what the page does, without the page. Answers go to standard output, a line of JSON
 * each; what is told beside them goes to standard error. Ends with 0, or with 1 where something was refused: then a
 * line says `{"refused": "words"}`. Ends with 2 where nothing was asked for that there is.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { refusedWords } from './systemWords';

const USAGE = `npm run -s lab -- COMMAND …
  logits FOLDER [--adapter FOLDER] [--greedy N]
                    a JSON array of token numbers a line in, logits of every position a line out
  tokenize FOLDER   a JSON string a line in, a JSON array of the numbers of its tokens a line out
  export CHECKPOINT FOLDER [--golden FILE]
                    a model of the lab as a folder that transformers opens; what the lab makes of it, to compare
  adapter CHECKPOINT FOLDER [--base WHERE]
                    what it learned by adapters as peft opens it, on the trunk that \`export\` wrote there
  train SETTINGS    a run of the page: a file of JSON says what, from which models, on which rows, into which file
  record NAME FILE [--date 2026-11-30]
                    runs of the page as a recording: pretrain, ppo or dpo
  data FILE         what the rows of a file say: preferences, rankings, demonstrations or prompts
  data FILE --out FILE [--form apart|joined|messages]
                    the same rows as TRL reads them, in JSON Lines or Parquet
`;

interface Asked {
  paths: readonly string[];
  options: {
    adapter?: string;
    greedy?: string;
    golden?: string;
    base?: string;
    date?: string;
    out?: string;
    form?: string;
  };
}
/** @returns the code to end with */
type Work = () => Promise<number>;
/** @returns null where the arguments are none of this command's */
type Command = (asked: Asked) => Work | null;

const tell = (words: string): void => {
  process.stderr.write(`${words}\n`);
};
const answer = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** @returns what came of it; null where it was refused, which is answered; @throws whatever is no refusal */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const words = refusedWords(error);
    if (words === null) throw error;
    answer({ refused: words });
    return null;
  }
}

/** @returns the code to end with */
async function answerOnce(work: () => Promise<object>): Promise<number> {
  const said = await unlessRefused(work);
  if (said === null) return 1;
  answer(said);
  return 0;
}

/** @param open makes what answers a line of standard input */
async function answerLines(open: () => Promise<(line: string) => Promise<object>>): Promise<number> {
  const door = await unlessRefused(open);
  if (door === null) return 1;
  let refused = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const said = await unlessRefused(() => door(line));
    if (said === null) refused++;
    else answer(said);
  }
  return refused > 0 ? 1 : 0;
}

/** @returns the one path of a command that takes no options */
const onlyPath = ({ paths: [path, ...more], options }: Asked): string | null =>
  path === undefined || more.length > 0 || Object.keys(options).length > 0 ? null : path;

/** what a command needs comes with it: TensorFlow.js takes seconds */
const COMMANDS: Readonly<Record<string, Command>> = {
  logits: ({ paths: [folder, ...more], options: { adapter = null, greedy } }) => {
    if (folder === undefined || more.length > 0 || (greedy !== undefined && !/^\d{1,6}$/.test(greedy))) return null;
    const doorway = { folder, adapter, greedy: greedy === undefined ? null : Number(greedy), tell };
    return () => answerLines(async () => (await import('./logits')).logitsDoor(doorway));
  },
  tokenize: (asked) => {
    const folder = onlyPath(asked);
    return folder === null ? null : () => answerLines(async () => (await import('./tokenize')).tokenizeDoor(folder));
  },
  data: (asked) => {
    const { out, form = 'apart', ...others } = asked.options;
    const file = onlyPath({ ...asked, options: out === undefined ? asked.options : others });
    if (file !== null && out !== undefined)
      return () => answerOnce(async () => (await import('./data')).writeRows(file, out, form));
    // rows that mean nothing are named in what is answered
    return file === null ? null : () => answerOnce(async () => (await import('./data')).dataIn(file));
  },
  adapter: ({ paths: [checkpoint, folder, ...more], options: { base = '', ...others } }) => {
    if (checkpoint === undefined || folder === undefined || more.length + Object.keys(others).length > 0) return null;
    return () => answerOnce(async () => (await import('./adapter')).exportAdapter(checkpoint, folder, base));
  },
  train: (asked) => {
    const settings = onlyPath(asked);
    return settings === null ? null : () => answerOnce(async () => (await import('./train')).train(settings, tell));
  },
  record: ({ paths: [name, file, ...more], options: { date = '1970-01-01', ...others } }) => {
    if (name === undefined || file === undefined || more.length + Object.keys(others).length > 0) return null;
    return () => answerOnce(async () => (await import('./record')).recordTo(name, file, date, tell));
  },
  export: ({ paths: [checkpoint, folder, ...more], options: { golden = null, ...others } }) => {
    if (checkpoint === undefined || folder === undefined || more.length + Object.keys(others).length > 0) return null;
    return () => answerOnce(async () => (await import('./export')).exportTo(checkpoint, folder, golden));
  },
};

function workOf(args: readonly string[]): Work | null {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ adapter: { type: 'string' }, base: { type: 'string' }, date: { type: 'string' } },
        ...{ greedy: { type: 'string' }, golden: { type: 'string' } },
        ...{ out: { type: 'string' }, form: { type: 'string' } },
      },
    });
    const [command = '', ...paths] = positionals;
    return Object.hasOwn(COMMANDS, command) ? COMMANDS[command]!({ paths, options: values }) : null;
  } catch {
    return null; // an option that there is not
  }
}

async function main(args: readonly string[]): Promise<number> {
  const work = workOf(args);
  if (work) return work();
  process.stderr.write(USAGE);
  return 2;
}

process.stdout.on('error', () => process.exit(1)); // nobody reads on
process.exitCode = await main(process.argv.slice(2));
