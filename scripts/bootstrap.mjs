// @ts-check
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, findRedisServer, MINIMUM_VERSION } from '../cli/services/find-redis.mjs'
import { downloadRedis } from './setup/download-redis.mjs'
import { arePackagesCurrent, installPackages } from './setup/install-packages.mjs'
import { withSetupLock } from './setup/setup-lock.mjs'

/**
 * A door: makes a fresh checkout ready to run (npm packages, Node, a Redis server) before `npm run demo`, `dev`, `bench` and `npm test`.
 * Plain JavaScript for Node 20, no dependencies. Quick and silent when there is nothing to do; on failure it says the remedy and exits 1.
 */

const MINIMUM_NODE_MAJOR = 24
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'node_modules', '.bin')
/** `--run`: the demo needs no tools of development. */
const NEEDS = { isForRunning: process.argv.includes('--run') }

try {
  if (!arePackagesCurrent(ROOT, NEEDS) || !hasRedis())
    await withSetupLock(join(ROOT, '.data', 'bootstrap.lock'), setUp, { onWait: sayWaiting })
  assertNode()
} catch (error) {
  console.error(`set-up failed: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

function setUp() {
  if (!arePackagesCurrent(ROOT, NEEDS)) step('npm ci', () => installPackages(ROOT, pathWithoutBin(), NEEDS))
  if (!hasRedis()) getRedis()
}

/** Whether the environment names a Redis, or a server program is here to start one. */
function hasRedis() {
  const { REDIS_URL, REDIS_HOST, REDIS_SENTINELS, REDIS_CLUSTER } = process.env
  return Boolean(REDIS_URL || REDIS_HOST || REDIS_SENTINELS || REDIS_CLUSTER || findRedisServer(ROOT))
}

function getRedis() {
  const path = process.env.PATH ?? ''
  let problem = ''
  if (findProgram('apt-get', path) && findProgram('dpkg-deb', path)) {
    try {
      step('download a Redis server into .data/redis', () => downloadRedis(ROOT))
      return
    } catch (error) {
      problem = `\n  The download failed: ${error instanceof Error ? error.message : error}`
    }
  } else if (findProgram('brew', path)) {
    step('brew install redis', () => spawnSync('brew', ['install', '--quiet', 'redis'], { stdio: 'ignore' }))
    if (hasRedis()) return
    problem = '\n  `brew install redis` gave no server that runs.'
  }
  throw new Error(
    `no Redis server of version ${MINIMUM_VERSION} or newer was found.${problem}\n  Do one of these, then run the command again:\n` +
      '  - set REDIS_URL to a Redis that you run, for example redis://:password@127.0.0.1:6379\n' +
      '  - install redis-server or valkey-server so that it is on the PATH (apt, dnf, apk, brew, …); it need not be started',
  )
}

/** The node that npm scripts find first must be new enough to run TypeScript. */
function assertNode() {
  const node = findProgram('node', [BIN, process.env.PATH].join(':'))
  const version = node && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()
  if (version && Number(/^v(\d+)/.exec(version)?.[1]) >= MINIMUM_NODE_MAJOR) return
  const remedy = node?.startsWith(BIN)
    ? `Install Node ${MINIMUM_NODE_MAJOR} (https://nodejs.org) and remove ${node}, which does not fit this system.`
    : `Install Node ${MINIMUM_NODE_MAJOR} (https://nodejs.org); on Linux x64 and arm64 \`npm ci --include=dev --include=optional\` brings one along.`
  throw new Error(
    `expected Node ${MINIMUM_NODE_MAJOR} or newer, got ${version || 'none that runs'}${node ? ` (${node})` : ''}.\n  ${remedy}`,
  )
}

/** npm must not run on the node inside the directory that it is about to replace. */
function pathWithoutBin() {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((directory) => directory !== BIN)
    .join(':')
}

/** @param {number} ownerPid */
function sayWaiting(ownerPid) {
  console.error(`set-up: waiting for another set-up of this directory (process ${ownerPid})`)
}

/** One line a step; its start is shown at once, so that a step that hangs is known. @template T @param {string} name @param {() => T} task */
function step(name, task) {
  const startedMs = performance.now()
  process.stderr.write(`set-up: ${name} … `)
  try {
    const result = task()
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`)
    return result
  } catch (error) {
    process.stderr.write('failed\n')
    throw error
  }
}
