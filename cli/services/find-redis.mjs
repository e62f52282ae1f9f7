// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * Owns the search for a Redis or Valkey server program on this machine. Plain JavaScript for Node 20, no dependencies.
 * Guarantees: what it returns was run once and is new enough. It starts no server and changes nothing.
 */

export const MINIMUM_VERSION = '6.2'
const SERVER_NAMES = ['redis-server', 'valkey-server']

/**
 * @typedef {object} RedisServer
 * @property {string} path the program
 * @property {string} [libraryPath] what LD_LIBRARY_PATH must be when it runs; absent for an installed server
 * @property {string} version for example `7.0.15`
 */

/**
 * The server to run: an installed one (`redis-server`, then `valkey-server`), else the one that the set-up put into `.data/redis`.
 * @param {string} projectRoot
 * @param {string} [searchPath] directories as in PATH; default: PATH
 * @returns {RedisServer | undefined} `undefined` if there is none of version 6.2 or newer
 */
export function findRedisServer(projectRoot, searchPath = process.env.PATH ?? '') {
  return findInstalledServer(searchPath) ?? findDownloadedServer(downloadDirectory(projectRoot))
}

/** @param {string} projectRoot */
export function downloadDirectory(projectRoot) {
  return join(projectRoot, '.data', 'redis')
}

/**
 * The server inside an unpacked tree of Debian packages.
 * @param {string} directory
 * @returns {RedisServer | undefined}
 */
export function findDownloadedServer(directory) {
  if (!existsSync(directory)) return undefined
  const libraryPath = libraryDirectories(directory).join(':')
  return firstUsable(
    SERVER_NAMES.map((name) => join(directory, 'usr/bin', name)),
    libraryPath,
  )
}

/**
 * The first program of this name in a list of directories as in PATH.
 * @param {string} name
 * @param {string} searchPath
 * @returns {string | undefined}
 */
export function findProgram(name, searchPath) {
  return searchPath
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .find(isProgram)
}

/** @param {string} searchPath */
function findInstalledServer(searchPath) {
  const brew = findProgram('brew', searchPath)
  const directories = brew ? `${searchPath}${delimiter}${dirname(brew)}` : searchPath
  return firstUsable(SERVER_NAMES.map((name) => findProgram(name, directories)))
}

/** @param {(string | undefined)[]} candidates @param {string} [libraryPath] @returns {RedisServer | undefined} */
function firstUsable(candidates, libraryPath) {
  for (const path of candidates) {
    if (path === undefined || !isProgram(path)) continue
    const env = libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', env, timeout: 10_000 })
    const version = /\bv=(\d+\.\d+(\.\d+)?)/.exec(stdout ?? '')?.[1]
    if (version && isAtLeast(version, MINIMUM_VERSION))
      return { path, version, ...(libraryPath ? { libraryPath } : {}) }
  }
  return undefined
}

/** @param {string} version @param {string} minimum */
function isAtLeast(version, minimum) {
  return version.localeCompare(minimum, 'en', { numeric: true }) >= 0
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * Debian keeps libraries in `lib/<machine>-linux-gnu`, below `usr/` or, in older releases, at the top.
 * @param {string} directory
 */
function libraryDirectories(directory) {
  return ['usr/lib', 'lib'].flatMap((top) => {
    const path = join(directory, top)
    const names = existsSync(path) ? readdirSync(path) : []
    return names.filter((name) => name.includes('-linux-')).map((name) => join(path, name))
  })
}
