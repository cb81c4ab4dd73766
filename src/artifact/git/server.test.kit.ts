/** A git server on 127.0.0.1 for tests: git's own CGI program behind node:http, and repositories made for the test. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const gitInstalled = ((): boolean => {
  try {
    return execFileSync('git', ['--version']).length > 0;
  } catch {
    return false;
  }
})();

const person = { name: 'Ada Example', email: 'ada@example.org' };

/** Of no user's configuration. */
export const gitEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: person.name,
  GIT_AUTHOR_EMAIL: person.email,
  GIT_COMMITTER_NAME: 'Bob Example',
  GIT_COMMITTER_EMAIL: 'bob@example.org',
  GIT_AUTHOR_DATE: '1700000000 +0100',
  GIT_COMMITTER_DATE: '1700000000 +0100',
};

export function git(place: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: place, env: gitEnvironment, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export interface TestPlace {
  readonly path: string;
  remove(): void;
}

export function testPlace(): TestPlace {
  const path = mkdtempSync(join(tmpdir(), 'pratique-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Files by path; a value of `-> target` is a symbolic link. */
export function writeFiles(place: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), join(place, path));
    else writeFileSync(join(place, path), content);
  }
}

export function commitFiles(place: string, files: Readonly<Record<string, string>>, message: string): string {
  writeFiles(place, files);
  git(place, 'add', '--all', '--force');
  git(place, 'commit', '--quiet', '--message', message);
  return git(place, 'rev-parse', 'HEAD');
}

export interface GitServer {
  /** `127.0.0.1:port`, or `localhost:port` over https. */
  readonly host: string;
  /** With the values of `Authorization` that came. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

export const certificateFile = fileURLToPath(new URL('../../../src/platform/fixtures/localhost.crt', import.meta.url));

const fixture = (name: string): Buffer => readFileSync(join(dirname(certificateFile), name));

/** Serves the bare repositories under `root`; with `password`, to nobody else. */
export async function gitServer(
  root: string,
  options: { password?: string; secure?: boolean } = {},
): Promise<GitServer> {
  const authorizations: (string | undefined)[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { authorization } = request.headers;
    authorizations.push(authorization);
    const given = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    if (options.password === undefined || given.endsWith(`:${options.password}`)) return serve(root, request, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  };
  const server = options.secure
    ? createSecureServer({ key: fixture('localhost.key'), cert: fixture('localhost.crt') }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `${options.secure ? 'localhost' : '127.0.0.1'}:${port}`,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** https://www.rfc-editor.org/rfc/rfc3875, https://git-scm.com/docs/git-http-backend */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://test');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'],
      CONTENT_LENGTH: request.headers['content-length'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    for (const line of output.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(output.subarray(end + 4));
  });
}
