/**
 * The GitHub Action: runs the program on its inputs, writes the job summary, submits a dependency snapshot when asked,
 * sets outputs. Resolves to the exit code.
 * Source  https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
import { isAbsolute, join } from 'node:path';
import { limits, PratiqueError } from '#base';
import { main } from '#cli';
import { appendText, readIfPresent, tempDirectory, writeAtomically, type World } from '#platform';
import { commandLine, ignoreFiles, inputsOf, type Input } from './inputs.js';
import { submitSnapshot } from './submit-snapshot.js';

/** The runner drops a summary above this, as a whole. */
const maxSummary = 1024 * 1024;

export async function runAction(world: World): Promise<number> {
  const input = inputsOf(world.env);
  const scratch = await tempDirectory(world.env['RUNNER_TEMP'] || undefined);
  try {
    return await run(input, scratch.path, world);
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    await world.stdout.write(`::error::${escapeCommand(`${error.message} (${error.hint})`)}\n`);
    return 1;
  } finally {
    await scratch.remove();
  }
}

async function run(input: Input, scratch: string, world: World): Promise<number> {
  const workspace = world.env['GITHUB_WORKSPACE'] || world.cwd;
  const cacheDir =
    input('cache') === 'false' ? join(scratch, 'cache') : input('cache-dir') || join(workspace, '.cache/trivy');
  const ignoreFile = await gatherIgnoreFiles(ignoreFiles(input), scratch, workspace);
  const wantsSummary = input('summary') !== 'false' && Boolean(world.env['GITHUB_STEP_SUMMARY']);
  const summary = join(scratch, 'summary.md');
  if (input('version')) {
    await world.stdout.write('::notice::version is ignored: this action brings its own; pin the action instead\n');
  }
  const args = commandLine(input, {
    cacheDir,
    ...(ignoreFile && { ignoreFile }),
    ...(wantsSummary && { summary }),
  });
  const code = await main(args, world);
  if (wantsSummary) await writeSummary(summary, world);
  await submit(input, workspace, code, world);
  const outputs = { 'exit-code': String(code), report: input('output'), 'cache-dir': cacheDir };
  await setOutputs(outputs, world);
  return code;
}

/** Several plain files become one; a blank line keeps the last entry of one from joining the first of the next. */
async function gatherIgnoreFiles(
  files: readonly string[],
  scratch: string,
  workspace: string,
): Promise<string | undefined> {
  if (files.length <= 1) return files[0];
  const texts: string[] = [];
  for (const file of files) {
    const bytes = await readIfPresent(isAbsolute(file) ? file : join(workspace, file), limits.manifest);
    if (!bytes) throw new PratiqueError('file/not-found', { path: file });
    texts.push(new TextDecoder().decode(bytes));
  }
  const path = join(scratch, 'trivyignores');
  await writeAtomically(path, `${texts.join('\n')}\n`);
  return path;
}

async function writeSummary(path: string, world: World): Promise<void> {
  const bytes = await readIfPresent(path, limits.textFile);
  if (!bytes) return;
  const text = bytes.length <= maxSummary - 1024 ? new TextDecoder().decode(bytes) : shortened(bytes);
  await appendText(world.env['GITHUB_STEP_SUMMARY']!, text);
}

/** Whole lines up to the limit, and a word about the rest. */
function shortened(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, maxSummary - 1024));
  return `${text.slice(0, text.lastIndexOf('\n') + 1)}\n_The report is longer than a job summary may be; the rest was left out._\n`;
}

/** After the scan whatever it found: a snapshot is a list of packages, not a verdict. */
async function submit(input: Input, workspace: string, code: number, world: World): Promise<void> {
  if (!input('github-pat') || input('format') !== 'github') return;
  const output = input('output');
  if (!output)
    throw new PratiqueError('usage/invalid', { problem: 'github-pat needs output: the snapshot is read from it' });
  const path = isAbsolute(output) ? output : join(workspace, output);
  const snapshot = await readIfPresent(path, limits.textFile);
  if (snapshot) return submitSnapshot(snapshot, input('github-pat'), world);
  if (code === 0) throw new PratiqueError('file/not-found', { path });
}

async function setOutputs(outputs: Readonly<Record<string, string>>, world: World): Promise<void> {
  const file = world.env['GITHUB_OUTPUT'];
  if (!file) return;
  const lines = Object.entries(outputs).map(([name, value]) => {
    // A delimiter that the value cannot hold: values are paths and numbers, but paths may hold line breaks.
    let delimiter = 'END';
    while (value.includes(delimiter)) delimiter += '_';
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  await appendText(file, lines.join(''));
}

/** Workflow commands end at line breaks; `%` starts an escape. */
function escapeCommand(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
