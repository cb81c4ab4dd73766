/**
 * Falco's grammar of rules files, as documented, for the files that are written here: keys, names, order of definition,
 * conditions, fields of conditions and outputs. Stricter than Falco: its warnings are mistakes, too.
 * Source  https://falco.org/docs/concepts/rules/, https://falco.org/docs/reference/rules/rule-fields/,
 *         https://falco.org/docs/reference/rules/supported-fields/
 */
import { load } from 'js-yaml';

export interface CheckedRules {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly macros: ReadonlyMap<string, string>;
  readonly rules: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Whether the condition of a rule or macro holds for an event. */
  matches(condition: string, event: Readonly<Record<string, string>>): boolean;
}

type Item = Readonly<Record<string, unknown>>;

const ruleKeys = new Set(
  'rule desc condition output priority enabled tags source exceptions warn_evttypes skip-if-unknown-filter override'.split(
    ' ',
  ),
);
const priorities = 'emergency alert critical error warning notice informational info debug'.split(' ');
const knownFields = new Set(
  'evt.type proc.vpid proc.name proc.exepath proc.cmdline user.name container.id container.name container.image container.image.repository container.image.tag container.image.digest k8s.ns.name k8s.pod.name'.split(
    ' ',
  ),
);

/** Throws at the first mistake. */
export function checkRules(text: string): CheckedRules {
  const items = load(text);
  if (!Array.isArray(items)) throw new Error('not a sequence');
  const lists = new Map<string, readonly string[]>();
  const macros = new Map<string, string>();
  const rules = new Map<string, Item>();
  for (const item of items as Item[]) {
    if ('required_engine_version' in item) {
      keysOf(item, 'required_engine_version');
      checkVersion(item['required_engine_version']);
    } else if ('required_plugin_versions' in item) keysOf(item, 'required_plugin_versions');
    else if ('list' in item) addList(item, lists);
    else if ('macro' in item) {
      keysOf(item, 'macro', 'condition');
      const name = identifier(item['macro'], macros);
      parseCondition(String(item['condition']), lists, macros);
      macros.set(name, String(item['condition']));
    } else if ('rule' in item) addRule(item, rules, lists, macros);
    else throw new Error(`unknown item ${JSON.stringify(item)}`);
  }
  return {
    lists,
    macros,
    rules,
    matches: (condition, event) => parseCondition(condition, lists, macros)(event),
  };
}

function keysOf(item: Item, ...allowed: string[]): void {
  for (const key of Object.keys(item)) if (!allowed.includes(key)) throw new Error(`key ${key}`);
}

function checkVersion(version: unknown): void {
  if (!/^\d+\.\d+\.\d+$/.test(String(version))) throw new Error(`version ${String(version)}`);
}

function identifier(name: unknown, known: ReadonlyMap<string, unknown>): string {
  if (typeof name !== 'string' || !/^\w+$/.test(name)) throw new Error(`name ${String(name)}`);
  if (known.has(name)) throw new Error(`${name} is defined twice`);
  return name;
}

function addList(item: Item, lists: Map<string, readonly string[]>): void {
  keysOf(item, 'list', 'items');
  const name = identifier(item['list'], lists);
  const items = item['items'];
  if (!Array.isArray(items) || items.length === 0) throw new Error(`${name} is empty`);
  const values = items.flatMap((text: unknown) => {
    if (typeof text !== 'string') throw new Error(`${name} holds ${JSON.stringify(text)}`);
    // A bare item that is the name of a list stands for its items.
    if (lists.has(text)) return [...lists.get(text)!];
    const tokens = tokenize(text);
    if (tokens.length !== 1 || tokens[0]!.kind === 'mark') throw new Error(`${name} holds ${text}`);
    return [tokens[0]!.text];
  });
  lists.set(name, values);
}

function addRule(
  item: Item,
  rules: Map<string, Item>,
  lists: CheckedRules['lists'],
  macros: CheckedRules['macros'],
): void {
  keysOf(item, ...ruleKeys);
  if ('override' in item) return checkOverride(item, rules);
  for (const key of ['rule', 'desc', 'condition', 'output', 'priority'])
    if (typeof item[key] !== 'string' || item[key] === '') throw new Error(`${key} is missing`);
  const name = String(item['rule']);
  if (rules.has(name)) throw new Error(`${name} is defined twice`);
  if (!priorities.includes(String(item['priority']).toLowerCase()))
    throw new Error(`priority ${String(item['priority'])}`);
  if (!['undefined', 'boolean'].includes(typeof item['enabled'])) throw new Error('enabled');
  for (const tag of (item['tags'] ?? []) as unknown[]) if (typeof tag !== 'string') throw new Error('tags');
  parseCondition(String(item['condition']), lists, macros);
  for (const [, field] of String(item['output']).matchAll(/%([\w.[\]]*[\w\]])?/g))
    if (!knownFields.has(field ?? '')) throw new Error(`output %${field}`);
  rules.set(name, item);
}

