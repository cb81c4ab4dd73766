/**
 * The user's configuration of the secret scanner, `trivy-secret.yaml`: which rules are on, rules of their own, what passes.
 * Keys: `enable-builtin-rules`, `disable-rules`, `disable-allow-rules`, `rules`, `allow-rules`, `exclude-block`,
 * `skip-patterns`. Keywords count in any case. A severity that is none of the known ones is UNKNOWN.
 * Errors  `PratiqueError` `secret-config/invalid`, naming the file, the line and the field.
 */
import { compileGlob, FormatError, linearRegexes, PratiqueError, type CompileLinear, type LinearRegex } from '#base';
import { fieldOf, isTable, parseLocatedYaml } from '#formats';
import { severities, type Severity } from '#model';

export interface SecretConfig {
  /** Base name of the file. */
  readonly name?: string;
  /** The file's text, which the cache keeps results apart by. */
  readonly text: string;
  /** Built-in rules to use; all when empty. */
  readonly enabledRules: readonly string[];
  readonly disabledRules: readonly string[];
  readonly disabledAllowRules: readonly string[];
  readonly rules: readonly UserRule[];
  readonly allowRules: readonly UserAllowRule[];
  /** What lies between marks is not looked at. */
  readonly excludeBlocks: readonly LinearRegex[];
  /** Instead of the usual ones. */
  readonly skipPatterns?: readonly string[];
}

export interface UserRule {
  readonly id: string;
  readonly category: string;
  readonly title: string;
  readonly severity: Severity;
  readonly regex: LinearRegex;
  /** Lower case; any one must be in the file. Always looked at when empty. */
  readonly keywords: readonly string[];
  readonly path?: PathRegex;
  readonly allowRules: readonly UserAllowRule[];
  readonly excludeBlocks: readonly LinearRegex[];
}

export interface UserAllowRule {
  readonly id: string;
  readonly path?: PathRegex;
  readonly match?: LinearRegex;
}

export interface PathRegex {
  test(path: string): boolean;
}

export const defaultSecretConfig: SecretConfig = {
  text: '',
  enabledRules: [],
  disabledRules: [],
  disabledAllowRules: [],
  rules: [],
  allowRules: [],
  excludeBlocks: [],
};

/** `path` is the file as the user named it. */
export async function parseSecretConfig(text: string, path: string): Promise<SecretConfig> {
  const { root: document, lineOf } = await parseLocatedYaml(text).catch((error: unknown) => {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('secret-config/invalid', { path, problem: error.message }, error);
  });
  if (document === undefined || document === null || document === '')
    return { ...defaultSecretConfig, name: nameOf(path) };
  const reader = new FieldReader(path, await linearRegexes(), lineOf);
  const top = reader.table(document, 'the document');
  const skipPatterns = reader.texts(top, 'skip-patterns');
  for (const [i, glob] of skipPatterns.entries()) reader.check(`skip-patterns[${i}]`, () => compileGlob(glob));
  return {
    name: nameOf(path),
    text,
    enabledRules: reader.texts(top, 'enable-builtin-rules'),
    disabledRules: reader.texts(top, 'disable-rules'),
    disabledAllowRules: reader.texts(top, 'disable-allow-rules'),
    rules: reader.list(top, 'rules').map((rule, i) => readRule(reader, rule, `rules[${i}]`)),
    allowRules: readAllowRules(reader, top, ''),
    excludeBlocks: readExcludeBlock(reader, top, ''),
    ...(isPresent(fieldOf(top, 'skip-patterns')) && { skipPatterns }),
  };
}

