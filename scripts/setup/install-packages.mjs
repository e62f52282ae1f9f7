// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Owns the question whether `node_modules` is what `package-lock.json` says, and its repair. Plain JavaScript for Node 20, no dependencies.
 * Guarantees: an interrupted install is noticed (npm writes its hidden lock file last); a touched file alone installs nothing.
 */

const INSTALL_TIMEOUT_MS = 20 * 60_000
const SHOWN_LINES = 20

/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, link?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * Whether every package of the lock file is there in its version. Optional ones may be absent, except the Node that this platform needs;
 * those of development too, where only the program runs.
 * @param {string} projectRoot
 * @param {{ isForRunning?: boolean }} [options]
 */
export function arePackagesCurrent(projectRoot, { isForRunning = false } = {}) {
  const wanted = readPackages(join(projectRoot, 'package-lock.json'))
  const installed = readPackages(join(projectRoot, 'node_modules', '.package-lock.json'))
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(([path, { version, optional, dev }]) => {
    if (path === '') return true
    const present = installed[path]
    if (!present) return (isForRunning && dev === true) || (optional === true && !isNeededNode(path))
    return present.version === version && existsSync(join(projectRoot, path, 'package.json'))
  })
}

/**
 * Runs `npm ci`.
 * @param {string} projectRoot
 * @param {string} searchPath the PATH under which npm and its node are found
 * @param {{ isForRunning?: boolean }} [options] without the packages of development, which takes half the time
 * @throws {Error} with npm's last words
 */
export function installPackages(projectRoot, searchPath, { isForRunning = false } = {}) {
  const { status, stderr, error } = spawnSync(
    'npm',
    ['ci', isForRunning ? '--omit=dev' : '--include=dev', '--include=optional', '--no-progress', '--loglevel=error'],
    {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, PATH: searchPath },
    },
  )
  if (status === 0) return
  const words = (stderr ?? '').trim().split('\n').slice(-SHOWN_LINES).join('\n  ')
  throw new Error(
    `\`npm ci\` failed: ${error?.message ?? words}\n  Check the network and the npm registry, then run the command again.`,
  )
}

/** @param {string} path @returns {LockedPackages | undefined} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** npm passes over an optional package that it could not fetch, yet an older Node cannot do without this one. @param {string} path */
function isNeededNode(path) {
  const isOld = Number(process.versions.node.split('.')[0]) < 24
  return isOld && process.platform === 'linux' && path === `node_modules/node-linux-${process.arch}`
}
