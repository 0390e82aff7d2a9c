import { useLayoutEffect } from 'react';

/**
 * Marks the root while something that the rest of the page makes room for is there. A sheet could ask for that itself,
 * with :has(), but would be asked again for each row that comes or goes anywhere.
 * @param name of an attribute: data-name
 */
export function useRootMark(name: string, isThere = true): void {
  useLayoutEffect(() => {
    if (!isThere) return;
    const { dataset } = document.documentElement;
    const add = (one: 1 | -1) => {
      const many = Number(dataset[name] ?? 0) + one;
      if (many > 0) dataset[name] = String(many);
      else delete dataset[name];
    };
    add(1);
    return () => add(-1);
  }, [name, isThere]);
}
