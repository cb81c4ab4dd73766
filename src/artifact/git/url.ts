/**
 * Addresses of git repositories as users write them: a URL, `https://` left out, or `user@host:path` for ssh.
 * Errors  `PratiqueError` `git/invalid-url` for anything that git could take for an option, a command or a file.
 * Source  https://git-scm.com/docs/git-clone#_git_urls
 */
import { PratiqueError } from '#base';
import { withoutCredentials } from './metadata.js';

export interface GitUrl {
  /** Without a password, and for http(s) without a user name. */
  readonly text: string;
  readonly scheme: 'https' | 'http' | 'ssh' | 'git';
  /** Lower case, with the port where it is not the scheme's own. */
  readonly host: string;
  /** Of an http(s) URL that the user gave with credentials. */
  readonly credentials?: GitCredentials;
}

export interface GitCredentials {
  readonly username: string;
  readonly password: string;
}

const schemes = ['https', 'http', 'ssh', 'git'] as const;

/** Whether text without a scheme names a host at all, rather than a file that is not there. */
export function looksRemote(text: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ||
    secureCopyForm.test(text) ||
    /^(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?\/./i.test(text) ||
    /^localhost(?::\d+)?\/./i.test(text)
  );
}

const secureCopyForm = /^([A-Za-z0-9_][A-Za-z0-9._-]*)@([A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)(.+)$/;

export function parseGitUrl(given: string): GitUrl {
  const fail = (reason: string): PratiqueError =>
    new PratiqueError('git/invalid-url', { url: withoutCredentials(given), reason });
  if (/[\u0000-\u0020\u007f]/.test(given)) throw fail('control characters or blanks in the URL');
  const copied = secureCopyForm.exec(given);
  const full = copied
    ? `ssh://${copied[1]}@${copied[2]}/${copied[3]!.replace(/^\/+/, '')}`
    : /^[a-z][a-z0-9+.-]*:\/\//i.test(given)
      ? given
      : `https://${given}`;
  let url: URL;
  try {
    url = new URL(full);
  } catch (error) {
    throw new PratiqueError('git/invalid-url', { url: withoutCredentials(given), reason: 'not a URL' }, error);
  }
  const scheme = schemes.find((known) => url.protocol === `${known}:`);
  if (!scheme) throw fail(`repositories are not read over ${url.protocol.slice(0, -1)}`);
  if (!/^(?:[a-z0-9]|\[)/i.test(url.hostname)) throw fail('there is no host in it');
  if (url.pathname === '' || url.pathname === '/') throw fail('there is no path in it');
  const [username, password] = [decoded(url.username), decoded(url.password)];
  if (username.startsWith('-')) throw fail('the user name begins with a hyphen');
  const overHttp = scheme === 'https' || scheme === 'http';
  url.password = '';
  if (overHttp) url.username = '';
  return {
    text: url.href,
    scheme,
    host: url.host.toLowerCase(),
    ...(overHttp && (username || password) && { credentials: { username, password } }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded: meant as it is written.
    return text;
  }
}
