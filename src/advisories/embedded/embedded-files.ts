/**
 * The two files of the database that comes with the program: `data/default-db.br` (a bbolt file, compressed with
 * brotli) and `data/default-db.json` (what it is).
 * Reads   the package's `data` directory; a compiled program, which has none, says where they are by the global
 *         `PRATIQUE_EMBEDDED` before anything asks.
 * Errors  `db/missing`, when the package is incomplete.
 */
import { readFileSync } from 'node:fs';
import { PratiqueError } from '#base';

/** What `data/default-db.json` says. */
export interface EmbeddedManifest {
  /** Of the bbolt layout, as in `metadata.json`. */
  readonly schema: number;
  /** RFC 3339. */
  readonly built: string;
  /** Of the bbolt file, hexadecimal. */
  readonly sha256: string;
  /** Of the bbolt file, bytes. */
  readonly size: number;
  readonly sources: readonly EmbeddedSource[];
  /** Releases of operating systems with advisories: `alpine 3.11`. */
  readonly releases: readonly string[];
}

export interface EmbeddedSource {
  readonly id: string;
  readonly name: string;
  /** Of the newest fact in it, `YYYY-MM-DD`. */
  readonly date: string;
  readonly license: string;
  readonly url: string;
  /** Pairs of package and vulnerability. */
  readonly advisories: number;
}

/** Set by the entry of a compiled program. */
export interface EmbeddedInProgram {
  /** The bytes of `data/default-db.br`, or the path under which the runtime reads them. */
  readonly database: Uint8Array | string;
  /** The parsed `data/default-db.json`. */
  readonly manifest: EmbeddedManifest;
}

/** Still compressed. */
export function embeddedBytes(): Uint8Array {
  const database = inProgram()?.database ?? packaged('default-db.br');
  return database instanceof Uint8Array ? database : read(database);
}

export function embeddedManifest(): EmbeddedManifest {
  return (
    inProgram()?.manifest ??
    (JSON.parse(Buffer.from(read(packaged('default-db.json'))).toString('utf8')) as EmbeddedManifest)
  );
}

const inProgram = (): EmbeddedInProgram | undefined =>
  (globalThis as { readonly PRATIQUE_EMBEDDED?: EmbeddedInProgram }).PRATIQUE_EMBEDDED;

const packaged = (name: string): URL => new URL(`../../../data/${name}`, import.meta.url);

function read(file: URL | string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new PratiqueError('db/missing', { path: typeof file === 'string' ? file : file.pathname }, error);
  }
}
