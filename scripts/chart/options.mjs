// The options of a command as values of the chart, from the table of options of the command line.
import { configurationSchema } from '../../dist/cli/config-schema.js';
import { commands } from '../../dist/cli/commands/registry.js';
import { globalOptions, optionTable } from '../../dist/cli/option-table.js';
import { group } from './schema.mjs';

/** What the chart sets itself, and what has no use in a pod. */
const taken = new Set(
  (
    'listen kubeconfig service-name webhook-configuration tls-cert-file tls-key-file cache-dir cacert config ' +
    'generate-default-config timeout template username password-stdin'
  ).split(' '),
);
/** Secrets are for `extraEnv`: arguments of pods are read by whoever may read pods. */
const isSecret = (option) => /(?:password|token|key)$/.test(option);

/** Resolves with a function of the command's name and the chart's own defaults. */
export async function optionValues() {
  const loaded = await Promise.all(commands.map((command) => command.load()));
  return (name, fallback) => {
    const { options } = loaded.find((command) => command.name === name);
    const rows = [...options, ...globalOptions]
      .filter((option) => !taken.has(option) && !isSecret(option))
      .map((option) => [option, optionTable[option]])
      .filter(([, spec]) => !spec.hidden && !spec.configurationOnly)
      // The defaults are the program's, which are not those of the table for every command.
      .map(([option, spec]) => [option, { ...spec, key: option, default: '' }]);
    const { properties } = configurationSchema(Object.fromEntries(rows));
    // Lists are lists here: templates look into them.
    const schemas = Object.entries(properties).map(([option, { anyOf, ...one }]) => [
      option,
      { ...one, ...anyOf?.[0] },
    ]);
    const about = `Options of \`pratique ${name}\`, without the dashes.`;
    return { ...group(about, Object.fromEntries(schemas)), default: fallback };
  };
}
