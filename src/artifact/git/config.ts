/**
 * Values of a repository's own configuration file, read and never acted upon: includes are not followed.
 * Source  https://git-scm.com/docs/git-config#_syntax
 */

/** The first value of `section.key` or `section.subsection.key`; section and key in lower case. */
export function gitConfigValue(text: string, wanted: string): string | undefined {
  let section = '';
  for (const line of logicalLines(text)) {
    const header = /^\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header) {
      const [, name, sub] = header;
      section = name!.toLowerCase() + (sub === undefined ? '' : `.${sub.replace(/\\(.)/g, '$1')}`);
    }
    const entry = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*=(.*)$/s.exec(header ? line.slice(header[0].length) : line);
    if (entry && `${section}.${entry[1]!.toLowerCase()}` === wanted) return unquoted(entry[2]!);
  }
  return undefined;
}

/** A backslash before the end of a line joins it with the next. */
function* logicalLines(text: string): Generator<string> {
  let joined: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    let end = line.length;
    while (line[end - 1] === '\\') end--;
    if ((line.length - end) % 2 === 1) {
      joined.push(line.slice(0, -1));
      continue;
    }
    yield [...joined, line].join('');
    joined = [];
  }
  if (joined.length > 0) yield joined.join('');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** Without quotes, escapes, comments and the white space around. */
function unquoted(raw: string): string {
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let i = 0; i < raw.length; i++) {
    const char = raw[i]!;
    if (char === '"') {
      quoted = !quoted;
      kept = value.length;
    } else if (char === '\\' && i + 1 < raw.length) {
      const next = raw[++i]!;
      value += escapes[next] ?? next;
      kept = value.length;
    } else if (!quoted && (char === '#' || char === ';')) break;
    else if (!quoted && /\s/.test(char)) value += value === '' ? '' : char;
    else {
      value += char;
      kept = value.length;
    }
  }
  return value.slice(0, kept);
}
