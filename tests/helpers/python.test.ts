import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { preparePython, pythonEnvironment } from './python';

const scratch = mkdtempSync(join(tmpdir(), 'python-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** a machine on which whatever does not hold one of these words succeeds; keeps the commands that were run */
function machine(fails: readonly string[], gigabytes = 10) {
  const ran: string[] = [];
  const folder = mkdtempSync(join(scratch, 'kept-'));
  const requirements = join(scratch, 'requirements.txt');
  writeFileSync(requirements, 'transformers==5.24.0\n');
  const succeeds = (command: string, args: readonly string[]): boolean => {
    const line = [command, ...args].join(' ');
    ran.push(line);
    return !fails.some((word) => line.includes(word));
  };
  return { ran, folder, surroundings: { folder, requirements, succeeds, freeBytes: () => gigabytes * 1e9 } };
}
const installs = (ran: readonly string[]) => ran.filter((line) => line.includes('install'));

describe('Python for the tests', () => {
  it('gets torch first, then what the list names, in an environment of its own, once', () => {
    const { ran, folder, surroundings } = machine([]);
    const python = preparePython(surroundings);
    expect(python).toEqual({ program: join(folder, 'venv/bin/python'), path: null });
    expect(installs(ran).map((line) => line.includes('torch==2.13.0'))).toEqual([true, false]);
    expect(installs(ran)[1]).toContain('requirements.txt');
    const before = installs(ran).length;
    expect(preparePython(surroundings)).toEqual(python);
    expect(installs(ran)).toHaveLength(before);
  });

  it('is made anew when the list says something else', () => {
    const { ran, surroundings } = machine([]);
    preparePython(surroundings);
    const before = installs(ran).length;
    writeFileSync(surroundings.requirements, 'transformers==5.25.0\n');
    preparePython(surroundings);
    expect(installs(ran)).toHaveLength(2 * before);
  });

  it('has the libraries in a folder where environments cannot be made', () => {
    const { folder, surroundings } = machine(['-m venv']);
    const python = preparePython(surroundings);
    expect(python).toEqual({ program: 'python3', path: join(folder, 'site') });
    if (typeof python === 'string') throw new Error(python);
    expect(pythonEnvironment(python).PYTHONPATH).toMatch(/\/site/);
    expect(pythonEnvironment(python).HF_HUB_OFFLINE).toBe('1');
  });

  it.each([
    ['there is no python3', ['python3 --version'], /There is no python3/],
    ['pip installs nothing', ['pip'], /could not be installed/],
  ])('is missing, in words, where %s', (_, fails, words) => {
    expect(preparePython(machine(fails).surroundings)).toMatch(words);
  });

  it('needs 4 GB of free disk, and says how much there is', () => {
    const { ran, surroundings } = machine([], 2.5);
    expect(preparePython(surroundings)).toMatch(/2\.5 GB .* need 4 GB/);
    expect(installs(ran)).toEqual([]);
  });
});
