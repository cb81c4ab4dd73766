/**
 * Globs of paths: `*` and `?` within a segment, `**` over segments, `[a-z]`, `{a,b}`; everything else is literal.
 * Compiled to an expression without nested repetition, so matching time is linear in the path for our patterns.
 * Grammar: https://github.com/bmatcuk/doublestar#patterns
 */
export function compileGlob(glob: string): RegExp {
  return new RegExp(`^${translate(glob)}$`, 's');
}

function translate(glob: string): string {
  let out = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!;
    if (c === '*') {
      const starts = i === 0 || glob[i - 1] === '/';
      if (glob[i + 1] === '*' && starts && (i + 2 >= glob.length || glob[i + 2] === '/')) {
        if (i + 2 >= glob.length) out = out.endsWith('/') ? `${out.slice(0, -1)}(?:/.*)?` : `${out}.*`;
        else out += '(?:.*/)?';
        i += 2;
      } else {
        while (glob[i + 1] === '*') i++;
        out += '[^/]*';
      }
    } else if (c === '?') out += '[^/]';
    else if (c === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end < 0) throw new SyntaxError(`unclosed [ in pattern ${glob}`);
      out += `[${glob
        .slice(i + 1, end)
        .replace(/^[!^]/, '^')
        .replace(/[\\[]/g, '\\$&')}]`;
      i = end;
    } else if (c === '{') {
      out += '(?:';
      depth++;
    } else if (c === '}' && depth > 0) {
      out += ')';
      depth--;
    } else if (c === ',' && depth > 0) out += '|';
    else if (c === '\\' && i + 1 < glob.length) out += escape(glob[++i]!);
    else out += escape(c);
  }
  if (depth > 0) throw new SyntaxError(`unclosed { in pattern ${glob}`);
  return out;
}

const escape = (c: string): string => c.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
