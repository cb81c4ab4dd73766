// Scans an image archive with the embedded database and lists what has a fix, as a program of yours would.
// Usage: node examples/scan-archive.mjs IMAGE.tar
import { PratiqueError, scan } from 'pratique';

const [input = 'examples/example-image.tar'] = process.argv.slice(2);

try {
  const report = await scan(
    { kind: 'image', input },
    {
      database: { embedded: true },
      severities: ['HIGH', 'CRITICAL'],
      ignoredStatuses: ['affected', 'will_not_fix', 'fix_deferred'],
    },
  );
  for (const { target, vulnerabilities } of report.results) {
    for (const { id, package: pkg, fixedVersion, severity } of vulnerabilities) {
      console.log(`${target}: ${id} (${severity}) in ${pkg.name}, fixed in ${fixedVersion}`);
    }
  }
  for (const { message } of report.diagnostics) console.error(`not assessed: ${message}`);
} catch (error) {
  if (!(error instanceof PratiqueError)) throw error;
  console.error(`${error.message} (${error.hint})`);
  process.exitCode = 1;
}
