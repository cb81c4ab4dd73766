/** Ids of the version schemes that ecosystems and distributions name; each is a member of `#versions`. */
export type VersionSchemeId = 'apk' | 'bitnami' | 'deb' | 'gem' | 'generic' | 'maven' | 'npm' | 'pep440' | 'rpm';
