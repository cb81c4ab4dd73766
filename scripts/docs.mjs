// Makes the generated docs from the program's own tables: docs/cli, errors, coverage, formats, and the picture of rooms.
// Usage: node scripts/docs.mjs [--check]; with --check nothing is written, and drift fails.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const load = (path) => import(join(root, 'dist', path));

const { commands } = await load('cli/commands/registry.js');
const { commandHelp } = await load('cli/help.js');
const { optionTable, globalOptions } = await load('cli/option-table.js');
const { variablesOf } = await load('cli/resolve-options.js');
const { configurationSchema } = await load('cli/config-schema.js');
const { errorCatalogue } = await load('base/errors.js');
const { extractors } = await load('inventory/registry.js');
const { ecosystems, distributions } = await load('ecosystems/index.js');
const { rooms } = await load('rooms.js');
const { findFormat, formatIds } = await load('report/registry.js');

const made = '<!-- made by `npm run docs`; do not edit -->\n';
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n') + '\n';
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

const pages = new Map();
const loaded = await Promise.all(commands.map((command) => command.load()));
for (const command of loaded) {
  pages.set(
    `docs/cli/${command.name.replaceAll(' ', '-')}.md`,
    `${made}\n# pratique ${command.name}\n\n\`\`\`text\n${commandHelp(command)}\`\`\`\n`,
  );
}
pages.set(
  'docs/cli/options.md',
  `${made}
# Options

Precedence: command line, environment (\`PRATIQUE_…\` before \`TRIVY_…\`), configuration file, default. Lists are comma-separated and may repeat.

${table(
  ['option', 'configuration key', 'environment', 'default', 'commands', 'what'],
  Object.entries(optionTable)
    .filter(([, spec]) => !spec.hidden)
    .map(([name, spec]) => [
      spec.configurationOnly ? '–' : `\`--${name}\`${spec.short ? `, \`-${spec.short}\`` : ''}`,
      spec.key ? `\`${spec.key}\`` : '–',
      spec.noEnvironment || spec.configurationOnly ? '–' : `\`${variablesOf(name, spec)[0]}\``,
      `${Array.isArray(spec.default) ? spec.default.join(',') : spec.type === 'map' ? '' : spec.default}`,
      globalOptions.includes(name)
        ? 'all'
        : loaded
            .filter((c) => c.options.includes(name))
            .map((c) => c.name)
            .join(', '),
      spec.about,
    ]),
)}`,
);
pages.set('docs/schema/config.schema.json', `${JSON.stringify(configurationSchema(optionTable), null, 2)}\n`);
pages.set(
  'docs/errors.md',
  `${made}
# Errors

An error ends the run with exit code 1 and one line: what failed, on what, and a hint. What only costs a part of the report is a
diagnostic instead, listed in the report under \`Pratique.Diagnostics\`.

${table(
  ['code', 'message', 'hint'],
  Object.entries(errorCatalogue).map(([code, { message, hint }]) => [`\`${code}\``, message, hint]),
)}`,
);
pages.set(
  'docs/coverage.md',
  `${made}
# Coverage

## Package sources

${table(
  ['extractor', 'type', 'files', 'images, root file systems', 'directories, repositories'],
  extractors.map((e) => [
    `\`${e.id}\``,
    e.type,
    [...e.files.map((f) => `\`${f}\``), ...(e.executables ? ['executables'] : [])].join(' '),
    e.runsOn === 'sources' ? '–' : 'yes',
    e.runsOn === 'systems' ? '–' : 'yes',
  ]),
)}
## Ecosystems with advisories

${table(
  ['ecosystem', 'types', 'versions compared as'],
  ecosystems.map((e) => [e.title, (e.types ?? e.applications ?? []).join(', '), e.scheme ?? 'no advisories']),
)}
## Distributions

${table(
  ['distribution', 'families', 'advisories'],
  distributions.map((d) => [
    d.title,
    (d.families ?? [d.id]).join(', '),
    d.advisories ? 'yes' : 'none published: not assessed',
  ]),
)}`,
);
const formats = await Promise.all(formatIds.map((id) => findFormat(id)));
pages.set(
  'docs/formats.md',
  `${made}\n# Output formats\n\n${table(
    ['`--format`', 'what', 'media type', 'extension'],
    formats.map((f) => [`\`${f.id}\``, f.title, f.mediaType, f.extension]),
  )}`,
);
const floors = [...new Set(rooms.map((r) => r.floor))].sort((a, b) => b - a);
const picture = `${table(
  ['floor', 'room', 'holds', 'may touch'],
  floors.flatMap((floor) =>
    rooms
      .filter((r) => r.floor === floor)
      .map((r) => [floor, `\`${r.name}\``, r.holds, r.touches === 'all' ? 'all' : r.touches.join(', ') || '–']),
  ),
)}`;
pages.set('docs/architecture.md', between('docs/architecture.md', 'rooms', picture));

let drift = 0;
for (const [path, text] of pages) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    console.error(`${path} is out of date: run npm run docs`);
    drift++;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
for (const name of readdirSync(join(root, 'docs/cli'))) {
  if (pages.has(`docs/cli/${name}`)) continue;
  console.error(`docs/cli/${name} belongs to no command`);
  drift++;
}
process.exit(drift > 0 ? 1 : 0);

/** The text of a page with a generated block between its marks; a missing mark is an error. */
function between(path, name, block) {
  const text = readFileSync(join(root, path), 'utf8');
  const open = `<!-- ${name}: made by npm run docs -->\n`;
  const close = `<!-- /${name} -->`;
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) throw new Error(`${path} has no marks for ${name}`);
  return text.slice(0, start + open.length) + block + text.slice(end);
}
