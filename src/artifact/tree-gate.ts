/**
 * What the entries of a layer's tar mean for a visitor, the same for archives and streams: names made safe, whiteouts
 * told, filters applied, everything but regular files passed over.
 * Whiteouts: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
 */
import { limits, PratiqueError } from '#base';
import { cleanPath, type TarEntry } from '#formats';
import type { FileEntry, TreeVisitor, Want } from '#model';
import type { PathFilter } from './path-filter.js';

/** A file that is wanted, or may be. */
export interface Wanted {
  readonly file: FileEntry;
  readonly want: Exclude<Want, 'skip'>;
}

/** A wanted hard link whose target is not wanted under its own name. */
export interface WantedLink {
  readonly path: string;
  readonly target: string;
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** Other names that start so are notes of the AUFS file system to itself. */
const AUFS = '.wh..wh.';

export class TreeGate {
  private readonly visitor: TreeVisitor;
  private readonly filter: PathFilter;
  private entries = 0;

  constructor(visitor: TreeVisitor, filter: PathFilter) {
    this.visitor = visitor;
    this.filter = filter;
  }

  /** A regular file that may be wanted; anything else is dealt with. */
  admit(entry: TarEntry): Wanted | undefined {
    if (++this.entries > limits.entries) {
      throw new PratiqueError('limit/exceeded', { what: 'the number of files', limit: limits.entries });
    }
    const path = this.safe(entry.path, entry.path);
    if (path === undefined) return undefined;
    const slash = path.lastIndexOf('/');
    if (path.startsWith(WHITEOUT, slash + 1)) return this.whiteout(path, slash);
    return entry.type === 'file' ? this.regular(path, entry) : undefined;
  }

  /** The link, when its content would not be seen otherwise. */
  admitLink(entry: TarEntry): WantedLink | undefined {
    const path = cleanPath(entry.path);
    if (path === undefined || this.regular(path, entry) === undefined) return undefined;
    const target = this.safe(entry.link, entry.path);
    if (target === undefined) return undefined;
    const { size, mode } = entry;
    const wanted =
      this.visitor.wantsLink?.({ path, size, mode }, { path: target, size, mode }) ??
      this.regular(target, entry) === undefined;
    return wanted ? { path, target } : undefined;
  }

  /** A file under a name already made safe. */
  regular(path: string, entry: TarEntry): Wanted | undefined {
    if (path === '' || this.filter.skipsFile(path)) return undefined;
    const file: FileEntry = { path, size: entry.size, mode: entry.mode };
    const want = this.visitor.want(file);
    return want === 'skip' ? undefined : { file, want };
  }

  private whiteout(path: string, slash: number): undefined {
    const directory = slash < 0 ? '' : path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (name === OPAQUE) return this.visitor.hide(directory, 'opaque') as undefined;
    if (name.startsWith(AUFS) || name === WHITEOUT) return undefined;
    // `.wh...` would hide the directory it lies in.
    const hidden = name.slice(WHITEOUT.length);
    if (hidden === '.' || hidden === '..') this.visitor.report('walk/unsafe-path', `whiteout of ${hidden}`, path);
    else this.visitor.hide(slash < 0 ? hidden : `${directory}/${hidden}`, 'whiteout');
    return undefined;
  }

  private safe(name: string, reported: string): string | undefined {
    const path = cleanPath(name);
    if (path === undefined) this.visitor.report('walk/unsafe-path', `the name leaves the root: ${name}`, reported);
    return path;
  }
}
