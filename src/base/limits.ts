/** Limits of every reader, in bytes unless said otherwise. Everything scanned is hostile. */
export const limits = {
  /** A text file handed to an extractor as a whole. */
  textFile: 256 * 1024 * 1024,
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
