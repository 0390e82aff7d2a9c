import type { Context } from '../context';
import { leadToLesson } from '../guide/leadToLesson';
import { lessonOfHash } from '../guide/lessonAddress';
import { inspectOfHash } from '../models/inspectPlace';
import { sourceOfHash } from './sourceAddress';
import { complaintAbout, readUrl, writeSearch } from './url';

export function reportIgnored(context: Context, parts = context.address.read()): void {
  const message = complaintAbout(parts);
  if (message !== null) context.get().notices.report({ code: 'url/ignored', message, stack: undefined });
}

/** An address that names a stage which is not there leads to Start, and says so itself. */
export function correctStage({ address }: Context): void {
  const { search, hash } = address.read();
  const [name = '', inner] = hash.replace(/^#\/?/, '').split('?');
  if (name === '' || readUrl({ search, hash }).stage || sourceOfHash(hash) || inspectOfHash(hash)) return;
  address.write({ search, hash: inner === undefined ? '#/start' : `#/start?${inner}` }, 'replace');
}

/** Follows links and the back button: the stage always, the experiment when the address spells one out anew. */
export function followAddress(context: Context): () => void {
  return context.address.onChange(() => {
    leadToLesson(context.address);
    correctStage(context);
    const parts = context.address.read();
    const { stage, config } = readUrl(parts);
    const { view, inspect, guide } = context.get();
    const source = sourceOfHash(parts.hash);
    if (source || view.source) context.patch('view', { source });
    if (source) return;
    const place = inspectOfHash(parts.hash);
    const wasWide = inspect.wide;
    if (place || wasWide) inspect.visit(place);
    if (place) return;
    const asked = lessonOfHash(parts.hash);
    if (asked !== null && asked !== guide.asked) context.patch('guide', { asked });
    if (stage && stage !== view.stage) {
      context.patch('view', { stage, crosshair: null });
      if (wasWide) inspect.hide(); // it had the page, which another one has now; on its own stage it narrows
    }
    if (!config || !parts.hash.includes('?')) return;
    context.patch('config', { value: config });
    context.address.write({ search: writeSearch(config), hash: parts.hash.split('?')[0] ?? '' }, 'replace');
    reportIgnored(context, parts); // what was asked for, not what now stands there
  });
}
