import { cp, mkdir, readFile, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { EmbeddedPostgresError, USE_YOUR_OWN } from './embedded-postgres-error.ts';
import { canReach } from './run-user.ts';

export type PostgresBinaries = {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Major version, as PG_VERSION in a data directory states it. */
  readonly major: string;
};

/** The binaries of this platform's package, in a place where the run user can execute them. */
export async function preparePostgresBinaries(folder: DataFolder): Promise<PostgresBinaries> {
  const packageDir = await findPackage();
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const shipped = join(packageDir, 'native');
  const linked = (await canReach(shipped, folder.runUser)) && (await linkLibraries(shipped));
  const native = linked ? shipped : await copyOnce(shipped, join(folder.binaries, version));
  const bin = join(native, 'bin');
  return {
    initdb: join(bin, 'initdb'),
    pgCtl: join(bin, 'pg_ctl'),
    postgres: join(bin, 'postgres'),
    major: version.slice(0, version.indexOf('.')),
  };
}

async function findPackage(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return await realpath(dirname(dirname(entry)));
  } catch (error) {
    throw new EmbeddedPostgresError(`There is no embedded PostgreSQL for ${platform} here: ${USE_YOUR_OWN}`, {
      cause: error,
    });
  }
}

type Link = { readonly source: string; readonly target: string };

/** A registry package holds no links, and its install script that makes them may have been blocked. */
async function linkLibraries(native: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as Link[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (await stat(path).catch(() => undefined)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** 60 MB, once per version; the caller holds the start lock. */
async function copyOnce(shipped: string, target: string): Promise<string> {
  const native = join(target, 'native');
  if (await stat(native).catch(() => undefined)) return native;
  const half = `${target}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  await cp(shipped, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  await linkLibraries(join(half, 'native'));
  await rename(half, target);
  return native;
}
