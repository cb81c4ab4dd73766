/** `a/b/c` as namespace `a/b` and name `c` of a package URL. */
export function splitNamespace(path: string): { readonly namespace?: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? { name: path } : { namespace: path.slice(0, slash), name: path.slice(slash + 1) };
}
