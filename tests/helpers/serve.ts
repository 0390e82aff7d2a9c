import type { TestProject } from 'vitest/node';
import { servePage } from './servePage';

declare module 'vitest' {
  interface ProvidedContext {
    pageUrl: string;
    pageFolder: string;
    /** lessons are taken as they ship, and not cut short */
    wholeLessons: boolean;
  }
}

export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  const { url, folder, close } = await servePage();
  project.provide('pageUrl', url);
  project.provide('pageFolder', folder);
  return close;
}
