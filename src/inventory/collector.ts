/**
 * Runs the extractors over the files of one tree (a layer, a directory) and gathers what they find into a `LayerRecord`.
 * An extractor that fails on a file costs that file only, and leaves a diagnostic.
 * Limits  of lock files their size; of every file and of the whole tree the number of packages: the first are kept.
 */
import { compact, FormatError, LimitError, limits, PratiqueError } from '#base';
import type { Application, Diagnostic, FileEntry, LayerRecord, Package, SourceFile, TreeVisitor, Want } from '#model';
import { BoundedDiagnostics } from './bounded-diagnostics.js';
import { Companions } from './companions.js';
import type { ExtractContext, Extraction, Extractor, JavaLookup } from './extractor.js';
import { mergeOs } from './os/merge-os.js';
import { withFileDigest } from './file-digest.js';
import type { Chosen, ExtractionPlan } from './plan.js';
import { packageUid } from './uid.js';

export interface Collector extends TreeVisitor {
  /** Runs the extractors that need the whole tree, and closes the record. Call once, after the walk. */
  finish(identity?: Pick<LayerRecord, 'digest' | 'diffId' | 'size' | 'createdBy'>): Promise<LayerRecord>;
}

/** Files of the distribution's own Python that no package database of distroless images lists. */
const unlistedSystemFiles = [
  'usr/lib/python2.7/argparse.egg-info',
  'usr/lib/python2.7/lib-dynload/Python-2.7.egg-info',
  'usr/lib/python2.7/wsgiref.egg-info',
];

export function createCollector(plan: ExtractionPlan): Collector {
  const gathered = new Gathered(plan);
  const delayed: { extractor: Extractor; file: SourceFile }[] = [];
  const companions = new Map<Extractor, Companions>();
  const sniffed = new Map<string, readonly Extractor[]>();

  const choose = (entry: FileEntry): readonly Chosen[] => {
    const chosen = plan.index.match(entry.path);
    return chosen.length === 0
      ? chosen
      : chosen.filter((c) => c.role === 'companion' || c.extractor.accepts?.(entry) !== false);
  };

  return {
    want(entry: FileEntry): Want {
      if (choose(entry).length > 0) return 'read';
      return plan.executables.length > 0 && isExecutable(entry) ? 'sniff' : 'skip';
    },
    sniff(entry, head) {
      const willing = plan.executables.filter((e) => e.sniff?.(head, entry) !== false);
      if (willing.length > 0) sniffed.set(entry.path, willing);
      else gathered.replaced.push(entry.path);
      return willing.length > 0;
    },
    async visit(file) {
      const chosen = choose(file);
      const now = sniffed.get(file.path) ?? [];
      sniffed.delete(file.path);
      for (const { extractor, role } of chosen) {
        if (role === 'companion') keep(companions, extractor, file);
        else if (extractor.companions) delayed.push({ extractor, file });
        else await gathered.run(extractor, file, noCompanions);
      }
      for (const extractor of now) await gathered.run(extractor, file, noCompanions);
    },
    hide: (path, kind) => void (kind === 'opaque' ? gathered.opaqueDirs : gathered.whiteouts).push(path),
    report: (code, message, path) =>
      void gathered.diagnostics.add(compact({ code, severity: 'error' as const, message, path })),
    async finish(identity = {}) {
      for (const { extractor, file } of delayed) {
        await gathered.run(extractor, file, companions.get(extractor) ?? noCompanions);
      }
      return gathered.record(identity);
    },
  };
}

const noCompanions = new Companions();

function isExecutable(entry: FileEntry): boolean {
  return (entry.mode & 0o111) !== 0 || entry.path.endsWith('.exe');
}

function keep(companions: Map<Extractor, Companions>, extractor: Extractor, file: SourceFile): void {
  const files = companions.get(extractor) ?? new Companions();
  companions.set(extractor, files);
  files.add(file);
}

class Gathered {
  readonly plan: ExtractionPlan;
  readonly opaqueDirs: string[] = [];
  readonly whiteouts: string[] = [];
  /** Files that were looked at and hold no package: they hide what a lower layer had at that path. */
  readonly replaced: string[] = [];
  readonly diagnostics = new BoundedDiagnostics();
  readonly packageFiles: { path: string; packages: readonly Package[] }[] = [];
  readonly applications: Application[] = [];
  /** Packages that the tree may still bring. */
  #room: number = limits.packages;
  readonly owned = new Set<string>();
  readonly digests = new Map<string, string>();
  readonly licenses: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  os: LayerRecord['os'];
  repository: LayerRecord['repository'];
  buildInfo: LayerRecord['buildInfo'];
  #opened: Promise<JavaLookup | undefined> | undefined;

  constructor(plan: ExtractionPlan) {
    this.plan = plan;
  }

