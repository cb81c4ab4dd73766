/**
 * Names inside archives, made safe: root-relative POSIX paths that cannot leave their root.
 * `undefined` for a name that climbs out of the root; `''` for the root itself.
 */
export function cleanPath(name: string): string | undefined {
  // Most names are clean already; this looks for an empty, `.` or `..` component.
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(name)) return name;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
