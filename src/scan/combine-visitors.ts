/** One walk for two visitors: a file that either wants is read once. */
import { SNIFF_BYTES, type SourceFile, type TreeVisitor, type Want } from '#model';

/**
 * Whiteouts and what cannot be read are told to both. Only `a` is asked about hard links: `b` sees their content
 * under the name of their target.
 */
export function combineVisitors(a: TreeVisitor, b: TreeVisitor): TreeVisitor {
  /** What each wants of the file that was asked about last and not been visited; files come one after the other. */
  let path = '';
  let wants: [Want, Want] = ['skip', 'skip'];
  return {
    want(entry) {
      path = entry.path;
      wants = [a.want(entry), b.want(entry)];
      if (wants.includes('read')) return 'read';
      return wants.includes('sniff') ? 'sniff' : 'skip';
    },
    sniff(entry, head) {
      // Nobody wants it for sure: who is not interested in its first bytes drops out.
      const asked: [Want, Want] = entry.path === path ? wants : [a.want(entry), b.want(entry)];
      path = entry.path;
      wants = [sniffed(a, asked[0]), sniffed(b, asked[1])];
      return wants.includes('read');

      function sniffed(visitor: TreeVisitor, want: Want): Want {
        return want === 'sniff' && visitor.sniff(entry, head) ? 'read' : 'skip';
      }
    },
    wantsLink: (link, target) => a.want(link) !== 'skip' && a.want(target) === 'skip',
    visit(file) {
      const [first, second] = file.path === path ? wants : ([a.want(file), b.want(file)] as const);
      path = '';
      const done = visit(a, first, file);
      return done ? done.then(() => visit(b, second, file)) : visit(b, second, file);
    },
    hide(path, kind) {
      a.hide(path, kind);
      b.hide(path, kind);
    },
    report(code, message, path) {
      a.report(code, message, path);
      b.report(code, message, path);
    },
  };
}

function visit(visitor: TreeVisitor, want: Want, file: SourceFile): void | Promise<void> {
  if (want === 'skip') return undefined;
  if (want === 'sniff' && !visitor.sniff(file, file.read(0, SNIFF_BYTES))) return undefined;
  return visitor.visit(file);
}
