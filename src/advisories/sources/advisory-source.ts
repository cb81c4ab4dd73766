/**
 * The contract of an advisory source: a public feed and how its files are read. A source is one file exporting one
 * `defineAdvisorySource({...})` value, and one line in `registry.ts`; it states facts and no prose.
 */
import type { StoredAdvisory } from '#model';
import type { SchemeId } from '#versions';

export interface AdvisorySource {
  /** As findings and `--vuln-severity-source` name it. */
  readonly id: string;
  /** As its publisher calls it. */
  readonly title: string;
  /** Its home. */
  readonly url: string;
  /** SPDX identifier, or a few words where the publisher states none. */
  readonly license: string;
  /** The folder (or the file) of the feed in a directory of feeds. */
  readonly feed: string;
  /** Paths, inside the folder, of the files to read. */
  readonly files: RegExp;
  /** Buckets that it fills, `<release>` for a part that the feed decides; none for sources of details only. */
  readonly buckets: readonly string[];
  /** How versions of its advisories compare. */
  readonly scheme?: SchemeId;
  /**
   * What one file says. A `FormatError` (or `LimitError`) gives the file up and is reported; a `problem` is about a part.
   * @param feed the other files, for what one of them cannot say alone
   */
  parse(file: FeedFile, feed: Feed): AsyncIterable<Statement> | Iterable<Statement>;
}

export interface FeedFile {
  /** Inside the folder, with `/`. */
  readonly path: string;
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
}

export interface Feed {
  /** In byte order of their paths; also those that `files` does not choose. */
  readonly files: readonly FeedFile[];
}

export type Statement =
  | AdvisoryStatement
  | DetailsStatement
  | ExploitedStatement
  | DecisionStatement
  | ProbabilityStatement
  /** The newest date in the file, `YYYY-MM-DD…`. */
  | { readonly kind: 'dated'; readonly date: string }
  /** Left out on purpose: `withdrawn`. */
  | { readonly kind: 'skipped'; readonly why: string }
  /** Something that cannot be used. */
  | { readonly kind: 'problem'; readonly message: string };

/** A package has a vulnerability. */
export interface AdvisoryStatement {
  readonly kind: 'advisory';
  readonly bucket: string;
  /** As look-ups spell it. */
  readonly package: string;
  readonly id: string;
  readonly advisory: StoredAdvisory;
}

/** Facts about a vulnerability itself. */
export interface DetailsStatement {
  readonly kind: 'details';
  readonly id: string;
  /** Whose ratings these are. */
  readonly ratings?: readonly Rating[];
  /** `CWE-79` */
  readonly weaknesses?: readonly string[];
  /** RFC 3339. */
  readonly published?: string;
  readonly modified?: string;
  /** The id was withdrawn by whoever assigned it. */
  readonly rejected?: boolean;
}

export interface Rating {
  readonly provider: string;
  /** CVSS of any version. */
  readonly vectors?: readonly string[];
  /** CVSS scores of feeds that give no vector; the newest version counts. */
  readonly scores?: readonly number[];
  /** A word for it, where there is no score: `high`. */
  readonly severity?: string;
}

/** Known to be exploited. */
export interface ExploitedStatement {
  readonly kind: 'exploited';
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly added: string;
  readonly due?: string;
  /** Used by ransomware. */
  readonly ransomware?: boolean;
}

/** How likely it is to be exploited. https://www.first.org/epss/ */
export interface ProbabilityStatement {
  readonly kind: 'probability';
  readonly id: string;
  /** Both from 0 to 1. */
  readonly score: number;
  readonly percentile: number;
}

/** Decision points of SSVC. https://certcc.github.io/SSVC/ */
export interface DecisionStatement {
  readonly kind: 'decision';
  readonly id: string;
  readonly exploitation: string;
  readonly automatable: string;
  readonly technicalImpact: string;
}

export function defineAdvisorySource<const T extends AdvisorySource>(source: T): T {
  return source;
}
