/** Limits of every reader, in bytes unless said otherwise. Everything scanned is hostile. */
export const limits = {
  /** A text file handed to an extractor as a whole. */
  textFile: 256 * 1024 * 1024,
  /** A lock file or project manifest; the largest known ones have a few million bytes. */
  lockFile: 64 * 1024 * 1024,
  /** A TOML or YAML document: the libraries take a few dozen bytes of memory for each. */
  structuredText: 32 * 1024 * 1024,
  /** Packages (count) of one file; a whole distribution has some 70,000. What a file has beyond is left out. */
  packagesOfFile: 200_000,
  /** Packages (count) of one layer or directory. */
  packages: 500_000,
  /** Packages (count) of one image. */
  packagesOfImage: 1_000_000,
  /** Packages (count) that one package depends on. */
  dependencies: 10_000,
  /** Files (count) that the packages of one database own; a desktop has half a million. */
  ownedFiles: 2_000_000,
  /** Objects and arrays (count) of one JSON document. */
  jsonNodes: 5_000_000,
  /** One manifest, index or image configuration. */
  manifest: 8 * 1024 * 1024,
  /** One PAX header or GNU long name. */
  tarMeta: 1024 * 1024,
  /** Uncompressed bytes of one layer. */
  layer: 64 * 1024 * 1024 * 1024,
  /** Uncompressed bytes per compressed byte, once past `ratioFloor`. */
  ratio: 1100,
  ratioFloor: 64 * 1024 * 1024,
  /** Entries (count) of one layer or archive. */
  entries: 5_000_000,
  /** Content kept in memory per file while a layer streams; larger files go to a spool file. */
  spoolThreshold: 4 * 1024 * 1024,
  /** One entry inside a zip archive. */
  zipEntry: 128 * 1024 * 1024,
  /** Archives inside archives (depth). */
  nesting: 8,
} as const;
