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
  isHere: true,
  open: () => openChromium(),
};

export const FIREFOX_FUSED: Engine = {
  name: 'Firefox on WebGPU',
  ...FUSED,
  isHere: Boolean(firefox && vulkanDriver),
  open: () => openFirefox(firefox!, vulkanDriver),
};

export const ENGINES: readonly Engine[] = [
  FIREFOX_FUSED,
  { name: 'Firefox on WebAssembly', ...WASM, isHere: Boolean(firefox), open: () => openFirefox(firefox!, undefined) },
  {
    name: 'WebKit on WebAssembly',
    ...WASM,
    isHere: Boolean(webKitDriver && (display || process.env.DISPLAY)),
    open: () => openWebKit(webKitDriver!, display),
  },
];
