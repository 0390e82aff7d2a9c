import { describe, expect, it } from 'vitest';
import { absences, type Engines, getEngines } from './engines';

const NONE: Engines = { firefox: undefined, vulkanDriver: undefined, webKitDriver: undefined, display: undefined };
const ALL: Engines = {
  firefox: '/usr/bin/firefox',
  vulkanDriver: '/lvp.json',
  webKitDriver: '/usr/bin/WebKitWebDriver',
  display: '/usr/bin/Xvfb',
};

/** a machine on which the packages that `has` names can be installed; keeps the commands that were run */
function machine(has: readonly string[], before: Engines = NONE, mayInstall = true) {
  const ran: string[] = [];
  const installed: Engines = { ...before };
  const brings: Record<string, keyof Engines> = { 'firefox-esr': 'firefox', xvfb: 'display' };
  const succeeds = (command: string, args: readonly string[]): boolean => {
    ran.push([command, ...args].join(' '));
    const name = args.at(-1) ?? '';
    if (args[0] === 'update') return has.length > 0;
    if (!has.includes(name)) return false;
    const one = brings[name];
    if (one) installed[one] = ALL[one];
    return true;
  };
  return { ran, surroundings: { mayInstall, find: () => ({ ...installed }), succeeds } };
}

describe('other engines for the tests', () => {
  it('are taken as they are, when all are there', () => {
    const { ran, surroundings } = machine([], ALL);
    expect(getEngines(surroundings)).toEqual(ALL);
    expect(ran).toEqual([]);
  });

  it('are installed one by one, so that one that cannot be had costs no other', () => {
    const { ran, surroundings } = machine(['firefox-esr', 'xvfb']);
    expect(getEngines(surroundings)).toEqual({ ...NONE, firefox: ALL.firefox, display: ALL.display });
    expect(ran.filter((line) => line.includes('install'))).toEqual(
      ['firefox-esr', 'mesa-vulkan-drivers', 'webkit2gtk-driver', 'xvfb'].map(
        (name) => `apt-get install -y -qq ${name}`,
      ),
    );
  });

  it('stay missing where nothing may be installed, or nothing can be fetched', () => {
    const visitor = machine(['firefox-esr'], NONE, false);
    expect(getEngines(visitor.surroundings)).toEqual(NONE);
    expect(visitor.ran).toEqual([]);
    const cutOff = machine([]);
    expect(getEngines(cutOff.surroundings)).toEqual(NONE);
    expect(cutOff.ran).toEqual(['apt-get update -qq']);
  });

  it('that are missing are named in a sentence each, with what to install', () => {
    expect(absences(ALL, {})).toEqual([]);
    expect(absences(NONE, {})).toEqual([
      expect.stringMatching(/^Firefox is not here.*firefox-esr/),
      expect.stringMatching(/^WebKit is not here.*webkit2gtk-driver/),
    ]);
    expect(absences({ ...ALL, vulkanDriver: undefined }, {})).toEqual([expect.stringContaining('mesa-vulkan-drivers')]);
    expect(absences({ ...ALL, display: undefined }, {})).toEqual([expect.stringContaining('xvfb')]);
    expect(absences({ ...ALL, display: undefined }, { DISPLAY: ':0' })).toEqual([]);
  });
});
