/** An object of a repository. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: GitObjectType;
  readonly bytes: Uint8Array;
}
