/**
 * Exceptions from files.
 * Reads   YAML or JSON: `VulnerabilityException` objects of `pratique.dev`, as documents or in a list, as `kubectl get
 *         -o yaml` writes them. Other kinds may stand between them.
 * Limits  10,000 exceptions a file.
 * Errors  `file/not-found`; `exceptions/invalid` with the object and its field.
 */
import { FormatError, limits, PratiqueError } from '#base';
import { listOf, parseYamlDocuments, textOf } from '#formats';
import { readIfPresent, type World } from '#platform';
import { type FindingException, parseException } from './finding-exception.js';

export interface LoadedException {
  readonly exception: FindingException;
  /** Where it counts; absent: everywhere. */
  readonly namespace?: string;
}

export interface ExceptionFile {
  readonly path: string;
  readonly exceptions: readonly LoadedException[];
}

const MAX_EXCEPTIONS = 10_000;

export function loadExceptions(paths: readonly string[], world: World): Promise<readonly ExceptionFile[]> {
  return Promise.all(
    paths.map(async (path) => {
      const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, limits.manifest);
      if (!bytes) throw new PratiqueError('file/not-found', { path });
      try {
        return { path, exceptions: await parseExceptions(new TextDecoder().decode(bytes)) };
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        throw new PratiqueError('exceptions/invalid', { path, problem: error.message }, error);
      }
    }),
  );
}

export async function parseExceptions(text: string): Promise<readonly LoadedException[]> {
  const objects = (await parseYamlDocuments(text)).flatMap((one) =>
    (textOf(one, 'kind') ?? '').endsWith('List') ? listOf(one, 'items') : [one],
  );
  const found = objects.filter((one) => textOf(one, 'kind') === 'VulnerabilityException').map(readObject);
  if (found.length === 0) throw new FormatError('there is no VulnerabilityException in it');
  if (found.length > MAX_EXCEPTIONS) throw new FormatError(`more than ${MAX_EXCEPTIONS} exceptions`);
  return found;
}

function readObject(object: unknown): LoadedException {
  const namespace = textOf(object, 'metadata', 'namespace');
  const own = textOf(object, 'metadata', 'name') ?? 'without a name';
  const name = exceptionName(namespace, own);
  try {
    const spec = (object as { readonly spec?: unknown }).spec;
    return { exception: parseException(spec, name), ...(namespace && { namespace }) };
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

export const exceptionName = (namespace: string | undefined, name: string): string =>
  `VulnerabilityException ${namespace ? `${namespace}/` : ''}${name}`;
