/** Every command, in the order of the help. Loaded when used: start-up is a budget. */
import type { Command } from '../command.js';

interface Entry {
  /** One to three words. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly load: () => Promise<Command>;
}

const entry = (name: string, aliases: readonly string[], load: () => Promise<unknown>): Entry => ({
  name,
  aliases,
  load: load as () => Promise<Command>,
});

export const commands: readonly Entry[] = [
  entry('image', ['i'], async () => (await import('./image.js')).image),
  entry('filesystem', ['fs'], async () => (await import('./filesystem.js')).filesystem),
  entry('rootfs', [], async () => (await import('./rootfs.js')).rootfs),
  entry('repository', ['repo'], async () => (await import('./repository.js')).repository),
  entry('sbom', [], async () => (await import('./sbom.js')).sbom),
  entry('kubernetes', ['k8s'], async () => (await import('./kubernetes.js')).kubernetes),
  entry('convert', [], async () => (await import('./convert.js')).convert),
  entry('db build', [], async () => (await import('./db-build.js')).dbBuild),
  entry('clean', [], async () => (await import('./clean.js')).clean),
  entry('completion', [], async () => (await import('./completion.js')).completion),
  entry('falco rules', [], async () => (await import('./falco-rules.js')).falcoRules),
  entry('falco listen', [], async () => (await import('./falco-listen.js')).falcoListen),
  entry('operator', [], async () => (await import('./operator.js')).operator),
  entry('webhook', [], async () => (await import('./webhook.js')).webhook),
  entry('vex repo init', [], async () => (await import('./vex-repo-init.js')).vexRepoInit),
  entry('vex repo list', [], async () => (await import('./vex-repo-list.js')).vexRepoList),
  entry('vex repo download', [], async () => (await import('./vex-repo-download.js')).vexRepoDownload),
  entry('version', [], async () => (await import('./version.js')).version),
];

/** The command that a command line names, options before it allowed, and what is left of the line. */
export function findCommand(argv: readonly string[]): {
  command?: () => Promise<Command>;
  rest: readonly string[];
  word?: string;
} {
  const at = argv.findIndex((arg, i) => !arg.startsWith('-') && !takesValue(argv[i - 1]));
  if (at < 0) return { rest: argv };
  const word = argv[at]!;
  if (word === 'help' && argv[at + 1] !== undefined) return findCommand([argv[at + 1]!, '--help']);
  for (const { name, aliases, load } of commands) {
    const length = name.split(' ').length;
    const named = argv.slice(at, at + length).join(' ') === name;
    if (named || aliases.includes(word)) return { command: load, rest: argv.toSpliced(at, length), word };
  }
  return { rest: argv, word };
}

/** Global options that may stand before the command and are followed by a value. */
function takesValue(option: string | undefined): boolean {
  return option !== undefined && ['-c', '--config', '--cache-dir', '--timeout', '--cacert'].includes(option);
}
