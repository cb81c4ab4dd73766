/**
 * JSON schemas of our own, for formats whose official schemas no package carries or that have none. Written from the
 * public documentation named with each; closed (`additionalProperties`), so that a field nobody documents fails.
 */
import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const filled = { type: 'string', minLength: 1 };
const web = { type: 'string', pattern: '^(https?|ftp)://.+' };
const closed = (properties: Readonly<Record<string, unknown>>, required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });

/** https://docs.gitlab.com/development/integrations/secure/#report (15.0.7) */
function securityReport(type: 'container_scanning' | 'dependency_scanning'): Schema {
  const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' };
  const tool = closed(
    { id: filled, name: filled, url: web, vendor: closed({ name: filled }, ['name']), version: filled },
    ['id', 'name', 'vendor', 'version'],
  );
  const dependency = closed({ package: closed({ name: text }, ['name']), version: text }, ['package', 'version']);
  const location =
    type === 'container_scanning'
      ? closed({ dependency, operating_system: filled, image: filled }, ['dependency', 'operating_system', 'image'])
      : closed({ dependency, file: filled }, ['dependency', 'file']);
  const identifier = closed({ type: filled, name: filled, value: filled, url: web }, ['type', 'name', 'value']);
  const vector = closed(
    { vendor: filled, vector: { type: 'string', minLength: 16, maxLength: 128, pattern: '^CVSS:3[.][01]/' } },
    ['vendor', 'vector'],
  );
  const vulnerability = closed(
    {
      id: { type: 'string', minLength: 1, format: 'uuid' },
      name: { type: 'string', maxLength: 255 },
      description: { type: 'string', maxLength: 1_048_576 },
      severity: oneOf('Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'),
      solution: { type: 'string', maxLength: 7000 },
      identifiers: list(identifier, { minItems: 1, maxItems: 20 }),
      links: list(closed({ name: text, url: web }, ['url'])),
      cvss_vectors: list(vector, { maxItems: 10 }),
      location,
    },
    ['id', 'identifiers', 'location', 'severity'],
  );
  const message = closed({ level: oneOf('info', 'warn', 'fatal'), value: filled }, ['level', 'value']);
  const scan = closed(
    {
      analyzer: tool,
      scanner: tool,
      start_time: time,
      end_time: time,
      status: oneOf('success', 'failure'),
      type: oneOf(type),
      messages: list(message),
    },
    ['analyzer', 'end_time', 'scanner', 'start_time', 'status', 'type'],
  );
  const file = closed({ path: filled, package_manager: filled, dependencies: list(dependency) }, [
    'path',
    'package_manager',
    'dependencies',
  ]);
  const dependencies = type === 'dependency_scanning';
  return closed(
    {
      version: oneOf('15.0.7'),
      scan,
      vulnerabilities: list(vulnerability),
      remediations: list({ type: 'object' }),
      ...(dependencies && { dependency_files: list(file) }),
    },
    ['scan', 'version', 'vulnerabilities', ...(dependencies ? ['dependency_files'] : [])],
  );
}

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format and Code Climate's issues */
const codeQuality = list(
  closed(
    {
      type: oneOf('issue'),
      check_name: filled,
      categories: list(oneOf('Security')),
      description: filled,
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{40}$' },
      content: closed({ body: text }, ['body']),
      severity: oneOf('info', 'minor', 'major', 'critical', 'blocker'),
      location: closed(
        {
          // Relative, without `./` before it.
          path: { type: 'string', pattern: '^(?!\\.?/)[^]' },
          lines: closed({ begin: { type: 'integer', minimum: 0 } }, ['begin']),
        },
        ['path', 'lines'],
      ),
    },
    ['description', 'check_name', 'fingerprint', 'severity', 'location'],
  ),
);

