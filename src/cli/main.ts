/** The program as a function: argv and a world in, an exit code out. */
import { PratiqueError } from '#base';
import { createLog, createProgress, noProgress, type Progress, type World } from '#platform';
import { isBrokenPipe } from './broken-pipe.js';
import type { Command } from './command.js';
import { findCommand, commands } from './commands/registry.js';
import { globalOptions, optionTable, type GlobalOptions, type OptionName } from './option-table.js';
import { parseArguments } from './parse-arguments.js';
import { programVersion } from './program-version.js';
import { resolveOptions } from './resolve-options.js';
import { worldWith } from './world-with.js';

/** 0: done; N of `--exit-code`: findings; 1: any error. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  try {
    return await dispatch(argv, world);
  } catch (error) {
    return reportError(error, argv, world);
  }
}

async function dispatch(argv: readonly string[], world: World): Promise<number> {
  const { command: load, rest, word } = findCommand(argv);
  if (!load) {
    if (rest.some((arg) => arg === '--version' || arg === '-v')) return runVersion(rest, world);
    const { programHelp } = await import('./help.js');
    const help = programHelp(await allCommands(), programVersion());
    if (word === undefined || word === 'help') {
      await world.stdout.write(help);
      return 0;
    }
    const below = (await allCommands()).filter(({ name }) => name.startsWith(`${word} `));
    if (below.length > 0 && rest.some((arg) => arg === '--help' || arg === '-h')) {
      for (const [i, command] of below.entries())
        await world.stdout.write(`${i === 0 ? '' : '\n'}${(await import('./help.js')).commandHelp(command)}`);
      return 0;
    }
    throw await unknownCommand(word, below);
  }
  return run(await load(), rest, world);
}

const allCommands = (): Promise<readonly Command[]> => Promise.all(commands.map((command) => command.load()));

async function unknownCommand(word: string, below: readonly Command[]): Promise<PratiqueError> {
  if (below.length > 0)
    return new PratiqueError('usage/invalid', {
      problem: `${word} is the first word of a command: ${below.map(({ name }) => name).join(', ')}`,
    });
  const { laterCommands } = await import('./later-options.js');
  if (laterCommands.includes(word))
    return new PratiqueError('usage/invalid', { problem: `${word} is not available yet` });
  const { nearest } = await import('./nearest.js');
  const near = nearest(
    word,
    commands.flatMap((c) => [c.name, ...c.aliases]),
  );
  const advice = near ? `; did you mean ${near}?` : '';
  return new PratiqueError('usage/invalid', { problem: `pratique has no command ${word}${advice}` });
}

async function run(command: Command, argv: readonly string[], world: World): Promise<number> {
  const names: OptionName[] = [...new Set([...command.options, ...globalOptions])];
  const specs = Object.fromEntries(names.map((name) => [name, optionTable[name]]));
  const parsed = parseArguments(argv, specs, command.name);
  if (parsed.help) {
    const { commandHelp } = await import('./help.js');
    await world.stdout.write(commandHelp(command));
    return 0;
  }
  const sources = {
    given: parsed.given,
    env: world.env,
    configuration: new Map(),
    configurationPath: '',
    defaults: command.defaults ?? {},
  };
  const { values: first, explicit: named } = resolveOptions(['config'], sources);
  const { readConfiguration } = await import('./configuration.js');
  const configuration = await readConfiguration(String(first['config']), named.has('config'), world);
  const { values, explicit } = resolveOptions(names, {
    ...sources,
    configuration: configuration.values,
    configurationPath: configuration.path,
    configurationLines: configuration.lines,
  });
  const options = values as unknown as GlobalOptions;
  const equipped = equip(world, options, values['no-progress'] === true);
  if (configuration.values.size > 0) {
    const { warnOfKeys } = await import('./configuration-keys.js');
    warnOfKeys(configuration, equipped.log);
  }
  if (options['generate-default-config']) {
    const { writeDefaultConfiguration } = await import('./default-config.js');
    await writeDefaultConfiguration(command, equipped);
    return 0;
  }
  return withTimeout(options, equipped, (inner) =>
    command.run({ options: values as never, explicit, args: parsed.args, world: inner, commands: allCommands }),
  );
}

async function runVersion(argv: readonly string[], world: World): Promise<number> {
  const { version } = await import('./commands/version.js');
  return run(
    version as unknown as Command,
    argv.filter((arg) => arg !== '--version' && arg !== '-v'),
    world,
  );
}

/** With the log and the progress display that the options ask for. */
function equip(world: World, { quiet, debug }: GlobalOptions, still: boolean): World {
  const { CI, TERM } = world.env;
  const progress = quiet || still || CI || TERM === 'dumb' ? noProgress : createProgress(world.stderr, world.clock);
  return worldWith(world, { progress, log: logOf(world, { quiet, debug }, progress) });
}

function logOf(world: World, levels: { readonly quiet?: boolean; readonly debug?: boolean }, progress: Progress) {
  const { NO_COLOR, TERM } = world.env;
  const write = (line: string): void => {
    progress.clear();
    // A log line that cannot be written has nowhere to be reported.
    void world.stderr.write(line).catch(() => {});
  };
  return createLog({
    ...levels,
    color: world.stderr.isTTY && !NO_COLOR && TERM !== 'dumb',
    now: world.clock.now,
    write,
  });
}

/** The whole run ends with `scan/timeout` when it takes longer than `--timeout`; 0 is no limit. */
async function withTimeout(
  options: GlobalOptions,
  world: World,
  work: (world: World) => Promise<number>,
): Promise<number> {
  if (options.timeout <= 0) return work(world);
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(world.signal.reason);
  world.signal.addEventListener('abort', onAbort, { once: true });
  if (world.signal.aborted) onAbort();
  const error = new PratiqueError('scan/timeout', { timeout: `${options.timeout / 1000}s` });
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        controller.abort(error);
        reject(error);
      },
      Math.min(options.timeout, 2 ** 31 - 1),
    );
  });
  try {
    return await Promise.race([work(worldWith(world, { signal: controller.signal })), expired]);
  } finally {
    clearTimeout(timer);
    world.signal.removeEventListener('abort', onAbort);
  }
}

async function reportError(error: unknown, argv: readonly string[], world: World): Promise<number> {
  const { PRATIQUE_DEBUG, TRIVY_DEBUG } = world.env;
  const debug =
    argv.includes('--debug') || argv.includes('-d') || /^(?:1|t|true)$/i.test(PRATIQUE_DEBUG ?? TRIVY_DEBUG ?? '');
  const log = logOf(world, { debug }, noProgress);
  if (error instanceof PratiqueError) {
    if (isBrokenPipe(error)) return 0;
    log.error(`${error.message} (${error.hint})`);
  } else {
    log.error(
      `a bug in pratique: ${error instanceof Error ? error.message : String(error)}${debug ? '' : ' (run again with --debug for where)'}`,
    );
  }
  if (debug && error instanceof Error) for (const line of trace(error)) log.debug(line);
  return 1;
}

function trace(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n');
  return error.cause instanceof Error ? [...lines, 'caused by:', ...trace(error.cause)] : lines;
}
