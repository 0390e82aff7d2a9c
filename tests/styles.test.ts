import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './helpers/imports';

const CSS = /import (\w+) from '(\.[^']*\.module\.css)'/g;

interface Uses {
  names: Set<string>;
  /** asked for by a value, so nobody can tell which */
  byValue: boolean;
}

/** @returns of each CSS module, by its path, what is asked of it */
function usesOfModules(): Map<string, Uses> {
  const found = new Map<string, Uses>();
  for (const file of sourceFiles()) {
    const text = readFileSync(file, 'utf8');
    for (const [statement, local, path] of text.matchAll(CSS)) {
      const css = join(dirname(file), path!);
      const uses = found.get(css) ?? { names: new Set(), byValue: false };
      found.set(css, uses);
      const others = text.replace(statement!, '');
      for (const [, name] of others.matchAll(new RegExp(`\\b${local}\\.(\\w+)`, 'g'))) uses.names.add(name!);
      uses.byValue ||= new RegExp(`\\b${local}\\[`).test(others);
    }
  }
  return found;
}

/** @returns the classes of a module; declarations and what is global left out */
function classesIn(css: string): Set<string> {
  const selectors = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/:global\([^)]*\)/g, '')
    .replace(/\{[^{}]*\}/g, '{}');
  return new Set([...selectors.matchAll(/\.([A-Za-z][\w-]*)/g)].map(([, name]) => name!));
}

describe('the styles of the page', () => {
  const modules = [...usesOfModules()].map(([path, uses]) => {
    const classes = classesIn(readFileSync(path, 'utf8'));
    return { path: relative('src', path), classes, ...uses };
  });

  it('have a class for every name that is asked for', () => {
    const missing = modules.flatMap(({ path, classes, names }) =>
      [...names].filter((name) => !classes.has(name) && name !== 'module').map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('have no class that nobody asks for', () => {
    const dead = modules
      .filter(({ byValue }) => !byValue)
      .flatMap(({ path, classes, names }) =>
        [...classes].filter((name) => !names.has(name)).map((name) => `${path}: ${name}`),
      );
    expect(modules.length).toBeGreaterThan(100);
    expect(dead).toEqual([]);
  });

  it('take no class from another sheet: each would carry a copy of it, and the build warns of where it came from', () => {
    const composed = modules.filter(({ path }) => /\bcomposes\s*:/.test(readFileSync(join('src', path), 'utf8')));
    expect(composed.map(({ path }) => path)).toEqual([]);
  });

  it('ask nothing of the root by what is in it: that is asked again for each row that comes or goes', () => {
    const asked = modules.flatMap(({ path }) =>
      [...readFileSync(join('src', path), 'utf8').matchAll(/:root[^,{}]*:has\(/g)].map(() => path),
    );
    expect(asked).toEqual([]);
  });
});