const appendable = new Set('condition output desc tags exceptions'.split(' '));
const replaceable = new Set([...appendable, ...'priority enabled warn_evttypes skip-if-unknown-filter'.split(' ')]);

/** Of a rule that is there already; every other key of the item says how it changes that of the rule. */
function checkOverride(item: Item, rules: ReadonlyMap<string, Item>): void {
  if (!rules.has(String(item['rule']))) throw new Error(`override of ${String(item['rule'])}, which is not there`);
  const override = item['override'] as Readonly<Record<string, unknown>>;
  for (const [key, how] of Object.entries(override)) {
    if (!(key in item)) throw new Error(`override of ${key}, which is not given`);
    if (!(how === 'append' ? appendable : how === 'replace' ? replaceable : new Set()).has(key))
      throw new Error(`${key}: ${String(how)}`);
  }
  for (const key of Object.keys(item))
    if (!['rule', 'override'].includes(key) && !(key in override)) throw new Error(key);
}

interface Token {
  readonly kind: 'mark' | 'bare' | 'quoted';
  readonly text: string;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:([()=,]|!=)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s()"'=,]+))\s*/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const found = pattern.exec(text);
    if (!found) throw new Error(`at ${at} of ${text}`);
    const [, mark, double, single, bare] = found;
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (bare !== undefined) tokens.push({ kind: 'bare', text: bare });
    else tokens.push({ kind: 'quoted', text: double ?? single ?? '' });
  }
  return tokens;
}

type Test = (event: Readonly<Record<string, string>>) => boolean;

function parseCondition(text: string, lists: CheckedRules['lists'], macros: CheckedRules['macros']): Test {
  const tokens = tokenize(text);
  let at = 0;
  const is = (word: string): boolean => tokens[at]?.text === word && tokens[at]!.kind !== 'quoted';
  const take = (word?: string): Token => {
    const token = tokens[at++];
    if (!token || (word !== undefined && token.text !== word))
      throw new Error(`${word ?? 'more'} is expected in ${text}`);
    return token;
  };
  const or = (): Test => {
    const tests = [and()];
    while (is('or')) {
      take();
      tests.push(and());
    }
    return (event) => tests.some((one) => one(event));
  };
  const and = (): Test => {
    const tests = [not()];
    while (is('and')) {
      take();
      tests.push(not());
    }
    return (event) => tests.every((one) => one(event));
  };
  const not = (): Test => {
    if (!is('not')) return primary();
    take();
    const test = not();
    return (event) => !test(event);
  };
  const primary = (): Test => {
    if (is('(')) {
      take();
      const test = or();
      take(')');
      return test;
    }
    const { kind, text: name } = take();
    if (kind !== 'bare') throw new Error(`field ${name}`);
    const macro = macros.get(name);
    if (macro !== undefined) return parseCondition(macro, lists, macros);
    if (!knownFields.has(name)) throw new Error(`${name} is neither field nor macro`);
    const operator = take().text;
    if (operator === '=' || operator === '!=') {
      const value = take().text;
      return (event) => (event[name] === value) === (operator === '=');
    }
    if (operator !== 'in') throw new Error(`operator ${operator}`);
    const values = new Set(members());
    return (event) => values.has(event[name] ?? '');
  };
  const members = (): string[] => {
    take('(');
    const found: string[] = [];
    do {
      const { kind, text: value } = take();
      if (kind === 'mark' || (kind === 'bare' && value.startsWith('pratique_') && !lists.has(value)))
        throw new Error(`${value} in a list`);
      found.push(...((kind === 'bare' ? lists.get(value) : undefined) ?? [value]));
    } while (is(',') && take());
    take(')');
    return found;
  };
  const test = or();
  if (at !== tokens.length) throw new Error(`${tokens[at]!.text} is too much in ${text}`);
  return test;
}
