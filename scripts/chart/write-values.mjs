// values.yaml and the chart's README from the values' schema.
import { dump } from 'js-yaml';
import { defaultsOf } from './schema.mjs';

/** The defaults, each below what it is for. */
export function valuesYaml(schema, depth = 0) {
  const pad = '  '.repeat(depth);
  return Object.entries(schema.properties)
    .map(([name, one]) => {
      const comment = one.description ? `${pad}# ${one.description}\n` : '';
      if (one.default === undefined && one.properties) return `${comment}${pad}${name}:\n${valuesYaml(one, depth + 1)}`;
      const text = dump({ [name]: one.default }, { noRefs: true, lineWidth: -1 }).trimEnd();
      return `${comment}${text.replace(/^/gm, pad)}\n`;
    })
    .join(depth === 0 ? '\n' : '');
}

export function chartReadme(schema) {
  return `<!-- made by \`npm run docs\`; do not edit -->

# The Helm chart
\`\`\`sh
helm install pratique deploy/helm/pratique --namespace trivy-system --create-namespace
helm upgrade pratique deploy/helm/pratique --namespace trivy-system --reuse-values --set webhook.enabled=true
\`\`\`
What the programs do: [docs/kubernetes.md](../../../docs/kubernetes.md). Values that do not exist, or have another type, are refused.

| value | type | default | what |
| --- | --- | --- | --- |
${rows(schema, '')
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')}
`;
}

function rows(schema, prefix) {
  return Object.entries(schema.properties).flatMap(([name, one]) => {
    const path = `${prefix}${name}`;
    const own = one.default === undefined && one.properties ? [] : [row(path, one)];
    return [...own, ...(one.properties ? rows(one, `${path}.`) : [])];
  });
}

function row(path, one) {
  const fallback = defaultsOf(one);
  const shown = fallback === undefined || fallback === '' ? '' : `\`${JSON.stringify(fallback)}\``;
  return [`\`${path}\``, typeOf(one), shown, (one.description ?? '').replaceAll('|', '\\|')];
}

const typeOf = ({ type, enum: values, anyOf }) =>
  values ? values.map((one) => `\`${one}\``).join(', ') : [type ?? anyOf.map((one) => one.type)].flat().join(' or ');
