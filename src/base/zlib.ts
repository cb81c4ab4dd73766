/** The runtime's decompressors, loaded when something is to be expanded: with them come all of its streams. */
export const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');
