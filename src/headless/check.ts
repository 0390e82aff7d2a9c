/**
 * `npm run -s check -- FILE…`: what the lab would make of files, without the page. One line of JSON for each file or
 * folder, in the order given. Ends with 0 where all was kept, with 1 where something was refused, with 2 where no file
 * was named.
 */
import { once } from 'node:events';
import { judge } from './judge';

const USAGE =
  'npm run -s check -- FILE…\nSays of each file or folder of a model, in a line of JSON, what the lab would keep of it.\n';

/** waits while whoever reads is slower: a line may have megabytes, and there may be thousands */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
}

/** @param args of which a first `--` says that names follow, whatever they begin with */
async function main(args: readonly string[]): Promise<number> {
  const paths = args[0] === '--' ? args.slice(1) : args;
  if (paths.length === 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  let refused = 0;
  for (const path of paths) {
    const verdict = await judge(path);
    refused += verdict.refused.length;
    await print(`${JSON.stringify({ file: path, ...verdict })}\n`);
  }
  return refused > 0 ? 1 : 0;
}

process.stdout.on('error', () => process.exit(1)); // nobody reads on
process.exitCode = await main(process.argv.slice(2));
