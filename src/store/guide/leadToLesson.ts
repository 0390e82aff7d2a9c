import type { Address } from '../address/url';
import { LESSON_NAME, lessonHash } from './lessonAddress';

/** Takes `?lesson=…` out of an address, before the hash or in it, and leads to that lesson. */
export function leadToLesson(address: Address): void {
  const { search, hash } = address.read();
  const cut = hash.indexOf('?');
  const [outer, inner] = [new URLSearchParams(search), new URLSearchParams(cut < 0 ? '' : hash.slice(cut))];
  const name = outer.get('lesson') ?? inner.get('lesson');
  if (name === null) return;
  for (const params of [outer, inner]) params.delete('lesson');
  const rest = (params: URLSearchParams) => (params.size > 0 ? `?${params}` : '');
  const path = LESSON_NAME.test(name) ? lessonHash(name) : '#/lessons';
  address.write({ search: rest(outer), hash: `${path}${rest(inner)}` }, 'replace');
}
