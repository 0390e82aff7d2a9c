/**
 * `npm run -s check -- FILE…`: what the lab would make of files, without the page. One line of JSON for each file or
 * folder, in the order given. Ends with 0 where all was kept, with 1 where something was refused, with 2 where no file
 * was named.
 */
import { judge } from './judge';

const USAGE =
  'npm run -s check -- FILE…\nSays of each file or folder of a model, in a line of JSON, what the lab would keep of it.\n';

async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  let refused = 0;
  for (const path of paths) {
    const verdict = await judge(path);
    refused += verdict.refused.length;
    process.stdout.write(`${JSON.stringify({ file: path, ...verdict })}\n`);
  }
  return refused > 0 ? 1 : 0;
}

process.stdout.on('error', () => process.exit(1)); // nobody reads on
process.exitCode = await main(process.argv.slice(2));
