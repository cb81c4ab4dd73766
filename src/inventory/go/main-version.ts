/**
 * The version of a program's main module, which its build information often lacks.
 * Yields  in this order: the recorded version when it is a release; what the linker was told to write into a version
 *         variable (`-ldflags "-X main.version=1.2.3"`, or the variable itself when flags were trimmed from an ELF file
 *         with symbols); the recorded pseudo-version. Two different candidates of one rank are no evidence.
 * Errors  none: an unknown version is empty.
 * Source  https://pkg.go.dev/cmd/link, https://go.dev/ref/mod#pseudo-versions and https://pkg.go.dev/golang.org/x/mod/semver
 */
import { type ByteSource, elfSymbols, type GoBuildInfo, readExecutable, readMemory } from '#formats';

export function mainVersion(info: GoBuildInfo, source: ByteSource): string {
  const { path, version } = info.main ?? { path: '', version: '' };
  const recorded = version === '(devel)' ? '' : version;
  if (recorded !== '' && !isPseudoVersion(recorded)) return recorded;
  return fromFlags(path, info.settings.get('-ldflags')) ?? fromSymbols(path, source) ?? recorded;
}

const pseudoVersion = /^v\d+\.(?:0\.0-|\d+\.\d+-(?:[^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+(?:\+[0-9A-Za-z.-]+)?$/;

export function isPseudoVersion(version: string): boolean {
  return version.length <= 256 && pseudoVersion.test(version);
}

function fromFlags(module: string, flags: string | undefined): string | undefined {
  return flags === undefined ? undefined : choose(module, assignments(flags));
}

/** `-X key=value` in all its spellings; the last assignment of a key counts. */
function assignments(flags: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, first, second] of flags.matchAll(/(?:^|\s)--?X[\s=]+(?:["']([^"']*)["']|(\S+))/g)) {
    const [, key, value] = /^([^=]*)=["']?(.*?)["']?$/s.exec(first ?? second ?? '') ?? [];
    if (key !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

const valueLimit = 256;

/** The linker keeps the text of `main.version` under the symbol `main.version.str`. */
function fromSymbols(module: string, source: ByteSource): string | undefined {
  const executable = readExecutable(source);
  if (executable?.format !== 'elf') return undefined;
  const values = new Map<string, string>();
  for (const { name, address, size } of elfSymbols(
    source,
    (symbol) => symbol.endsWith('.str') && isVersionKey(symbol.slice(0, -4)),
  )) {
    if (size > valueLimit) continue;
    values.set(
      name.slice(0, -4),
      Buffer.from(readMemory(source, executable, address, size))
        .toString()
        .replace(/\0+$/, ''),
    );
  }
  return choose(module, values);
}

function choose(module: string, values: ReadonlyMap<string, string>): string | undefined {
  const ranks: readonly Set<string>[] = [new Set(), new Set(), new Set()];
  for (const [key, value] of values)
    if (isVersionKey(key) && isSemanticVersion(value)) ranks[rankOf(module, key)]!.add(value);
  const best = ranks.find(({ size }) => size > 0);
  return best?.size === 1 ? [...best][0] : undefined;
}

/** A variable of a command of this module says more than one of some package. */
function rankOf(module: string, key: string): 0 | 1 | 2 {
  if (module !== '' && key.startsWith(`${module}/cmd/`)) return 0;
  const owner = key.slice(0, key.lastIndexOf('.')).toLowerCase();
  return ['main', 'common', 'version', 'cmd'].includes(owner.slice(owner.lastIndexOf('/') + 1)) ? 1 : 2;
}

function isVersionKey(key: string): boolean {
  return /\.ver(?:sion)?$/i.test(key);
}

function isSemanticVersion(value: string): boolean {
  return (
    value.length <= valueLimit &&
    /^v?\d+(?:\.\d+(?:\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?)?$/.test(
      value,
    )
  );
}
