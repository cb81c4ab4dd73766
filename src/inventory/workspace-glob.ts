/**
 * Globs of workspace directories, as written in manifests: `*` and `?` within a segment, `**` over segments.
 * The patterns come from the scanned tree, so matching must stay polynomial for any of them: segments are matched by a
 * table, not by a regular expression. Braces and negation are not supported.
 */
export function matchesWorkspace(globs: readonly string[], directory: string): boolean {
  const path = directory.split('/');
  return path.length <= maxSegments && globs.slice(0, maxGlobs).some((glob) => matchesGlob(glob, path));
}

const maxSegments = 100;
const maxGlobs = 500;

function matchesGlob(glob: string, path: readonly string[]): boolean {
  const pattern = glob.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  if (pattern.length > maxSegments) return false;
  // reachable[i]: the pattern so far matches the first i segments.
  let reachable = path.map(() => false);
  reachable.unshift(true);
  for (const part of pattern) {
    const next = reachable.map(() => false);
    for (let i = 0; i <= path.length; i++) {
      if (!reachable[i]) continue;
      if (part === '**') next.fill(true, i);
      else if (i < path.length && matchesSegment(part, path[i]!)) next[i + 1] = true;
    }
    reachable = next;
  }
  return reachable[path.length] === true;
}

/** The usual two-pointer match: on a mismatch the last `*` takes one character more. */
function matchesSegment(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length;) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
