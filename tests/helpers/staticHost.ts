/** A static host as there are many: files, and the headers that a file beside them asks for. */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Reads `_headers` as Cloudflare Pages and Netlify do: a path, `*` at its end for all below it, then lines of
 * `Name: value`.
 */
export function headersFor(text: string, path: string): [name: string, value: string][] {
  let applies = false;
  return text.split('\n').flatMap((line): [string, string][] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    if (!/^\s/.test(line)) {
      const pattern = line.trim();
      applies = pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
      return [];
    }
    const [name = '', value = ''] = line.trim().split(/:\s*(.*)/s);
    return applies ? [[name, value]] : [];
  });
}

export interface StaticHost {
  url: string;
  /** as when a new version is deployed */
  folder: string;
  close(): Promise<void>;
}

/** @param hasHeaders whether this host reads `_headers`; some send none but their own */
export async function staticHost(folder: string, hasHeaders: boolean): Promise<StaticHost> {
  const host = { folder };
  const answer = (path: string, response: ServerResponse) => {
    try {
      const file = path.endsWith('/') ? `${path}index.html` : path;
      const body = readFileSync(join(host.folder, normalize(file)));
      const asked = hasHeaders ? headersFor(readFileSync(join(host.folder, '_headers'), 'utf8'), path) : [];
      for (const [name, value] of asked) response.setHeader(name, value);
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
      response.end(body);
    } catch {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>404</h1>');
    }
  };
  const server = createServer(({ url = '/' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://host').pathname);
    if (path.startsWith('/lab/')) answer(path.slice('/lab'.length), response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(host, {
    url: `http://localhost:${port}/lab/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
