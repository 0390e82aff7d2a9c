/**
 * Finds Firefox and WebKit for the tests, or gets Debian's where this machine allows it. Unlike Chromium they may stay
 * missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** programs of other engines, by what a test needs; undefined where there is none */
export interface Engines {
  firefox: string | undefined;
  /** description of Mesa's software Vulkan driver, on which Firefox has WebGPU without a graphics card */
  vulkanDriver: string | undefined;
  webKitDriver: string | undefined;
  /** draws a display that nobody sees */
  display: string | undefined;
}

/** the Debian package that brings each */
const PACKAGES: Record<keyof Engines, string> = {
  firefox: 'firefox-esr',
  vulkanDriver: 'mesa-vulkan-drivers',
  webKitDriver: 'webkit2gtk-driver',
  display: 'xvfb',
};

type Environment = Readonly<Record<string, string | undefined>>;

function onPath(names: readonly string[], env: Environment): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/** Mesa calls it lvp_icd.x86_64.json, with the machine's name in the middle. */
function softwareVulkan(folder = '/usr/share/vulkan/icd.d'): string | undefined {
  const name = existsSync(folder) && readdirSync(folder).find((file) => /^lvp_icd.*\.json$/.test(file));
  return name ? join(folder, name) : undefined;
}

export const findEngines = (env: Environment = process.env): Engines => ({
  firefox: env.FIREFOX_PATH ?? onPath(['firefox-esr', 'firefox'], env),
  vulkanDriver: softwareVulkan(),
  webKitDriver: onPath(['WebKitWebDriver'], env),
  display: onPath(['Xvfb'], env),
});

/** What getting engines takes from its surroundings; a test gives its own. */
export interface Surroundings {
  mayInstall: boolean;
  find(): Engines;
  succeeds(command: string, args: readonly string[]): boolean;
}

const here = (): Surroundings => ({
  mayInstall: process.platform === 'linux' && process.getuid?.() === 0,
  find: findEngines,
  succeeds: (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0,
});

/** Package by package, because a machine may have one and not another; what cannot be had stays undefined. */
export function getEngines({ mayInstall, find, succeeds }: Surroundings = here()): Engines {
  const found = find();
  const missing = (Object.keys(PACKAGES) as (keyof Engines)[]).filter((one) => !found[one]);
  if (missing.length === 0 || !mayInstall || !succeeds('apt-get', ['update', '-qq'])) return found;
  for (const one of missing) succeeds('apt-get', ['install', '-y', '-qq', PACKAGES[one]]);
  return find();
}

/** @returns one sentence for each engine that cannot be driven, and why */
export function absences(
  { firefox, vulkanDriver, webKitDriver, display }: Engines,
  env: Environment = process.env,
): string[] {
  return [
    !firefox && `Firefox is not here, so nothing was tried in it: install ${PACKAGES.firefox}, or set FIREFOX_PATH.`,
    firefox && !vulkanDriver && `Firefox on WebGPU was not tried: install ${PACKAGES.vulkanDriver}.`,
    !webKitDriver && `WebKit is not here, so nothing was tried in it: install ${PACKAGES.webKitDriver}.`,
    webKitDriver &&
      !display &&
      !env.DISPLAY &&
      `WebKit was not tried, because there is no display: install ${PACKAGES.display}.`,
  ].filter((sentence) => typeof sentence === 'string');
}
