/** Finds a Chrome, Chromium or Edge for the tests, or gets one in the way this machine allows. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir, platform, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

/** where installers put a browser that is not on the PATH */
const INSTALLED = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].flatMap((folder) =>
    folder
      ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]
      : [],
  ),
  linux: ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'],
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

const playwrightCache = (env: Environment): string =>
  env.PLAYWRIGHT_BROWSERS_PATH ??
  {
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
  }[platform() as string] ??
  join(homedir(), '.cache/ms-playwright');

/** @returns newest full Chromium that Playwright has downloaded, or undefined */
export function playwrightBrowser(env: Environment = process.env): string | undefined {
  const cache = playwrightCache(env);
  if (!existsSync(cache)) return undefined;
  const folders = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name));
  folders.sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]));
  const inside = ['chrome-linux64/chrome', 'chrome-linux/chrome', 'chrome-win64/chrome.exe', 'chrome-win/chrome.exe'];
  const mac = ['chrome-mac', 'chrome-mac-arm64', 'chrome-mac-x64'].flatMap((folder) => [
    `${folder}/Chromium.app/Contents/MacOS/Chromium`,
    `${folder}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
  ]);
  return folders.flatMap((folder) => [...inside, ...mac].map((path) => join(cache, folder, path))).find(existsSync);
}

/** @returns the browser's executable, or undefined when there is none yet */
export function findBrowser(env: Environment = process.env): string | undefined {
  const asked = env.CHROME_PATH;
  if (asked) return existsSync(asked) ? asked : undefined;
  const onPath = (env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const installed = INSTALLED[platform() as keyof typeof INSTALLED] ?? [];
  return [...onPath, ...installed].find(existsSync) ?? playwrightBrowser(env);
}

/** What getting a browser takes from its surroundings; a test gives its own. */
export interface Machine {
  env: Environment;
  isRoot: boolean;
  find(): string | undefined;
  /** runs a command to its end, seen by whoever waits for it; @returns whether it succeeded */
  succeeds(command: string, args: readonly string[]): boolean;
  /** whether a browser answers: a package may leave a script behind that only says where to get the real one */
  starts(browser: string): boolean;
}

const thisMachine = (): Machine => ({
  env: process.env,
  isRoot: process.getuid?.() === 0,
  find: findBrowser,
  succeeds: (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0,
  starts: (browser) => platform() === 'win32' || spawnSync(browser, ['--version'], { stdio: 'ignore' }).status === 0,
});

const PLAYWRIGHT = join('node_modules', 'playwright-core', 'cli.js');

/**
 * Debian's package where we are root and apt exists, otherwise, or when that gives nothing that starts, Playwright's
 * download.
 */
function installBrowser({ env, isRoot, find, succeeds, starts }: Machine): string | undefined {
  const fromApt =
    isRoot && succeeds('apt-get', ['update', '-qq']) && succeeds('apt-get', ['install', '-y', '-qq', 'chromium']);
  const installed = fromApt ? find() : undefined;
  if (installed && starts(installed)) return installed;
  succeeds(process.execPath, [PLAYWRIGHT, 'install', '--no-shell', 'chromium']);
  const downloaded = playwrightBrowser(env);
  return downloaded && starts(downloaded) ? downloaded : undefined;
}

/** @throws with what to install when no browser can be found or fetched */
export function requireBrowser(machine: Machine = thisMachine()): string {
  const { env, find, starts } = machine;
  const found = find();
  if (found && starts(found)) return found;
  if (env.CHROME_PATH) {
    const trouble = found ? 'it does not start' : 'there is no such file';
    throw new Error(`CHROME_PATH names ${env.CHROME_PATH}, and ${trouble}.`);
  }
  const downloaded = playwrightBrowser(env);
  if (downloaded && starts(downloaded)) return downloaded;
  console.log(
    found ? `${found} does not start: getting another browser.` : 'No Chrome, Chromium or Edge found: getting one.',
  );
  const installed = installBrowser(machine);
  if (installed) return installed;
  throw new Error(
    'No browser for the tests. Install Chrome, Chromium or Edge, or set CHROME_PATH to the executable of one.',
  );
}

/** Debian starts Chromium through a script; its libraries sit elsewhere. */
function libraryFolder(browser: string): string | undefined {
  const folders = [
    dirname(browser),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    '/opt/microsoft/msedge',
  ];
  return folders.find((folder) => existsSync(join(folder, 'vk_swiftshader_icd.json')));
}

/**
 * Lets Dawn in Node use the software GPU that every Chromium on Linux brings along. Has to run before the process that
 * loads Dawn starts, because the loader reads LD_LIBRARY_PATH only then. Elsewhere Dawn finds Metal or Direct3D by
 * itself.
 */
export function prepareSoftwareGpu(): void {
  if (platform() !== 'linux' || process.env.VK_ICD_FILENAMES || process.env.LAB_NATIVE_GPU) return;
  const browser = findBrowser();
  const folder = browser && libraryFolder(browser);
  if (!folder) return;
  process.env.VK_ICD_FILENAMES = join(folder, 'vk_swiftshader_icd.json');
  process.env.LD_LIBRARY_PATH = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
}

/** What Chromium needs for WebGPU on a machine without a GPU, and for running as root in a container. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * @returns the version line of a browser, for the test log; its path where it tells none, as WebKit's driver does not
 */
export function browserVersion(browser: string): string {
  if (platform() === 'win32') return browser;
  const { status, stdout } = spawnSync(browser, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : browser;
}
