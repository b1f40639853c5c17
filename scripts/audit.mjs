// `npm run audit`: asks the registry for known vulnerabilities of what the lockfile names. Ends with 0 where there are
// none, with 1 where there are, and with 2 where the registry cannot tell: silence is no pass.
import { spawnSync } from 'node:child_process';
import { fetchTools, findInstalledPnpm } from './lib/toolchain.mjs';

const TIMEOUT_MS = 120_000;

const pnpm = findInstalledPnpm() ?? fetchTools({ pnpm: true }).pnpm;
const { stdout, stderr } = spawnSync(pnpm, ['audit', '--json'], { encoding: 'utf8', timeout: TIMEOUT_MS });
const advisories = readAdvisories(stdout);

if (advisories === undefined) {
  const said = `${stdout}\n${stderr}`.split('\n').find((line) => /ERR_|ETIMEDOUT|responded/.test(line));
  console.error(
    `Nobody knows: the registry in use did not answer for advisories (${said?.trim() ?? 'it said nothing'}).`,
  );
  console.error('That is no pass. Ask again, or with a registry that offers the audit endpoint.');
} else {
  for (const { severity, module_name: name, title, vulnerable_versions: versions, url } of advisories) {
    console.log(`${severity}: ${name} ${versions}: ${title} ${url}`);
  }
  console.log(advisories.length === 0 ? 'No advisory is known.' : `${advisories.length} advisories.`);
}
process.exitCode = advisories === undefined ? 2 : Math.min(advisories.length, 1);

/** Undefined where that is no answer to the question. */
function readAdvisories(text) {
  try {
    const { advisories: found, metadata } = JSON.parse(text);
    return metadata === undefined || found === undefined ? undefined : Object.values(found);
  } catch {
    return undefined;
  }
}
