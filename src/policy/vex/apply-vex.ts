/**
 * Suppresses the vulnerabilities that, by VEX, do not matter: when every path from the package up to the artifact is cut
 * by a statement about an ancestor (the product) and the package (its component), or about the package itself.
 * A package in a cycle, or without known dependants, hangs on its target.
 */
import { encodePurl, type PackageUrl } from '#formats';
import type { Package, Report, Result, Suppressed, Vulnerability } from '#model';
import { createPurlReader } from '../purl-matches.js';
import type { BomIdentity } from './cyclonedx-source.js';
import { imagePurls } from './image-purls.js';
import type { Vex } from './load-vex.js';
import { graphId, packageGraph, type PackageGraph } from './package-graph.js';
import { firstVerdict, type Component, type Verdict, type VexSource } from './vex-source.js';

export async function applyVex(report: Report, vex: Vex, bom?: BomIdentity): Promise<Report> {
  const readPurl = createPurlReader();
  const rootPurls = imagePurls(report.metadata);
  const packages = report.results.flatMap((r) => (r.vulnerabilities.length > 0 ? packagesOf(r) : []));
  const purls = [...rootPurls, ...packages.flatMap((pkg) => readPurl(pkg.purl) ?? [])];
  const { artifactName: name, artifactType, metadata } = report;
  const image = artifactType === 'container_image' ? { name, repoDigests: metadata.repoDigests ?? [] } : undefined;
  const { sources, diagnostics } = await vex.sources({ purls, ...(image && { image }), ...(bom && { bom }) });
  const judge = createJudge(sources, componentReader(readPurl), artifactOf(rootPurls));
  const results = report.results.map((r) => withoutHarmless(withIds(r), judge));
  return { ...report, results, diagnostics: [...report.diagnostics, ...diagnostics] };
}

type Judge = (finding: Vulnerability, graph: PackageGraph) => Verdict | undefined;

const packagesOf = (result: Result): readonly Package[] => [
  ...(result.packages ?? []),
  ...result.vulnerabilities.map((v) => v.package),
];

function componentReader(readPurl: (text: string | undefined) => PackageUrl | undefined): (pkg: Package) => Component {
  const known = new Map<Package, Component>();
  return (pkg) => {
    let component = known.get(pkg);
    if (!component) {
      const purl = readPurl(pkg.purl);
      const names = [pkg.purl, pkg.bomRef].filter((name) => name !== undefined);
      known.set(pkg, (component = { purls: purl ? [purl] : [], names }));
    }
    return component;
  };
}

const artifactOf = (purls: readonly PackageUrl[]): Component => ({ purls, names: purls.map(encodePurl) });

function createJudge(
  sources: readonly VexSource[],
  component: (pkg: Package) => Component,
  artifact: Component,
): Judge {
  const ask = firstVerdict(sources).judge;
  return (finding, graph) => {
    const leaf = component(finding.package);
    const ofArtifact = ask(finding.id, artifact, leaf);
    let cut: Verdict | undefined;
    const seen = new Set<Package>([finding.package]);
    const open: Package[] = [finding.package];
    for (let pkg = open.pop(); pkg; pkg = open.pop()) {
      const verdict = ask(finding.id, component(pkg), leaf);
      if (verdict) {
        cut ??= verdict;
        continue;
      }
      if (graph.isHeldByTarget(pkg)) {
        if (!ofArtifact) return undefined;
        cut ??= ofArtifact;
      }
      for (const parent of graph.parents(pkg)) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        open.push(parent);
      }
    }
    return cut ?? ofArtifact;
  };
}

/** Whoever reads the report can follow the graph that was judged: packages have the ids it is made of. */
function withIds(result: Result): Result {
  if (!result.packages) return result;
  return { ...result, packages: result.packages.map((pkg) => (pkg.id ? pkg : { ...pkg, id: graphId(pkg) })) };
}

function withoutHarmless(result: Result, judge: Judge): Result {
  if (result.vulnerabilities.length === 0) return result;
  const graph = packageGraph(result);
  const kept: Vulnerability[] = [];
  const suppressed: Suppressed[] = [...(result.suppressed ?? [])];
  for (const finding of result.vulnerabilities) {
    const verdict = judge(finding, graph);
    if (verdict) suppressed.push({ ...verdict, finding });
    else kept.push(finding);
  }
  return { ...result, vulnerabilities: kept, ...(suppressed.length > 0 && { suppressed }) };
}
