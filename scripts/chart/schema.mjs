// Words for the values of the Helm chart: each is a JSON schema with its default and what it is for.
// Draft 7, which Helm 3 and 4 and editors read: https://json-schema.org/draft-07/schema
const value = (schema, about, fallback) => ({ ...schema, description: about, default: fallback });

export const text = (about, fallback = '', more = {}) => value({ type: 'string', ...more }, about, fallback);
export const flag = (about, fallback) => value({ type: 'boolean' }, about, fallback);
export const count = (about, fallback, more = {}) => value({ type: 'integer', minimum: 0, ...more }, about, fallback);
export const choice = (about, options) => value({ type: 'string', enum: options }, about, options[0]);
export const texts = (about, fallback = []) => value({ type: 'array', items: { type: 'string' } }, about, fallback);
/** Text by name, such as labels. */
export const pairs = (about, fallback = {}) =>
  value({ type: 'object', additionalProperties: { type: 'string' } }, about, fallback);
/** A list of objects of the Kubernetes API, whose schema the API server has. */
export const objects = (about, fallback = []) => value({ type: 'array', items: { type: 'object' } }, about, fallback);
/** An object of the Kubernetes API. */
export const object = (about, fallback = {}) => value({ type: 'object' }, about, fallback);
/** Names of objects; `[{ name }]`, as Kubernetes has them. */
export const references = (about) =>
  value({ type: 'array', items: group('', { name: text('') }, ['name']) }, about, []);
/** Number of pods or a share of them. */
export const countOrShare = (about, fallback) =>
  value(
    {
      anyOf: [
        { type: 'integer', minimum: 0 },
        { type: 'string', pattern: '^[0-9]+%$' },
      ],
    },
    about,
    fallback,
  );

/** Values below a name; what is not named is refused. */
export const group = (about, properties, required) => ({
  type: 'object',
  ...(about && { description: about }),
  properties,
  additionalProperties: false,
  ...(required && { required }),
});

/** The defaults of a group, as values.yaml has them. */
export function defaultsOf(schema) {
  if (schema.default !== undefined || !schema.properties) return schema.default;
  return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, defaultsOf(one)]));
}
