// @ts-check
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { downloadDirectory, findDownloadedServer } from '../../cli/services/find-redis.mjs'

/**
 * Owns the download of a Redis server from Debian's or Ubuntu's own archive into `.data/redis`. Plain JavaScript for Node 20.
 * Guarantees: nothing is installed, no service starts, no root is needed, apt's own lists stay as they are; the tree is whole or absent.
 */

const SERVER_PACKAGES = ['redis-server', 'valkey-server']
const APT_TIMEOUT_MS = 5 * 60_000
// A library needs libraries that need libraries; deeper than this the base system has them.
const MAX_DEPENDENCY_ROUNDS = 5

/** @typedef {(args: string[], cwd?: string) => { isOk: boolean, output: string }} Apt */

/**
 * Downloads and unpacks the server and those of its libraries that are not installed. Call it under the set-up's lock.
 * @param {string} projectRoot
 * @returns {import('../../cli/services/find-redis.mjs').RedisServer}
 * @throws {Error} with apt's last words if no archive has a server that runs here
 */
export function downloadRedis(projectRoot) {
  const directory = downloadDirectory(projectRoot)
  const partial = `${directory}.partial`
  const debs = join(partial, 'debs')
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(debs, { recursive: true })
  try {
    let problem = ''
    for (const makeApt of [systemApt, () => aptWithOwnLists(join(partial, 'apt'))]) {
      const apt = makeApt()
      for (const serverPackage of SERVER_PACKAGES) {
        const tree = join(partial, serverPackage)
        const fetched = fetchPackages(apt, serverPackage, debs)
        if (!fetched.isOk) {
          problem = fetched.output
          continue
        }
        unpack(debs, tree)
        if (findDownloadedServer(tree)) {
          rmSync(directory, { recursive: true, force: true })
          renameSync(tree, directory)
          return /** @type {import('../../cli/services/find-redis.mjs').RedisServer} */ (
            findDownloadedServer(directory)
          )
        }
        problem = `the package ${serverPackage} holds no server that runs here and is new enough`
      }
    }
    throw new Error(problem)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

/** apt with the lists that the system has; on a fresh machine or container there are none. @returns {Apt} */
function systemApt() {
  // As root apt would change to a user who may not enter our directory.
  const sandbox = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []
  const network = ['-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30']
  return (args, cwd) => {
    const result = spawnSync('apt-get', [...sandbox, ...network, ...args], {
      cwd,
      encoding: 'utf8',
      timeout: APT_TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C' },
    })
    return { isOk: result.status === 0, output: (result.stderr ?? '').trim() || String(result.error ?? '') }
  }
}

/** apt with fresh lists in a directory of ours. @param {string} directory @returns {Apt} */
function aptWithOwnLists(directory) {
  const lists = join(directory, 'lists')
  const cache = join(directory, 'cache')
  mkdirSync(join(lists, 'partial'), { recursive: true })
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true })
  const plain = systemApt()
  /** @type {Apt} */
  const apt = (args, cwd) => plain(['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`, ...args], cwd)
  // Its exit code is no judge: one archive of many that fails, or a hook that wants root, spoils it. The download tells.
  apt(['update', '-q'])
  return apt
}

/**
 * Fetches a server's package, its companion, and in rounds the libraries that are not installed, into an emptied directory.
 * @param {Apt} apt @param {string} serverPackage @param {string} debs
 */
function fetchPackages(apt, serverPackage, debs) {
  for (const name of readdirSync(debs)) rmSync(join(debs, name))
  const installed = installedPackages()
  const tried = new Set([serverPackage])
  let wanted = [serverPackage]
  for (let round = 0; round < MAX_DEPENDENCY_ROUNDS && wanted.length > 0; round += 1) {
    for (const name of wanted) {
      const fetched = apt(['download', '-q', name], debs)
      // What a missing library breaks, the trial run of the server shows.
      if (!fetched.isOk && name === serverPackage) return fetched
    }
    const needed = readdirSync(debs).flatMap((deb) => dependenciesOf(join(debs, deb)))
    wanted = [...new Set(needed)].filter(
      (name) => !tried.has(name) && (isCompanion(name) || (name.startsWith('lib') && !installed.has(name))),
    )
    for (const name of wanted) tried.add(name)
  }
  return { isOk: true, output: '' }
}

/** Debian keeps the program itself in `redis-tools`; it is fetched even if installed, for the link to it is relative. @param {string} name */
function isCompanion(name) {
  return name === 'redis-tools' || name === 'valkey-tools'
}

function installedPackages() {
  const format = ['db:Status-Status', 'Package'].map((field) => `$\{${field}}`).join(' ')
  const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat', `${format}\n`], { encoding: 'utf8' })
  const rows = (stdout ?? '').split('\n').map((row) => row.split(' '))
  return new Set(rows.filter(([status]) => status === 'installed').map(([, name]) => name))
}

/** The first choice of each dependency of a package file. @param {string} deb */
function dependenciesOf(deb) {
  const { stdout } = spawnSync('dpkg-deb', ['--field', deb, 'Depends', 'Pre-Depends'], { encoding: 'utf8' })
  const fields = (stdout ?? '').replaceAll(/^(Pre-)?Depends:/gm, ',')
  return fields.split(',').flatMap((entry) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(entry)?.[1] ?? [])
}

/** @param {string} debs @param {string} tree */
function unpack(debs, tree) {
  rmSync(tree, { recursive: true, force: true })
  for (const deb of readdirSync(debs)) spawnSync('dpkg-deb', ['--extract', join(debs, deb), tree])
}
