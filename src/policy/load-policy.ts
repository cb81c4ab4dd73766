/** Opens the policy that `--ignore-policy` names; its language is told by the file's ending. */
import { FormatError, limits, PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import type { FindingContext, Judgement } from './cel-policy.js';

export interface IgnorePolicy {
  /** The file, as the user named it. */
  readonly source: string;
  /** Why a finding was ignored. */
  readonly statement: string;
  /** Fields of findings that it asks for without an error where they are missing. */
  readonly fields?: ReadonlySet<string>;
  judge(finding: FindingContext): Judgement;
}

export async function loadPolicy(path: string, world: World): Promise<IgnorePolicy> {
  const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, limits.tarMeta);
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  const invalid = (error: unknown): unknown =>
    error instanceof FormatError ? new PratiqueError('policy/invalid', { path, problem: error.message }, error) : error;
  const compiled = await compile(path, new TextDecoder().decode(bytes), world).catch((error: unknown) => {
    throw invalid(error);
  });
  return {
    ...compiled,
    source: path,
    judge(finding) {
      try {
        return compiled.judge(finding);
      } catch (error) {
        throw invalid(error);
      }
    },
  };
}

type Compiled = Omit<IgnorePolicy, 'source'>;

/** Each language is loaded when a policy is written in it. */
async function compile(path: string, text: string, world: World): Promise<Compiled> {
  if (isRego(path, text)) {
    const { compileRego } = await import('./rego/compile-rego.js');
    const print = (message: string): void => world.log.debug(`${path}: ${message}`);
    const { judge, fields } = await compileRego(text, { now: world.clock.now(), print });
    return { statement: 'Filtered by Rego', fields, judge: ({ input }) => judge(input) };
  }
  if (!path.endsWith('.cel'))
    throw new FormatError('the name of a policy ends with .rego or .cel, or its text begins with a package');
  const { compileCel } = await import('./cel-policy.js');
  return { statement: 'Filtered by CEL', judge: await compileCel(text) };
}

/** By the ending; a file with another name is Rego when its first statement says so. */
const isRego = (path: string, text: string): boolean =>
  path.endsWith('.rego') || (!path.endsWith('.cel') && /^\uFEFF?(?:\s|#[^\n]*\n)*package\s/.test(text));
