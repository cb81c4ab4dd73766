/**
 * The official schemas, from the packages that carry them:
 * CycloneDX from `@cyclonedx/cyclonedx-library`, SARIF 2.1.0 (rtm.5) from `@microsoft/jest-sarif`, and those that
 * `scripts/validators.mjs` fetches.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { assertAwsShape, type AwsModel } from './aws-model.test.kit.js';

type Validate = (value: unknown) => void;

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), 'utf8')) as Record<string, unknown>;

export function cyclonedxValidator(version: '1.6' | '1.7' = '1.7'): Validate {
  const ajv = new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { 'iri-reference': true, 'idn-email': true },
  });
  addFormats.default(ajv);
  const folder = '@cyclonedx/cyclonedx-library/res/schema';
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'].map((one) => `${one}.SNAPSHOT.schema.json`))
    ajv.addSchema(read(`${folder}/${name}`), `http://cyclonedx.org/schema/${name}`);
  return asserting(ajv.compile(read(`${folder}/bom-${version}.SNAPSHOT.schema.json`)), () => ajv.errorsText());
}

export function sarifValidator(): Validate {
  const ajv = new Draft04.default({ strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const { $schema: _, ...schema } = read('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  return asserting(ajv.compile(schema), () => ajv.errorsText());
}

/** Why tests by these are left out. */
export const notFetched: string | false = fetched('spdx-3.0.1.schema.json')
  ? false
  : 'official schemas are not there: run node scripts/validators.mjs';

/** Path of a file that `scripts/validators.mjs` fetches. */
export function fetched(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../.cache/validators/${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

const readFetched = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(fetched(name)!, 'utf8')) as Record<string, unknown>;

export function spdxGraphValidator(): Validate {
  const ajv = new Ajv2020({ strict: false });
  return asserting(ajv.compile(readFetched('spdx-3.0.1.schema.json')), () => ajv.errorsText());
}

/** The body of the request that submits a snapshot, by GitHub's own description of its API. */
export function githubSnapshotValidator(): Validate {
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true, uri: true } });
  // A keyword of OpenAPI that the validator takes beside a type only; null is never written.
  const schema = JSON.parse(JSON.stringify(readFetched('github-snapshot.json')), (key, value: unknown) =>
    key === 'nullable' ? undefined : value,
  ) as Record<string, unknown>;
  return asserting(ajv.compile(schema), () => ajv.errorsText());
}

/** The body of `BatchImportFindings`, by Amazon's own model of its API. */
export function securityHubValidator(): Validate {
  const model = readFetched('securityhub.json') as unknown as AwsModel;
  return (value) => assertAwsShape(model, model.operations['BatchImportFindings']!.input, value, 'input');
}

function asserting(validate: ((value: unknown) => unknown) & { errors?: unknown }, text: () => string): Validate {
  return (value) => assert.ok(validate(value), `${text()} ${JSON.stringify(validate.errors)}`);
}
