/** Tar archives are made of blocks of this many bytes. */
export const TAR_BLOCK = 512;

/** `length` rounded up to whole blocks. */
export const padded = (length: number): number => Math.ceil(length / TAR_BLOCK) * TAR_BLOCK;
