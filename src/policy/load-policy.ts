/** Opens the policy that `--ignore-policy` names; its language is told by the file's ending. */
import { FormatError, limits, PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import { compileCel, type FindingContext, type Judgement } from './cel-policy.js';

export interface IgnorePolicy {
  /** The file, as the user named it. */
  readonly source: string;
  /** Why a finding was ignored. */
  readonly statement: string;
  judge(finding: FindingContext): Judgement;
}

export async function loadPolicy(path: string, world: World): Promise<IgnorePolicy> {
  const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, limits.tarMeta);
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  if (path.endsWith('.rego')) throw new PratiqueError('policy/rego', { path });
  if (!path.endsWith('.cel'))
    throw new PratiqueError('policy/invalid', { path, problem: 'the name of a policy ends with .cel' });
  const invalid = (error: unknown): unknown =>
    error instanceof FormatError ? new PratiqueError('policy/invalid', { path, problem: error.message }, error) : error;
  const program = await compileCel(new TextDecoder().decode(bytes)).catch((error: unknown) => {
    throw invalid(error);
  });
  return {
    source: path,
    statement: 'Filtered by CEL',
    judge(finding) {
      try {
        return program(finding);
      } catch (error) {
        throw invalid(error);
      }
    },
  };
}
