/** Family names of operating systems: the ones in reports, and other spellings that older reports and SBOMs use. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['amazon linux', 'amazon'],
  ['debian gnu/linux', 'debian'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['suse linux enterprise micro', 'slem'],
  ['suse linux enterprise server', 'sles'],
]);

/** The family as reports name it; a name that is no alias is kept as it is. */
export function canonicalOsFamily(name: string): string {
  return aliases.get(name) ?? name;
}
