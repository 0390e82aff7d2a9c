/**
 * WebKit over the classic WebDriver protocol: WebKitGTK's driver and its MiniBrowser, on a display that nobody sees.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clickActions, keyActions } from './actions';
import { freePort, lineOf, makeHome, type Started, start } from './process';
import type { Tab } from './tab';

const STARTING_MS = 20_000;

/** the key under which the protocol hides a reference to an element */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

type Call = <Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Value>;

/** @param display program that draws a display without a screen; undefined where there is a real one */
export async function openWebKit(driver: string, display: string | undefined): Promise<Tab> {
  const home = makeHome();
  nameDownloads(home.path);
  const running: Started[] = [];
  const close = async () => {
    for (const started of running.reverse()) await started.end();
    home.remove();
  };
  const begin = (program: string, args: string[], env: NodeJS.ProcessEnv) => {
    const started = start(program, args, env);
    running.push(started);
    return started;
  };
  try {
    const screen =
      display && begin(display, ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], process.env);
    const number = screen && (await lineOf(screen, 3, /^\d+$/))[0];
    const port = await freePort();
    begin(driver, [`--port=${port}`, '--host=127.0.0.1'], environment(home.path, number));
    return await drive(`http://127.0.0.1:${port}`, home.downloads, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Tells GTK's programs where downloads go. */
function nameDownloads(home: string): void {
  mkdirSync(join(home, 'config'));
  writeFileSync(join(home, 'config', 'user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
}

/** Software drawing, a home of its own, and root in a container, where the sandbox cannot be made. */
function environment(home: string, display: string | undefined): NodeJS.ProcessEnv {
  const { LD_LIBRARY_PATH: _, VK_ICD_FILENAMES: __, ...env } = process.env;
  return {
    ...env,
    ...(display && { DISPLAY: `:${display}` }),
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }),
  };
}

const caller =
  (base: string): Call =>
  async <Value>(method: string, path: string, body?: object) => {
    const response = await fetch(base + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: Value };
    if (response.ok) return value;
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${error}: ${message}`);
  };

async function listening(call: Call): Promise<void> {
  const deadline = performance.now() + STARTING_MS;
  for (;;) {
    try {
      await call('GET', '/status');
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

interface Session {
  sessionId: string;
  capabilities: { browserVersion: string };
}

async function drive(base: string, downloads: string, end: () => Promise<void>): Promise<Tab> {
  const call = caller(base);
  await listening(call);
  const { sessionId, capabilities } = await call<Session>('POST', '/session', { capabilities: {} });
  const path = (rest: string) => `/session/${sessionId}/${rest}`;
  const post = <Value = void>(rest: string, body: object) => call<Value>('POST', path(rest), body);
  await post('window/rect', { width: 1380, height: 880 });
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    downloads,
    errors: [],
    open: (url) => post('url', { url }),
    reload: () => post('refresh', {}),
    evaluate: (expression) => post('execute/sync', { script: `return (${expression})`, args: [] }),
    press: (key) => post('actions', { actions: keyActions(key) }),
    click: (at) => post('actions', { actions: clickActions(at) }),
    async chooseFile(selector, file) {
      const element = await post<Record<string, string>>('element', { using: 'css selector', value: selector });
      await post(`element/${element[ELEMENT]}/value`, { text: file });
    },
    async screenshot() {
      return Buffer.from(await call<string>('GET', path('screenshot')), 'base64');
    },
    async close() {
      await call('DELETE', path('').slice(0, -1)).catch(() => undefined); // a browser that is gone is ended below
      await end();
    },
  };
}
