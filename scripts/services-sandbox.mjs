// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withSetupLock } from './setup/setup-lock.mjs'

/**
 * Owns the Debian 13 tree in `.data/trixie` from which the services suite runs PostgreSQL 17, PgBouncer, Redis 8 and Valkey 8 by chroot.
 * Guarantees: the tree is whole or absent (it is made beside its place, then renamed) and is used again by the next run.
 */

const SUITE = 'trixie'
const PACKAGES = ['postgresql-17', 'postgresql-17-pgvector', 'pgbouncer', 'redis-server', 'valkey-server']
const FALLBACK_MIRROR = 'http://deb.debian.org/debian'
const DEBOOTSTRAP_TIMEOUT_MS = 15 * 60_000

/** @typedef {{ directory: string } | { skipReason: string }} Sandbox */

/**
 * The sandbox's directory, made if it is not there yet (about a minute, 700 MB), or the reason why this machine cannot have it.
 * @param {string} projectRoot
 * @param {(line: string) => void} say
 * @returns {Promise<Sandbox>}
 */
export async function prepareSandbox(projectRoot, say) {
  if (process.platform !== 'linux') return { skipReason: 'it runs its servers by chroot, which needs Linux' }
  if (process.getuid?.() !== 0) return { skipReason: 'debootstrap and chroot need root' }
  const data = join(projectRoot, '.data')
  const directory = join(data, SUITE)
  if (isWhole(directory)) return { directory }
  if (spawnSync('debootstrap', ['--version']).error)
    return { skipReason: 'debootstrap is not installed (apt-get install debootstrap)' }

  return withSetupLock(join(data, `${SUITE}.lock`), () => {
    if (isWhole(directory)) return { directory }
    const partial = `${directory}.partial`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    say(`making ${directory} with debootstrap, once (about a minute) …`)
    const startedMs = performance.now()
    const mirror = findMirror()
    // debootstrap is a shell script that breaks on a path with a space; through a link it sees another.
    const linkDirectory = mkdtempSync(join(tmpdir(), 'afterturn-'))
    const link = join(linkDirectory, SUITE)
    symlinkSync(partial, link)
    const args = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, SUITE, link, mirror]
    const made = spawnSync('debootstrap', args, {
      encoding: 'utf8',
      timeout: DEBOOTSTRAP_TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C' },
    })
    rmSync(linkDirectory, { recursive: true })
    if (made.status !== 0) {
      rmSync(partial, { recursive: true, force: true })
      // Logs are shared; the address of a private mirror is not.
      const words = lastLine(made.stdout + made.stderr)?.replaceAll(mirror, 'MIRROR')
      return { skipReason: `debootstrap failed: ${words || made.error?.message}` }
    }
    rmSync(join(partial, 'var/cache/apt/archives'), { recursive: true, force: true })
    // One that was made before a package was wanted.
    rmSync(directory, { recursive: true, force: true })
    renameSync(partial, directory)
    say(`made in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
    return { directory }
  })
}

/**
 * True if the set-up has all packages.
 * @param {string} directory
 */
function isWhole(directory) {
  return PACKAGES.every((name) =>
    [name, `${name}:${process.arch === 'arm64' ? 'arm64' : 'amd64'}`].some((one) =>
      existsSync(join(directory, `var/lib/dpkg/info/${one}.list`)),
    ),
  )
}

/** The mirror that this machine's apt uses for Debian's main archive, else Debian's own address. */
function findMirror() {
  const format = '$(REPO_URI)|$(LABEL)'
  const targets = spawnSync('apt-get', ['indextargets', 'Created-By: Packages', '--format', format], {
    encoding: 'utf8',
  })
  const rows = (targets.stdout ?? '').split('\n').map((row) => row.split('|'))
  // The label is known once apt has lists; before that the path tells Debian's archive from the others.
  const row = rows.find(([, label]) => label === 'Debian') ?? rows.find(([uri]) => /\/debian\/?$/.test(uri ?? ''))
  return row?.[0] || FALLBACK_MIRROR
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sandbox = await prepareSandbox(fileURLToPath(new URL('..', import.meta.url)), (line) =>
    console.error(`services: ${line}`),
  )
  console.error(
    'skipReason' in sandbox ? `services: skipped, ${sandbox.skipReason}` : `services: ready in ${sandbox.directory}`,
  )
}