function readRule(reader: FieldReader, value: unknown, at: string): UserRule {
  const rule = reader.table(value, at);
  const id = reader.required(rule, 'id', at);
  const path = reader.pathRegex(rule, 'path', at);
  const word = reader.text(rule, 'severity', at)?.toUpperCase();
  const group = reader.text(rule, 'secret-group-name', at);
  return {
    id,
    category: reader.text(rule, 'category', at) ?? '',
    title: reader.text(rule, 'title', at) ?? '',
    severity: severities.find((severity) => severity === word) ?? 'UNKNOWN',
    regex: reader.regex(reader.required(rule, 'regex', at), `${at}.regex`, group || undefined),
    keywords: reader.texts(rule, 'keywords', at).map((keyword) => keyword.toLowerCase()),
    allowRules: readAllowRules(reader, rule, at),
    excludeBlocks: readExcludeBlock(reader, rule, at),
    ...(path && { path }),
  };
}

function readAllowRules(reader: FieldReader, parent: Table, at: string): UserAllowRule[] {
  return reader.list(parent, 'allow-rules', at).map((value, i) => {
    const here = `${at === '' ? '' : `${at}.`}allow-rules[${i}]`;
    const rule = reader.table(value, here);
    const path = reader.pathRegex(rule, 'path', here);
    const match = reader.text(rule, 'regex', here);
    return {
      id: reader.text(rule, 'id', here) ?? '',
      ...(path && { path }),
      ...(match && { match: reader.regex(match, `${here}.regex`) }),
    };
  });
}

function readExcludeBlock(reader: FieldReader, parent: Table, at: string): LinearRegex[] {
  const value = fieldOf(parent, 'exclude-block');
  if (!isPresent(value)) return [];
  const here = at === '' ? 'exclude-block' : `${at}.exclude-block`;
  return reader
    .texts(reader.table(value, here), 'regexes', here)
    .map((source, i) => reader.regex(source, `${here}.regexes[${i}]`));
}

type Table = Readonly<Record<string, unknown>>;

const isPresent = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== 'null';
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Fields of the wrong kind are errors that name them. */
class FieldReader {
  readonly #path: string;
  readonly #compile: CompileLinear;
  readonly #lineOf: (place: string) => number | undefined;

  constructor(path: string, compile: CompileLinear, lineOf: (place: string) => number | undefined) {
    this.#path = path;
    this.#compile = compile;
    this.#lineOf = lineOf;
  }

  table(value: unknown, at: string): Table {
    return isTable(value) ? value : this.#fail(at, 'must be a table of keys and values');
  }

  list(parent: Table, key: string, at = ''): readonly unknown[] {
    const value = fieldOf(parent, key);
    if (!isPresent(value)) return [];
    return Array.isArray(value) ? value : this.#fail(join(at, key), 'must be a list');
  }

  texts(parent: Table, key: string, at = ''): readonly string[] {
    return this.list(parent, key, at).map((value, i) =>
      typeof value === 'string' && value !== '' ? value : this.#fail(`${join(at, key)}[${i}]`, 'must be a text'),
    );
  }

  text(parent: Table, key: string, at: string): string | undefined {
    const value = fieldOf(parent, key);
    if (!isPresent(value)) return undefined;
    return typeof value === 'string' ? value : this.#fail(join(at, key), 'must be a text');
  }

  required(parent: Table, key: string, at: string): string {
    return this.text(parent, key, at) ?? this.#fail(join(at, key), 'is missing');
  }

  regex(source: string, at: string, group?: string): LinearRegex {
    return this.check(at, () => this.#compile(source, group));
  }

  pathRegex(parent: Table, key: string, at: string): PathRegex | undefined {
    const source = this.text(parent, key, at);
    if (source === undefined) return undefined;
    const regex = this.regex(source, join(at, key));
    return { test: (path) => regex.test(new TextEncoder().encode(path)) };
  }

  check<T>(at: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.#fail(at, error.message, error);
    }
  }

  #fail(at: string, problem: string, cause?: unknown): never {
    const line = this.#lineOf(at);
    const place = line === undefined ? at : `line ${line}: ${at}`;
    throw new PratiqueError('secret-config/invalid', { path: this.#path, problem: `${place}: ${problem}` }, cause);
  }
}

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);
