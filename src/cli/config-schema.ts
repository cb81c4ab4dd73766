/** The JSON schema of the configuration file, for editors and checks; made from the options table. */
import type { OptionSpec } from './option.js';

interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Record<string, unknown>;
  readonly additionalProperties: false;
}

/** JSON Schema 2020-12. https://json-schema.org/draft/2020-12/json-schema-core */
export function configurationSchema(table: Readonly<Record<string, OptionSpec>>): Readonly<Record<string, unknown>> {
  const top = objectSchema();
  for (const [, spec] of Object.entries(table).sort(([, a], [, b]) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))) {
    if (spec.key === undefined) continue;
    const parts = spec.key.split('.');
    let { properties } = top;
    for (const part of parts.slice(0, -1))
      properties = ((properties[part] ??= objectSchema()) as ObjectSchema).properties;
    properties[parts.at(-1)!] = {
      description: spec.about,
      ...valueSchema(spec),
      ...(spec.default !== '' && { default: spec.default }),
      ...(spec.hidden && { deprecated: true }),
    };
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of pratique (pratique.yaml, trivy.yaml)',
    ...top,
  };
}

const objectSchema = (): ObjectSchema => ({ type: 'object', properties: {}, additionalProperties: false });

function valueSchema(spec: OptionSpec): Readonly<Record<string, unknown>> {
  const { values } = spec;
  const text = values
    ? { type: 'string', enum: [...values, ...Object.keys(spec.valueAliases ?? {})] }
    : { type: 'string' };
  switch (spec.type) {
    case 'flag':
      return { type: 'boolean' };
    case 'number':
      return { type: 'integer' };
    case 'duration':
      return { type: 'string', pattern: '^(?:0|(?:[0-9]+(?:\\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+)$' };
    case 'size':
      return { type: ['string', 'integer'], pattern: '^(?:[0-9]+(?:\\.[0-9]+)?\\s*[A-Za-z]{0,3})?$' };
    case 'list':
    case 'texts':
      // A single text may hold several values, parted by commas.
      return { anyOf: [{ type: 'array', items: text }, { type: 'string' }] };
    case 'map':
      return { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } };
    case 'text':
      return text;
  }
}
