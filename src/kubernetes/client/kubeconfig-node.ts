/** A mapping of a kubeconfig with the file it came from: typed look-ups, paths relative to the file, PEM from either. */
import { join, isAbsolute } from 'node:path';
import { PratiqueError } from '#base';
import { readIfPresent } from '#platform';

export interface ConfigNode {
  readonly path: string;
  /** `undefined` when absent or empty. */
  text(key: string): string | undefined;
  flag(key: string): boolean;
  texts(key: string): readonly string[];
  child(key: string): ConfigNode;
  has(key: string): boolean;
  list(key: string): readonly ConfigNode[];
  keys(): readonly string[];
  /** The path of a file named under `key`. */
  file(key: string): string | undefined;
  /** PEM from `KEY-data` (base64), or from the file named under `KEY`. */
  pem(key: string): Promise<string | undefined>;
  problem(text: string, advice?: string): PratiqueError;
}

const MAX_PEM = 4 * 1024 * 1024;

export function configNode(value: unknown, path: string, directory: string): ConfigNode {
  const fields = isMapping(value) ? value : {};
  const own = (key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);
  const node: ConfigNode = {
    path,
    text(key) {
      const found = own(key);
      return typeof found === 'string' && found !== '' ? found : undefined;
    },
    flag: (key) => /^(?:true|yes|on)$/i.test(node.text(key) ?? ''),
    texts(key) {
      const found = own(key);
      return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
    },
    child: (key) => configNode(own(key), path, directory),
    has: (key) => own(key) !== undefined && own(key) !== '' && own(key) !== 'null',
    list(key) {
      const found = own(key);
      return Array.isArray(found) ? found.map((one) => configNode(one, path, directory)) : [];
    },
    keys: () => Object.keys(fields),
    file(key) {
      const found = node.text(key);
      return found === undefined || isAbsolute(found) ? found : join(directory, found);
    },
    async pem(key) {
      const data = node.text(`${key}-data`);
      if (data !== undefined) return decoded(data, node, `${key}-data`);
      const file = node.file(key);
      if (file === undefined) return undefined;
      const bytes = await readIfPresent(file, MAX_PEM);
      if (!bytes) throw node.problem(`${key} names ${file}, which is not there`);
      return new TextDecoder().decode(bytes);
    },
    problem: (text, advice = 'correct the kubeconfig') =>
      new PratiqueError('kubernetes/kubeconfig', { path, problem: text, advice }),
  };
  return node;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decoded(data: string, node: ConfigNode, key: string): string {
  const text = Buffer.from(data, 'base64').toString('utf8');
  if (!text.includes('-----BEGIN')) throw node.problem(`${key} is not PEM in base64`);
  return text;
}
