/**
 * Names of Python distributions as they are compared: lower case, runs of `-`, `_` and `.` as one `-`.
 * Source  https://packaging.python.org/en/latest/specifications/name-normalization/
 */
export function normalizePythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The name at the start of a requirement: `Requests[socks]>=2.32; python_version<"4"` → `Requests`. */
export function requirementName(requirement: string): string | undefined {
  return /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(requirement)?.[1];
}
