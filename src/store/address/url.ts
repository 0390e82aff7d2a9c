import { type LabConfig, PRESETS, presetConfig } from '../../contract/config';
import { type Refused, readExperiment, readPath, settleClashes, URL_KEYS } from '../../formats/address';
import { lessonOfHash } from '../guide/lessonAddress';
import { PAGES, type Page } from '../page/stages';

/**
 * The experiment fits in a link: `?preset=tiny&seed=1&klCoef=0.05#/optimise`. The stage is the hash; the configuration
 * stands before it, or inside it (`#/optimise?klCoef=0.05`), and an address says only what differs from its preset.
 */
export interface AddressParts {
  /** with the question mark, or empty */
  search: string;
  /** with the hash sign, or empty */
  hash: string;
}

export interface UrlReading {
  stage: Page | null;
  /** null when the address says nothing about the experiment */
  config: LabConfig | null;
  /** known keys whose values made no sense; they were left at their defaults */
  ignored: string[];
}

/** first value of every known key; the part before the hash wins */
function knownPairs({ search, hash }: AddressParts): Map<string, string> {
  const inner = hash.includes('?') ? hash.slice(hash.indexOf('?') + 1) : '';
  const pairs = new Map<string, string>();
  for (const part of [search, inner]) {
    for (const [key, value] of new URLSearchParams(part)) {
      if (Object.hasOwn(URL_KEYS, key) && !pairs.has(key)) pairs.set(key, value);
    }
  }
  return pairs;
}

function stageOfHash(hash: string): Page | null {
  if (lessonOfHash(hash) !== null) return 'lesson';
  const name = hash.replace(/^#\/?/, '').split('?')[0];
  return PAGES.find((page) => page === name && page !== 'lesson') ?? null; // without an id it is none
}

const keysOf = (refused: readonly Refused[]): string[] => [...new Set(refused.flatMap(({ keys }) => keys))];

/**
 * Reads an address that anyone may have written: every value passes its schema, everything else is left at the preset.
 * @returns the stage, the experiment and the names of the values that were not understood
 */
export function readUrl(parts: AddressParts): UrlReading {
  const stage = stageOfHash(parts.hash);
  const pairs = knownPairs(parts);
  if (pairs.size === 0) return { stage, config: null, ignored: [] };
  const { config, refused } = readExperiment(pairs);
  return { stage, config, ignored: keysOf(refused) };
}

/** @returns which values of an address were left at their defaults, each with the reason; null when all were taken */
export function complaintAbout(parts: AddressParts): string | null {
  const { refused } = readExperiment(knownPairs(parts));
  if (refused.length === 0) return null;
  const reasons = refused.map(({ keys, why }) => `${keys.join(', ')}: ${why.replace(/\.$/, '')}.`).join(' ');
  return refused.length === 1
    ? `No usable value for ${reasons}`
    : `No usable value for ${keysOf(refused).join(', ')}. ${reasons}`;
}

/** @returns `?preset=…&seed=…` and every key that differs from the preset; reading it gives the same experiment */
export function writeSearch(config: LabConfig): string {
  const defaults = presetConfig(config.preset);
  const params = new URLSearchParams({ preset: config.preset, seed: String(config.seed) });
  for (const [key, { path }] of Object.entries(URL_KEYS)) {
    const value = readPath(config, path);
    if (key !== 'preset' && key !== 'seed' && value !== readPath(defaults, path)) params.set(key, String(value));
  }
  return `?${params}`;
}

/**
 * @returns a stored configuration in which what does not go together went back to the preset; what cannot be read as it
 * was
 */
export function settledConfig(stored: unknown): unknown {
  try {
    const config = structuredClone(stored as LabConfig);
    settleClashes(config, new Set());
    return config;
  } catch {
    return stored;
  }
}

/** @returns false when a configuration is outside what an address may say, as a damaged stored one may be */
export function isSoundConfig(config: unknown): config is LabConfig {
  try {
    const read = readUrl({ search: writeSearch(config as LabConfig), hash: '' });
    return read.ignored.length === 0 && sameShape(read.config, config);
  } catch {
    return false;
  }
}
/**
 * @returns a stored configuration with the preset's value for every setting that is younger than it; the rest as it was
 */
export function completedConfig(stored: unknown): unknown {
  const preset = (stored as { preset?: unknown } | null | undefined)?.preset;
  const known = PRESETS.find((name) => name === preset);
  return known ? filled(stored, presetConfig(known)) : stored;
}
type Tree = { [key: string]: unknown };
function filled(stored: unknown, defaults: unknown): unknown {
  if (typeof defaults !== 'object' || defaults === null) return stored === undefined ? defaults : stored;
  if (typeof stored !== 'object' || stored === null) return stored === undefined ? defaults : stored;
  const all = Object.entries(defaults).map(([key, value]) => [key, filled((stored as Tree)[key], value)]);
  return { ...stored, ...Object.fromEntries(all) };
}

const sameShape = (left: unknown, right: unknown): boolean => {
  if (typeof left !== 'object' || left === null) return Object.is(left, right);
  if (typeof right !== 'object' || right === null) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => sameShape((left as Tree)[key], (right as Tree)[key]))
  );
};

/** The page's address bar, or a stand-in. */
export interface Address {
  read(): AddressParts;
  /** replaces the address without reloading; a new hash may become an entry of the history */
  write(parts: AddressParts, entry: 'replace' | 'push'): void;
  /** told when someone else changed it: a link, the back button */
  onChange(listener: () => void): () => void;
}

/** Browsers refuse to have their address replaced as often as a slider moves. */
const SETTLE_MS = 300;

export function browserAddress(): Address {
  /** written when the slider rests */
  let waiting: string | null = null;
  const settle = () => {
    if (waiting === null) return;
    history.replaceState(null, '', `${location.pathname}${waiting}${location.hash}`);
    waiting = null;
  };
  return {
    read: () => ({ search: waiting ?? location.search, hash: location.hash }),
    write({ search, hash }, entry) {
      if (entry === 'replace' && hash === location.hash) {
        if (waiting === null) setTimeout(settle, SETTLE_MS);
        waiting = search;
        return;
      }
      waiting = null;
      const url = `${location.pathname}${search}${hash}`;
      if (entry === 'push') history.pushState(null, '', url);
      else history.replaceState(null, '', url);
    },
    onChange(listener) {
      addEventListener('hashchange', listener);
      addEventListener('popstate', listener);
      return () => {
        removeEventListener('hashchange', listener);
        removeEventListener('popstate', listener);
      };
    },
  };
}

/** @param href e.g. '?preset=tiny#/data' */
export function memoryAddress(href = ''): Address & { visit(href: string): void } {
  const parse = (text: string): AddressParts => {
    const cut = text.includes('#') ? text.indexOf('#') : text.length;
    return { search: text.slice(0, cut), hash: text.slice(cut) };
  };
  let parts = parse(href);
  const listeners = new Set<() => void>();
  return {
    read: () => parts,
    write(next) {
      parts = next;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    visit(next) {
      parts = parse(next);
      for (const listener of listeners) listener();
    },
  };
}
