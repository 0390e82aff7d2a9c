/** The engines that the lab is tried in, each with the path that it can take there. */
import { findEngines } from '../helpers/engines';
import { openChromium } from './chromium';
import { openFirefox } from './firefox';
import type { Tab } from './tab';
import { openWebKit } from './webkit';

export interface Engine {
  name: string;
  /** of the address: which backend and executor */
  path: string;
  /** what the engine's pill says there */
  pill: RegExp;
  /** whether a service worker keeps the page there: `src/store/persistence/versions.ts` */
  keepsPage: boolean;
  /** whether it can be driven on this machine */
  isHere: boolean;
  open(): Promise<Tab>;
}

const { firefox, vulkanDriver, webKitDriver, display } = findEngines();
const FUSED = { path: 'backend=webgpu&executor=fused', pill: /WebGPU · fused/ };
const WASM = { path: 'backend=wasm', pill: /WebAssembly/ };

export const CHROMIUM_FUSED: Engine = {
  name: 'Chromium on WebGPU',
  ...FUSED,
  keepsPage: true,
  isHere: true,
  open: () => openChromium(),
};

export const FIREFOX_FUSED: Engine = {
  name: 'Firefox on WebGPU',
  ...FUSED,
  keepsPage: true,
  isHere: Boolean(firefox && vulkanDriver),
  open: () => openFirefox(firefox!, vulkanDriver),
};

export const ENGINES: readonly Engine[] = [
  FIREFOX_FUSED,
  {
    name: 'Firefox on WebAssembly',
    ...WASM,
    keepsPage: true,
    isHere: Boolean(firefox),
    open: () => openFirefox(firefox!, undefined),
  },
  {
    name: 'WebKit on WebAssembly',
    ...WASM,
    keepsPage: false,
    isHere: Boolean(webKitDriver && (display || process.env.DISPLAY)),
    open: () => openWebKit(webKitDriver!, display),
  },
];
