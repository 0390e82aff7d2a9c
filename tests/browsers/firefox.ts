/**
 * Firefox over WebDriver BiDi. WebGPU there is wgpu; without a graphics card it draws on Mesa's software Vulkan driver.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clickActions, keyActions } from './actions';
import { BidiConnection } from './bidi';
import { lineOf, makeHome, start } from './process';
import type { Tab } from './tab';

const PREFERENCES = (downloads: string): Record<string, string | number | boolean> => ({
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'browser.download.folderList': 2,
  'browser.download.dir': downloads,
  'browser.download.alwaysOpenPanel': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.normandy.enabled': false,
  'dom.storageManager.prompt.testing': true,
  'dom.storageManager.prompt.testing.allow': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
});

interface Evaluated {
  type: 'success' | 'exception';
  result?: { value?: string };
  exceptionDetails?: { text: string };
}

/** what a message of the console, or an uncaught exception, says */
interface LogEntry {
  level: string;
  text: string | null;
}

/** @param vulkanDriver description of the software driver to use, where there is one */
export async function openFirefox(program: string, vulkanDriver: string | undefined): Promise<Tab> {
  const home = makeHome();
  const preferences = Object.entries(PREFERENCES(home.downloads));
  writeFileSync(
    join(home.path, 'user.js'),
    preferences.map((pair) => `user_pref(${pair.map((it) => JSON.stringify(it)).join(', ')});`).join('\n'),
  );
  const { LD_LIBRARY_PATH: _, ...env } = process.env; // Dawn's loader of Vulkan is Chromium's, and Firefox has its own
  const driver = vulkanDriver && { VK_ICD_FILENAMES: vulkanDriver, VK_DRIVER_FILES: vulkanDriver };
  const firefox = start(
    program,
    ['--headless', '--no-remote', '--profile', home.path, '--remote-debugging-port=0', 'about:blank'],
    {
      ...env,
      ...driver,
      HOME: home.path,
    },
  );
  const close = async () => {
    await firefox.end();
    home.remove();
  };
  try {
    const [, address] = await lineOf(firefox, 2, /WebDriver BiDi listening on (ws:\/\/\S+)/);
    return await drive(`${address}/session`, home.downloads, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function drive(url: string, downloads: string, end: () => Promise<void>): Promise<Tab> {
  const errors: string[] = [];
  let leaving = false; // what is still being loaded when a page goes is an error here, and none to anybody
  const bidi = await BidiConnection.open(url, (method, params) => {
    const { level, text } = params as LogEntry;
    if (method === 'log.entryAdded' && level === 'error' && !leaving) errors.push(text ?? '');
  });
  const session = await bidi.send<{ capabilities: { browserVersion: string } }>('session.new', { capabilities: {} });
  await bidi.send('session.subscribe', { events: ['log.entryAdded'] });
  const { contexts } = await bidi.send<{ contexts: { context: string }[] }>('browsingContext.getTree', { maxDepth: 0 });
  const context = contexts[0]!.context;
  await bidi.send('browsingContext.setViewport', { context, viewport: { width: 1366, height: 768 } });
  const perform = (actions: object[]) => bidi.send<void>('input.performActions', { context, actions });
  return {
    version: `Firefox ${session.capabilities.browserVersion}`,
    downloads,
    errors,
    open: (address) => bidi.send('browsingContext.navigate', { context, url: address, wait: 'complete' }),
    async reload() {
      leaving = true;
      await bidi.send('browsingContext.reload', { context, wait: 'complete' });
      leaving = false;
    },
    async evaluate(expression) {
      const found = await bidi.send<Evaluated>('script.evaluate', {
        expression,
        target: { context },
        awaitPromise: true,
      });
      if (found.type === 'exception') throw new Error(found.exceptionDetails?.text);
      return found.result?.value ?? '';
    },
    press: (key) => perform(keyActions(key)),
    click: (at) => perform(clickActions(at)),
    async chooseFile(selector, path) {
      const locator = { type: 'css', value: selector };
      const { nodes } = await bidi.send<{ nodes: { sharedId: string }[] }>('browsingContext.locateNodes', {
        context,
        locator,
      });
      if (!nodes[0]) throw new Error(`there is no ${selector}`);
      await bidi.send('input.setFiles', { context, element: { sharedId: nodes[0].sharedId }, files: [path] });
    },
    async screenshot() {
      return Buffer.from(
        (await bidi.send<{ data: string }>('browsingContext.captureScreenshot', { context })).data,
        'base64',
      );
    },
    async close() {
      bidi.close();
      await end();
    },
  };
}
