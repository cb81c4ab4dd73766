/**
 * The parts of a Maven project file that say what it is and needs, as written: nothing inherited, nothing filled in.
 * Errors  `FormatError` when the file is no XML or no project.
 * Source  https://maven.apache.org/ref/current/maven-model/maven.html
 */
import { FormatError } from '#base';
import { childrenOf, parseXml, type XmlElement } from '#formats';
import type { LineRange } from '#model';

export interface PomDependency {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly scope: string;
  readonly optional: string;
  readonly lines: LineRange;
}

export interface PomModel {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly parent?: {
    readonly group: string;
    readonly artifact: string;
    readonly version: string;
    /** Absent: `../pom.xml`. */
    readonly relativePath?: string;
  };
  readonly properties: ReadonlyMap<string, string>;
  readonly licenses: readonly string[];
  readonly dependencies: readonly PomDependency[];
  readonly managed: readonly PomDependency[];
  readonly modules: readonly string[];
}

export async function parsePom(text: string): Promise<PomModel> {
  const project = await parseXml(text);
  if (project.name !== 'project') throw new FormatError('not a Maven project file');
  const parent = childrenOf(project, 'parent')[0];
  const relativePath = parent && childrenOf(parent, 'relativePath')[0]?.text.trim();
  const properties = childrenOf(project, 'properties').flatMap(({ children }) => children);
  return {
    group: textIn(project, 'groupId'),
    artifact: textIn(project, 'artifactId'),
    version: textIn(project, 'version'),
    ...(parent && {
      parent: {
        group: textIn(parent, 'groupId'),
        artifact: textIn(parent, 'artifactId'),
        version: textIn(parent, 'version'),
        ...(relativePath && { relativePath }),
      },
    }),
    properties: new Map(properties.map(({ name, text: value }) => [name, value.trim()])),
    licenses: elementsAt(project, 'licenses', 'license')
      .map((license) => textIn(license, 'name'))
      .filter((name) => name !== ''),
    dependencies: elementsAt(project, 'dependencies', 'dependency').map(dependencyOf),
    managed: elementsAt(project, 'dependencyManagement', 'dependencies', 'dependency').map(dependencyOf),
    modules: elementsAt(project, 'modules', 'module')
      .map((module) => module.text.trim())
      .filter((module) => module !== ''),
  };
}

function dependencyOf(element: XmlElement): PomDependency {
  return {
    group: textIn(element, 'groupId'),
    artifact: textIn(element, 'artifactId'),
    version: textIn(element, 'version'),
    scope: textIn(element, 'scope'),
    optional: textIn(element, 'optional'),
    lines: element.lines,
  };
}

function elementsAt(element: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  return names.reduce<readonly XmlElement[]>(
    (elements, name) => elements.flatMap((one) => childrenOf(one, name)),
    [element],
  );
}

function textIn(element: XmlElement, name: string): string {
  return childrenOf(element, name)[0]?.text.trim() ?? '';
}
