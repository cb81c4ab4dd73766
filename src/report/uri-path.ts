/** A path as part of a URI: what URIs do not allow, and what would end the path, is escaped. https://www.rfc-editor.org/rfc/rfc3986#section-3.3 */
export function uriPath(path: string): string {
  return encodeURI(path.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[#?]/g, encodeURIComponent);
}
