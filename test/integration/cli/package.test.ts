import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { OPTIONAL_PACKAGES } from '../../../shared/processes/optional-packages.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { readmeExample } from '../../helpers/readme-example.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The package as an app gets it: packed from a copy of the checkout, installed in an empty directory, run there against services of this test. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NOT_COPIED = ['.git', '.data', 'node_modules', 'dist', 'test', 'bench']
const SET_UP_TIMEOUT_MS = 120_000
/** From the directory of an app. */
const COMMAND = 'node_modules/afterturn/dist/cli/afterturn.js'
const MAX_INSTALLED_BYTES = 90 * 1_024 * 1_024
const MAX_PACKED_BYTES = 8 * 1_024 * 1_024
/** Beside what Node takes alone; 43 MB were measured. */
const MAX_IMPORTED_BYTES = 52 * 1_024 * 1_024

type Packed = { filename: string; size: number; integrity: string; files: { path: string; mode: number }[] }

const run = promisify(execFile)
const store = useStore()
const runtimes = useRuntimes(store)

let directory: string
let app: string
let packed: Packed
/** What an app's shell has: nothing of npm's or vitest's own. */
const environment = (): NodeJS.ProcessEnv => ({
  HOME: process.env.HOME,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  REDIS_KEY_PREFIX: runtimes.config().redisKeyPrefix,
  LOG_LEVEL: 'warn',
})

/** How this machine reaches the registry, beside what an app's shell has. */
const networkEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_(registry|cafile|cache))$/i.test(name),
    ),
  )

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterturn-package-'))
  app = join(directory, 'app')
  const checkout = join(directory, 'checkout')
  // Packing rewrites package.json for a moment and makes dist/: not in the checkout that others use.
  await cp(ROOT, checkout, { recursive: true, filter: (path) => !NOT_COPIED.includes(relative(ROOT, path)) })
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', directory], {
    cwd: checkout,
    env: environment(),
  })
  // What the build prints stands before it.
  packed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))[0]
  const [before, after] = await Promise.all(
    [ROOT, checkout].map((root) => readFile(join(root, 'package.json'), 'utf8')),
  )
  expect(after).toBe(before)

  await mkdir(join(app, '.data'), { recursive: true })
  await writeManifests()
  await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: app,
    env: { ...environment(), ...networkEnvironment() },
  })
  await writeFile(join(app, 'example.ts'), readmeExample())
  await writeFile(
    join(app, '.data/services.json'),
    JSON.stringify({ redisUrl: inject('redisUrl'), cacheRedisUrl: inject('cacheRedisUrl'), databaseUrl: store.url }),
  )
}, SET_UP_TIMEOUT_MS)

afterAll(() => rm(directory, { recursive: true, force: true }))

it('holds what runs, and little else', async () => {
  const paths = packed.files.map(({ path }) => path)
  const others = paths.filter(
    (path) =>
      !/^dist\/(index|env|runtime|late-runtime|(chunks|runtime|queues|workers|shared|api|client|adapters|dashboard|cli)\/.+)\.(m?js|d\.m?ts)$/.test(
        path,
      ),
  )
  const expected = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/dashboard/console.css',
    'dist/dashboard/dashboard.css',
    'dist/shared/ai/local/word-vectors.bin',
    'dist/shared/store/pglite/empty-cluster.bin',
    ...paths.filter((path) => /^dist\/(queues|shared|workers)\/([\w-]+\/)*[\w-]+\.lua$/.test(path)),
    'dist/workers/memory/facts/injection/order-weights.bin',
    ...paths.filter((path) => /^dist\/shared\/store\/migrations\/\d{4}_\w+\.sql$/.test(path)),
    'package.json',
  ]
  expect(others.sort()).toEqual(expected.sort())
  expect(packed.size).toBeLessThan(MAX_PACKED_BYTES)
})

it('brings no Node and no tools of the checkout', async () => {
  const manifest = JSON.parse(await readFile(join(app, 'node_modules/afterturn/package.json'), 'utf8'))
  expect(Object.keys(manifest.optionalDependencies).sort()).toEqual(Object.values(OPTIONAL_PACKAGES).flat().sort())
  await expect(stat(join(app, 'node_modules/.bin/node'))).rejects.toThrow('ENOENT')
  await expect(stat(join(app, 'node_modules/vitest'))).rejects.toThrow('ENOENT')
})

