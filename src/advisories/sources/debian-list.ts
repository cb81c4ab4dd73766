/**
 * The list of advisories in Debian's security tracker.
 * Shape   `[29 Mar 2023] DSA-5380-1 package - description`, then indented `{CVE-… CVE-…}`, `[codename] - package version`
 *         (or `<unfixed>`, `<not-affected>`, `<end-of-life>` in place of the version; remarks in parentheses) and `NOTE: …`.
 * Yields  advisories in their order; lines that are none of these, as text.
 * Errors  none.
 * Source  https://security-team.debian.org/security_tracker.html#dsa-dla-list
 */
export interface DebianAdvisory {
  /** `DSA-5380-1` */
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly vulnerabilities: readonly string[];
  readonly fixes: readonly DebianFix[];
  readonly unread: readonly string[];
}

export interface DebianFix {
  readonly codename: string;
  readonly package: string;
  /** A version, or `<state>`. */
  readonly version: string;
}

type Draft = {
  -readonly [K in keyof DebianAdvisory]: DebianAdvisory[K] extends readonly (infer E)[] ? E[] : DebianAdvisory[K];
};

const heading = /^\[(\d\d) ([A-Z][a-z]{2}) (\d{4})\] (D[SL]A-\d{1,6}(?:-\d{1,4})?)(?: |$)/;
const fixLine = /^\[([a-z]+)\] - (\S+)[ \t]+(\S+)(?:[ \t]|$)/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function* debianAdvisories(text: string): Generator<DebianAdvisory> {
  let current: Draft | undefined;
  for (const line of text.split('\n')) {
    const content = line.trim();
    if (content === '') continue;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (current) read(content, current);
      continue;
    }
    if (current) yield current;
    current = begin(content);
  }
  if (current) yield current;
}

function begin(line: string): Draft {
  const [, day, month, year, id] = heading.exec(line) ?? [];
  const number = months.indexOf(month ?? '') + 1;
  const unread = id && number > 0 ? [] : [line];
  const date = `${year}-${String(number).padStart(2, '0')}-${day}`;
  return { id: id ?? '', date: unread.length === 0 ? date : '', vulnerabilities: [], fixes: [], unread };
}

function read(line: string, advisory: Draft): void {
  if (line.startsWith('NOTE:')) return;
  if (line.startsWith('{') && line.endsWith('}')) {
    advisory.vulnerabilities.push(...line.slice(1, -1).split(/\s+/).filter(Boolean));
    return;
  }
  const [, codename, name, version] = fixLine.exec(line) ?? [];
  if (codename && name && version) advisory.fixes.push({ codename, package: name, version });
  else advisory.unread.push(line);
}
