/**
 * Name-version-release and architecture of a Red Hat image build, from the Dockerfile that the build leaves in it.
 * Reads   the labels `com.redhat.component` (or `bzcomponent`) and `architecture`; version and release are the last
 *         two parts of the file's own name, `Dockerfile-<name>-<version>-<release>`.
 * Errors  a file without these labels yields nothing.
 * Source  https://docs.docker.com/reference/dockerfile/#label
 */
import { compact } from '#base';
import { defineExtractor } from '../extractor.js';
import { splitNvr } from './rpm-name.js';

const PREFIX = 'root/buildinfo/Dockerfile-';

export const redhatDockerfile = defineExtractor({
  id: 'os/redhat-dockerfile',
  type: 'os',
  name: 'redhat-dockerfile',
  runsOn: 'everywhere',
  revision: 1,
  files: [`${PREFIX}*`],
  extract(file) {
    const labels = labelsIn(file.text());
    const component = labels.get('com.redhat.component') ?? labels.get('bzcomponent');
    const build = splitNvr(file.path.slice(PREFIX.length));
    if (!component || !build) return undefined;
    const nvr = `${component}-${build.version}-${build.release}`;
    return { buildInfo: compact({ nvr, arch: labels.get('architecture') || undefined }) };
  },
});

/** Labels by lower-case key; the last one of a key counts. */
function labelsIn(dockerfile: string): Map<string, string> {
  const labels = new Map<string, string>();
  const joined = dockerfile.replace(/\\[ \t]*\r?\n/g, ' ');
  for (const line of joined.split('\n')) {
    const instruction = /^[ \t]*LABEL[ \t](.*)/i.exec(line)?.[1];
    if (instruction === undefined) continue;
    for (const [key, value] of pairsIn(instruction)) labels.set(key.toLowerCase(), value);
  }
  return labels;
}

/** `key=value`, `"key"="value with blanks"`, or the old form `key value`. */
function pairsIn(instruction: string): [key: string, value: string][] {
  const words = wordsIn(instruction);
  if (words.length > 0 && !words[0]!.includes('=')) return [[words[0]!, words.slice(1).join(' ')]];
  return words.flatMap((word): [string, string][] => {
    const equals = word.indexOf('=');
    return equals > 0 ? [[word.slice(0, equals), word.slice(equals + 1)]] : [];
  });
}

/** Splits at blanks outside quotes; quotes and backslashes before characters are taken away. */
function wordsIn(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== "'" && c === '\\' && i + 1 < text.length) word += text[++i]!;
    else if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (quote === '' && /\s/.test(c)) {
      if (word !== '') words.push(word);
      word = '';
    } else word += c;
  }
  if (word !== '') words.push(word);
  return words;
}
