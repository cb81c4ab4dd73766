/** Where the sections and loaded segments of an executable file lie, whatever its format. */
export interface ExecutableSection {
  readonly name: string;
  /** In memory, once loaded. */
  readonly address: number;
  /** In the file. */
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
}

export interface ExecutableSegment {
  readonly address: number;
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
  readonly writable: boolean;
}

export interface Executable {
  readonly format: 'elf' | 'pe' | 'mach-o';
  readonly littleEndian: boolean;
  readonly pointerSize: 4 | 8;
  readonly sections: readonly ExecutableSection[];
  readonly segments: readonly ExecutableSegment[];
}

export type ExecutableFormat = Executable['format'];
