/**
 * Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath`, encode and decode.
 * Decoding applies the rules of the type (lower case where the type says so), drops empty qualifiers and segments,
 * and throws `FormatError` for anything that is not a package URL; input is limited to 8 KiB.
 * Encoding keeps what RFC 3986 allows in a path segment, except `+` and `@`, as the reference does; qualifiers are sorted.
 * Source  https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst
 */
import { FormatError } from '#base';

export interface PackageUrl {
  readonly type: string;
  /** Segments joined by `/`, unescaped. */
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: ReadonlyMap<string, string>;
  readonly subpath?: string;
}

const MAX_LENGTH = 8192;

export function encodePurl(purl: PackageUrl): string {
  const namespace = purl.namespace ? segments(purl.namespace).map((part) => `${escapePath(part)}/`) : [];
  const version = purl.version ? `@${escapePath(purl.version)}` : '';
  const subpath = purl.subpath ? segments(purl.subpath).map(escapePath).join('/') : '';
  return (
    `pkg:${purl.type}/${namespace.join('')}${escapePath(purl.name)}${version}` +
    encodeQualifiers(purl.qualifiers) +
    (subpath && `#${subpath}`)
  );
}

/** Each package URL of a bill is asked for several times. */
const decoded = new Map<string, PackageUrl>();
const MAX_DECODED = 4096;

export function decodePurl(text: string): PackageUrl {
  let purl = decoded.get(text);
  if (!purl) {
    purl = decode(text);
    if (decoded.size >= MAX_DECODED) decoded.clear();
    decoded.set(text, purl);
  }
  return purl;
}

function decode(text: string): PackageUrl {
  if (text.length > MAX_LENGTH) throw new FormatError(`package URL is longer than ${MAX_LENGTH} characters`);
  const scheme = /^pkg:\/*/i.exec(text);
  if (!scheme) throw new FormatError('package URL does not start with pkg:');
  const [beforeSubpath, subpath] = cut(text.slice(scheme[0].length), '#');
  const [beforeQualifiers, query] = cut(beforeSubpath, '?');
  const [rawType, path] = cut(beforeQualifiers, '/');
  const type = rawType.toLowerCase();
  if (!/^[a-z.+-][a-z0-9.+-]*$/.test(type)) throw new FormatError('package URL has no valid type');
  return assemble(type, path, query, subpath);
}

function assemble(type: string, path: string, query: string, rawSubpath: string): PackageUrl {
  // An `@` that opens a segment is an npm scope, not the start of a version.
  const at = path.lastIndexOf('@');
  const hasVersion = at > 0 && path[at - 1] !== '/';
  const version = hasVersion ? unescape(path.slice(at + 1)) : '';
  const parts = segments(hasVersion ? path.slice(0, at) : path).map(unescape);
  const rawName = parts.pop();
  if (!rawName) throw new FormatError('package URL has no name');
  const namespace = adjustNamespace(type, parts.join('/'));
  const subpath = segments(rawSubpath).map(unescape);
  if (subpath.some((part) => part === '.' || part === '..' || part.includes('/')))
    throw new FormatError('package URL has a subpath that leaves the package');
  const qualifiers = decodeQualifiers(query);
  return {
    type,
    ...(namespace && { namespace }),
    name: adjustName(type, rawName),
    ...(version && { version }),
    ...(qualifiers.size > 0 && { qualifiers }),
    ...(subpath.length > 0 && { subpath: subpath.join('/') }),
  };
}

function decodeQualifiers(query: string): Map<string, string> {
  const out = new Map<string, string>();
  if (query === '') return out;
  for (const pair of query.split('&')) {
    if (!pair) continue;
    const [rawKey, rawValue] = cut(pair, '=');
    const key = rawKey.toLowerCase();
    if (!/^[a-z._-][a-z0-9._-]*$/.test(key)) throw new FormatError('package URL has an invalid qualifier key');
    if (out.has(key)) throw new FormatError(`package URL repeats the qualifier ${key}`);
    const value = unescape(rawValue);
    if (value) out.set(key, value);
  }
  return out;
}

function encodeQualifiers(qualifiers: ReadonlyMap<string, string> | undefined): string {
  if (!qualifiers) return '';
  const pairs = [...qualifiers].filter(([, value]) => value !== '');
  if (pairs.length === 0) return '';
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `?${pairs.map(([key, value]) => `${escapeQualifier(key)}=${escapeQualifier(value)}`).join('&')}`;
}

const lowerNamespace = new Set('alpm apk bitbucket brew composer deb github golang qpkg rpm'.split(' '));
const lowerName = new Set('alpm apk bitbucket bitnami brew composer deb github golang'.split(' '));

const adjustNamespace = (type: string, text: string): string => (lowerNamespace.has(type) ? text.toLowerCase() : text);

function adjustName(type: string, name: string): string {
  if (type === 'pypi') return name.toLowerCase().replaceAll('_', '-');
  return lowerName.has(type) ? name.toLowerCase() : name;
}

function segments(path: string): string[] {
  if (path === '') return [];
  const parts = path.split('/');
  return parts.includes('') ? parts.filter(Boolean) : parts;
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

// encodeURIComponent keeps A-Z a-z 0-9 - _ . ! ~ * ' ( ); lone surrogates, which it refuses, become U+FFFD.
const escapeAll = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));

const escapePath = (text: string): string =>
  /^[\w.~:-]*$/.test(text)
    ? text
    : escapeAll(text).replace(/%(?:3A|24|26|2C|3B|3D)/g, (found) => decodeURIComponent(found));

const escapeQualifier = (text: string): string =>
  /^[\w.~:-]*$/.test(text)
    ? text
    : escapeAll(text)
        .replaceAll('%3A', ':')
        .replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);

function unescape(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new FormatError('package URL has an invalid escape', { cause });
  }
}