  async run(extractor: Extractor, file: SourceFile, companions: Companions): Promise<void> {
    try {
      if (extractor.runsOn === 'sources' && file.size > limits.lockFile)
        throw new LimitError(file.path, limits.lockFile);
      const java = extractor.type === 'jar' ? await this.#java() : undefined;
      const extraction = await extractor.extract(file, this.#context(extractor, file, companions, java));
      const found = this.plan.options.extract.fileDigests ? withFileDigest(extraction, file) : extraction;
      if (!found || !this.#add(extractor, file.path, found)) this.replaced.push(file.path);
    } catch (error) {
      if (error instanceof PratiqueError) throw error;
      this.replaced.push(file.path);
      this.diagnostics.add(failure(extractor, file.path, error));
    }
  }

  /** Asked for once, by the first Java archive. */
  #java(): Promise<JavaLookup | undefined> {
    return (this.#opened ??= this.plan.options.java?.() ?? Promise.resolve(undefined));
  }

  #context(
    extractor: Extractor,
    file: SourceFile,
    companions: Companions,
    java: JavaLookup | undefined,
  ): ExtractContext {
    const { extract } = this.plan.options;
    return compact({
      options: extract,
      report: (code: string, message: string, line?: number) =>
        void this.diagnostics.add(
          compact({
            code: `${shortId(extractor)}/${code}`,
            severity: 'warning' as const,
            message,
            path: file.path,
            line,
          }),
        ),
      sibling: (path: string) => companions.get(path),
      companionsUnder: (directory: string) => companions.under(directory),
      java,
    });
  }

  /** Whether anything was found. */
  #add(extractor: Extractor, path: string, found: Extraction): boolean {
    if (found.os) this.os = mergeOs(this.os, found.os);
    if (found.repository) this.repository = found.repository;
    if (found.buildInfo) this.buildInfo = { ...this.buildInfo, ...found.buildInfo };
    for (const owned of found.ownedFiles ?? []) if (this.owned.size < limits.ownedFiles) this.owned.add(owned);
    for (const [key, digest] of Object.entries(found.packageDigests ?? {})) this.digests.set(key, digest);
    Object.assign(this.licenses, found.packageLicenses);
    const analyzedBy = extractor.name;
    const stamp = (pkg: Package): Package => ({ ...pkg, analyzedBy });
    const keep = this.#keeper(extractor, path);
    if (found.packages?.length) this.packageFiles.push({ path, packages: keep(found.packages).map(stamp) });
    for (const app of found.applications ?? []) {
      const packages = keep(app.packages);
      if (packages.length > 0) this.applications.push({ ...app, packages: packages.map(stamp) });
    }
    return Object.values(found).some((value) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  }

  /** Of the lists of one file, as many packages as the limits allow. */
  #keeper(extractor: Extractor, path: string): (packages: readonly Package[]) => readonly Package[] {
    const allowed = Math.min(limits.packagesOfFile, this.#room);
    let kept = 0;
    let reported = false;
    return (packages) => {
      const some = packages.length > allowed - kept ? packages.slice(0, allowed - kept) : packages;
      kept += some.length;
      this.#room -= some.length;
      if (some.length < packages.length && !reported) {
        reported = true;
        const whose = allowed < limits.packagesOfFile ? `, with ${limits.packages} in all files,` : '';
        const message = `only the first ${kept} packages were assessed: more${whose} are beyond the limit`;
        this.diagnostics.add({ code: `${shortId(extractor)}/incomplete`, severity: 'error', message, path });
      }
      return some;
    };
  }

  record(identity: Pick<LayerRecord, 'digest' | 'diffId' | 'size' | 'createdBy'>): LayerRecord {
    const digest = (pkg: Package): Package => {
      const found = pkg.digest ? undefined : this.digests.get(pkg.id ?? `${pkg.name}@${pkg.version}`);
      return found ? { ...pkg, digest: found } : pkg;
    };
    return compact({
      ...identity,
      opaqueDirs: this.opaqueDirs,
      whiteouts: [...new Set([...this.whiteouts, ...this.replaced])].sort(),
      os: this.os,
      repository: this.repository,
      buildInfo: this.buildInfo,
      packageFiles: this.packageFiles
        .map(({ path, packages }) => ({ path, packages: packages.map(digest).map(identify('')) }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
      applications: this.#withoutSystemFiles()
        .map((app) => ({ ...app, packages: app.packages.map(identify(app.path)) }))
        .sort((a, b) => (a.path < b.path || (a.path === b.path && a.type < b.type) ? -1 : 1)),
      packageLicenses: Object.keys(this.licenses).length > 0 ? { ...this.licenses } : undefined,
      diagnostics: this.diagnostics.list(),
    });
  }

  /** Language packages in files that the distribution's packages own are the distribution's: it patches and tracks them. */
  #withoutSystemFiles(): Application[] {
    if (this.plan.options.extract.detection !== 'precise') return this.applications;
    for (const path of unlistedSystemFiles) this.owned.add(path);
    return this.applications
      .filter((app) => !this.owned.has(app.path))
      .map((app) => ({ ...app, packages: app.packages.filter((pkg) => !pkg.path || !this.owned.has(pkg.path)) }))
      .filter((app) => app.packages.length > 0);
  }
}

function failure(extractor: Extractor, path: string, error: unknown): Diagnostic {
  const known = error instanceof FormatError ? 'invalid' : error instanceof LimitError ? 'too-large' : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return known
    ? { code: `${shortId(extractor)}/${known}`, severity: 'error', message, path }
    : { code: 'extractor/crashed', severity: 'error', message: `${extractor.id}: ${message}`, path };
}

/** The UID is of the package as its extractor made it; content that came with one keeps it. */
const identify =
  (path: string) =>
  (pkg: Package): Package =>
    pkg.uid ? pkg : { ...pkg, uid: packageUid(pkg, path) };

const shortId = (extractor: Extractor): string => extractor.id.slice(extractor.id.lastIndexOf('/') + 1);