/** https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format/ */
const sonarQube = closed(
  {
    rules: list(
      closed(
        {
          id: filled,
          name: filled,
          description: text,
          engineId: filled,
          cleanCodeAttribute: oneOf('LAWFUL', 'TRUSTWORTHY'),
          type: oneOf('BUG', 'VULNERABILITY', 'CODE_SMELL'),
          severity: oneOf('BLOCKER', 'CRITICAL', 'MAJOR', 'MINOR', 'INFO'),
          impacts: list(
            closed(
              {
                softwareQuality: oneOf('SECURITY', 'RELIABILITY', 'MAINTAINABILITY'),
                severity: oneOf('BLOCKER', 'HIGH', 'MEDIUM', 'LOW', 'INFO'),
              },
              ['softwareQuality', 'severity'],
            ),
            { minItems: 1 },
          ),
        },
        ['id', 'name', 'engineId', 'cleanCodeAttribute', 'impacts'],
      ),
    ),
    issues: list(
      closed(
        {
          ruleId: filled,
          primaryLocation: closed(
            {
              message: filled,
              filePath: filled,
              textRange: closed({ startLine: { type: 'integer', minimum: 1 } }, ['startLine']),
            },
            ['message', 'filePath'],
          ),
        },
        ['ruleId', 'primaryLocation'],
      ),
    ),
  },
  ['rules', 'issues'],
);

const iri = { type: 'string', format: 'iri-of-product' };
/** https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (0.2.0) */
const openVex = closed(
  {
    '@context': oneOf('https://openvex.dev/ns/v0.2.0'),
    '@id': { type: 'string', format: 'uri' },
    author: filled,
    timestamp: { type: 'string', format: 'date-time' },
    version: { type: 'integer', minimum: 1 },
    tooling: text,
    statements: list({
      ...closed(
        {
          vulnerability: closed({ name: filled, description: text }, ['name']),
          products: list(closed({ '@id': iri, identifiers: closed({ purl: filled }, []) }, ['@id']), { minItems: 1 }),
          status: oneOf('not_affected', 'affected', 'fixed', 'under_investigation'),
          justification: oneOf(
            'component_not_present',
            'vulnerable_code_not_present',
            'vulnerable_code_not_in_execute_path',
            'vulnerable_code_cannot_be_controlled_by_adversary',
            'inline_mitigations_already_exist',
          ),
          impact_statement: filled,
          action_statement: filled,
        },
        ['vulnerability', 'products', 'status'],
      ),
      allOf: [
        {
          anyOf: [
            { properties: { status: oneOf('affected', 'fixed', 'under_investigation') } },
            { required: ['justification'] },
            { required: ['impact_statement'] },
          ],
        },
        {
          anyOf: [
            { properties: { status: oneOf('not_affected', 'fixed', 'under_investigation') } },
            { required: ['action_statement'] },
          ],
        },
      ],
    }),
  },
  ['@context', '@id', 'author', 'timestamp', 'version', 'statements'],
);

/** https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md */
const cosignVuln = closed(
  {
    invocation: closed({ parameters: {}, uri: text, event_id: text, 'builder.id': text }, ['uri']),
    scanner: closed(
      {
        uri: { type: 'string', pattern: '^pkg:' },
        version: filled,
        db: closed({ uri: text, version: text }, []),
        result: { type: 'object', required: ['SchemaVersion', 'ArtifactName'] },
      },
      ['uri', 'version', 'result'],
    ),
    metadata: closed(
      {
        scanStartedOn: { type: 'string', format: 'date-time' },
        scanFinishedOn: { type: 'string', format: 'date-time' },
      },
      ['scanStartedOn', 'scanFinishedOn'],
    ),
  },
  ['invocation', 'scanner', 'metadata'],
);

const schemas = {
  gitlab: securityReport('container_scanning'),
  'gitlab-dependency-scanning': securityReport('dependency_scanning'),
  'gitlab-codequality': codeQuality,
  sonarqube: sonarQube,
  openvex: openVex,
  'cosign-vuln': cosignVuln,
} as const;

export function ownValidator(id: keyof typeof schemas): (document: string) => void {
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addFormat('iri-of-product', { type: 'string', validate: (value: string) => URL.canParse(value) });
  const validate = ajv.compile(schemas[id]);
  return (document) =>
    assert.ok(validate(JSON.parse(document)), `${ajv.errorsText(validate.errors)} ${document.slice(0, 400)}`);
}
