import type { InstalledPackage } from './read-installed.ts';

/** Licences under which we may use, change and hand on what we build with; the last ones bind changes of the work itself. */
const LICENCES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'OFL-1.1',
  'MPL-2.0',
]);

/** What was installed under other terms than we accept, or brings a script that nobody has judged. */
export function findInstalledFlaws(
  installed: readonly InstalledPackage[],
  judgedBuilds: ReadonlySet<string>,
): string[] {
  return installed.flatMap(({ name, version, licence, scripts }) => {
    const flaws: string[] = [];
    if (!isAccepted(licence)) flaws.push(`${name} ${version} has the licence ${licence}, which is not on the list.`);
    if (scripts.length > 0 && !judgedBuilds.has(name)) {
      flaws.push(`${name} ${version} has ${scripts.join(' and ')}: name it in allowBuilds, true or false.`);
    }
    return flaws;
  });
}

/** `A OR B`: either will do; `A AND B`: both must. */
function isAccepted(licence: string): boolean {
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => LICENCES.has(name)));
}