it('has types: the example compiles against them, and a wrong call does not', async () => {
  await writeFile(
    join(app, 'wrong.ts'),
    "import { createRuntime } from 'afterturn'\n// @ts-expect-error The addresses are missing.\ncreateRuntime({})\n",
  )
  const compilerOptions = {
    ...JSON.parse(await readFile(join(ROOT, 'tsconfig.json'), 'utf8')).compilerOptions,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const { stdout } = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', app, '--pretty', 'false', '--checkers', '1'])
  expect(stdout).toBe('')
})

it('takes little memory of an app that imports it', async () => {
  const residentBytes = async (program: string) => {
    const whole = `${program}; console.log(process.memoryUsage.rss())`
    const options = { cwd: app, env: environment() }
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', whole], options)
    return Number(stdout)
  }
  const alone = await residentBytes('')
  expect((await residentBytes("await import('afterturn')")) - alone).toBeLessThan(MAX_IMPORTED_BYTES)
})

it('has the command, with every tool', async () => {
  const { stdout } = await run('npx', ['--no-install', 'afterturn', '--help'], { cwd: app, env: environment() })
  expect(stdout).toContain('memory-digest')
  const command = join(app, COMMAND)
  const doctor = await run(process.execPath, [command, 'doctor'], { cwd: app, env: environment() })
  expect(doctor.stdout).toContain('Durable Redis')
  const alone = await run(process.execPath, [command, 'doctor'], {
    cwd: join(app, 'node_modules'),
    env: BARE_ENVIRONMENT,
  }).catch((error) => error)
  expect(alone.stdout + alone.stderr).toContain('start `npx afterturn dev`')
})

it('runs the example of the README: records, digests, finds', async () => {
  const workers = await startWorkers('workers')
  try {
    const { stdout, stderr } = await runExample('example.ts')
    expect(stdout).toMatch(/Lisbon.* <- turn-1\n/)
    expect(stderr).toBe('')
    // As the guide has it: the package stays outside of the bundle.
    const bundling = ['example.ts', '--platform', 'node', '--external', 'afterturn/env', '--file', 'bundle.mjs']
    await run(join(ROOT, 'node_modules/.bin/rolldown'), bundling, { cwd: app, env: environment() })
    expect((await runExample('bundle.mjs')).stdout).toMatch(/Lisbon.* <- turn-1\n/)
  } finally {
    await workers.stop()
  }
  expect(workers.child.exitCode).toBe(0)
})

it('records and searches without its optional packages, which are most of its weight, and says what needs them', async () => {
  const modules = join(app, 'node_modules')
  for (const name of Object.values(OPTIONAL_PACKAGES).flat()) await rm(join(modules, name), { recursive: true })
  const paths = await readdir(modules, { recursive: true, withFileTypes: true })
  const sizes = paths.filter((entry) => entry.isFile()).map(({ parentPath, name }) => stat(join(parentPath, name)))
  expect((await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)).toBeLessThan(MAX_INSTALLED_BYTES)
  const workers = await startWorkers('memory-digest')
  try {
    expect((await runExample('example.ts')).stdout).toMatch(/Lisbon.* <- turn-1\n/)
  } finally {
    await workers.stop()
  }
  for (const name of ['store', 'dashboard', 'api', 'web', 'mcp', 'repo-indexing']) {
    const { stderr } = await run(process.execPath, [COMMAND, name], { cwd: app, env: environment() }).catch(
      (error) => error,
    )
    expect([name, stderr]).toEqual([
      name,
      expect.stringMatching(/^CONFIG_INVALID: .* needs packages that are not installed: /),
    ])
    expect(stderr).toContain('npm install --include=optional')
  }
  const env = { ...environment(), OPENAI_API_KEY: 'sk-test' }
  const asking = await run(process.execPath, ['example.ts'], { cwd: app, env }).catch((error) => error)
  expect(asking.stderr).toContain('A model server needs packages that are not installed: openai.')
})

function runExample(file: string) {
  return run(process.execPath, [file], { cwd: app, env: environment(), timeout: 30_000 })
}

async function startWorkers(name: string) {
  const child = fork(join(app, COMMAND), [name], {
    cwd: app,
    env: environment(),
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
  }
  await untilReady(child).catch(async (error) => {
    await stop()
    throw error
  })
  return { child, stop }
}

/** An app that depends on the tarball alone, locked to the versions of the checkout: npm has those in its cache, and need not ask the registry about 130 packages. */
async function writeManifests(): Promise<void> {
  const tarball = `file:../${packed.filename}`
  const manifest = {
    name: 'app',
    version: '1.0.0',
    private: true,
    type: 'module',
    dependencies: { afterturn: tarball },
  }
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; version: string; dependencies: object }>
  }
  const { '': root, ...others } = packages
  const needed = Object.entries(others).filter(([path, { dev }]) => !dev && !/\/node-linux-/.test(path))
  const lock = {
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': manifest,
      'node_modules/afterturn': {
        version: root?.version,
        resolved: tarball,
        integrity: packed.integrity,
        dependencies: root?.dependencies,
        bin: { afterturn: 'dist/cli/afterturn.js' },
      },
      ...Object.fromEntries(needed),
    },
  }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(app, 'package-lock.json'), JSON.stringify(lock))
}

async function untilReady(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The workers ended with ${code} before they were ready.`)
  })
  await Promise.race([once(child, 'message'), ended])
  ended.catch(() => {})
}
