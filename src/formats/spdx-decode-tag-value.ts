/**
 * SPDX 2.x in tag-value syntax, brought into the shape of the JSON format.
 * Shape   `Tag: value` lines; `#` starts a comment line; `<text>` … `</text>` spans lines. A package section starts at
 *         `PackageName`, a file section at `FileName`; files that follow a package belong to it.
 * Yields  the fields that the decoder reads; unknown tags are passed over, as the specification has it.
 * Errors  `FormatError` with the line: a line that is no tag, a text that does not end, a malformed reference.
 * Source  https://spdx.github.io/spdx-spec/v2.3/conformance/ and its chapters on each section
 */
import { FormatError } from '#base';
import type { Table } from './sbom-field.js';

type Section = Record<string, unknown>;

interface State {
  readonly document: Section & Record<'packages' | 'files' | 'relationships' | 'hasExtractedLicensingInfos', Section[]>;
  readonly creators: string[];
  /** What the tags at hand describe. */
  current: Section;
  package: Section | undefined;
  annotation: Section | undefined;
  readonly byId: Map<string, Section>;
}

export function parseSpdxTagValue(text: string): Table {
  const document = { packages: [], files: [], relationships: [], hasExtractedLicensingInfos: [] };
  const state: State = {
    document,
    creators: [],
    current: document,
    package: undefined,
    annotation: undefined,
    byId: new Map(),
  };
  for (const { tag, value, line } of tags(text)) {
    if (!setPlain(state, tag, value)) readers[tag]?.(state, value, line);
  }
  return { ...document, creationInfo: { creators: state.creators } };
}

function* tags(text: string): Generator<{ tag: string; value: string; line: number }> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const content = lines[i]!.trim();
    if (content === '' || content.startsWith('#')) continue;
    const colon = content.indexOf(':');
    const line = i + 1;
    if (colon < 1 || /[^\w]/.test(content.slice(0, colon))) throw new FormatError(`line ${line}: a tag is expected`);
    let value = content.slice(colon + 1).trim();
    if (value.startsWith('<text>')) {
      const spanned = [value.slice('<text>'.length)];
      while (!spanned.at(-1)!.includes('</text>')) {
        if (++i >= lines.length) throw new FormatError(`line ${line}: <text> is not closed`);
        spanned.push(lines[i]!);
      }
      value = spanned.join('\n');
      value = value.slice(0, value.lastIndexOf('</text>'));
    }
    yield { tag: content.slice(0, colon), value, line };
  }
}

/** Tags that set one field of the current section. */
const plainFields: ReadonlyMap<string, string> = new Map([
  ['SPDXVersion', 'spdxVersion'],
  ['DocumentName', 'name'],
  ['DocumentNamespace', 'documentNamespace'],
  ['PackageVersion', 'versionInfo'],
  ['PackageSupplier', 'supplier'],
  ['PackageSourceInfo', 'sourceInfo'],
  ['PackageLicenseDeclared', 'licenseDeclared'],
  ['PackageLicenseConcluded', 'licenseConcluded'],
  ['PrimaryPackagePurpose', 'primaryPackagePurpose'],
  ['LicenseName', 'name'],
  ['ExtractedText', 'extractedText'],
]);

function setPlain({ current }: State, tag: string, value: string): boolean {
  const field = plainFields.get(tag);
  if (field !== undefined) current[field] = value;
  return field !== undefined;
}

const readers: Readonly<Record<string, (state: State, value: string, line: number) => void>> = Object.assign(
  Object.create(null) as Record<string, never>,
  {
    SPDXID(state: State, value: string) {
      state.current['SPDXID'] = value;
      state.byId.set(value, state.current);
      if (state.package && state.current !== state.package && state.package['SPDXID'] !== undefined)
        append(state.package, 'hasFiles', value);
    },
    Creator: (state: State, value: string) => void state.creators.push(value),
    PackageName(state: State, value: string) {
      state.package = open(state, 'packages', { name: value });
    },
    FileName: (state: State, value: string) => void open(state, 'files', { fileName: value }),
    SnippetSPDXID: (state: State) => void (state.current = {}),
    LicenseID: (state: State, value: string) => void open(state, 'hasExtractedLicensingInfos', { licenseId: value }),
    PackageChecksum: addChecksum,
    FileChecksum: addChecksum,
    PackageAttributionText: (state: State, value: string) => append(state.current, 'attributionTexts', value),
    ExternalRef(state: State, value: string, line: number) {
      const [referenceCategory, referenceType, referenceLocator] = words(value, 3, line);
      append(state.current, 'externalRefs', { referenceCategory, referenceType, referenceLocator });
    },
    Relationship(state: State, value: string, line: number) {
      const [spdxElementId, relationshipType, relatedSpdxElement] = words(value, 3, line);
      state.document.relationships.push({ spdxElementId, relationshipType, relatedSpdxElement });
    },
    Annotator: (state: State) => void (state.annotation = {}),
    AnnotationComment(state: State, value: string) {
      if (state.annotation) state.annotation['comment'] = value;
    },
    SPDXREF(state: State, value: string) {
      const target = state.byId.get(value);
      if (target && state.annotation) append(target, 'annotations', state.annotation);
    },
  },
);

function open(state: State, list: 'packages' | 'files' | 'hasExtractedLicensingInfos', section: Section): Section {
  if (list === 'hasExtractedLicensingInfos') state.package = undefined;
  state.document[list].push(section);
  state.current = section;
  return section;
}

/** `SHA1: d6a770ba…` */
function addChecksum(state: State, value: string, line: number): void {
  const [algorithm, checksumValue] = words(value, 2, line);
  append(state.current, 'checksums', { algorithm: algorithm!.replace(/:$/, ''), checksumValue });
}

function append(section: Section, key: string, value: unknown): void {
  const list = section[key];
  if (Array.isArray(list)) list.push(value);
  else section[key] = [value];
}

function words(value: string, count: number, line: number): string[] {
  const found = value.trim().split(/\s+/);
  if (found.length < count) throw new FormatError(`line ${line}: ${count} words are expected`);
  return found;
}
