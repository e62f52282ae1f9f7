import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { BARE_ENVIRONMENT } from '../helpers/bare-environment.ts'

/** What a process loads before it does anything: each package costs every start time and memory. A process loads what it uses when it uses it. */

const PROGRAM = `
  import { registerHooks } from 'node:module'
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  await import('./index.ts')
  const byApp = loaded.splice(0)
  await import('./workers/main.ts')
  await import('./workers/start-workers.ts')
  const hasHttpClient = process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')
  console.log(JSON.stringify({ byApp, byWorker: loaded, hasHttpClient }))`

/** Used by some calls only. */
const BY_NOBODY = [
  'openai',
  'jose',
  'bullmq-otel',
  'gpt-tokenizer',
  '@orama/stemmers',
  '@orama/stopwords',
  '@electric-sql/pglite',
  'web-tree-sitter',
  're2js',
  'express',
  'ws',
  '@modelcontextprotocol/server',
]

/** Used by a runtime, which not every program that imports the package makes. */
const BY_RUNTIMES = ['bullmq', 'ioredis', 'pino', 'prom-client', 'lru-cache']

it('an app and an idle worker load no package that only some of their calls use', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env: BARE_ENVIRONMENT,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const { byApp, byWorker, hasHttpClient } = JSON.parse(stdout) as {
    byApp: string[]
    byWorker: string[]
    hasHttpClient: boolean
  }
  expect(hasHttpClient).toBe(false)
  const own = (urls: string[]) =>
    urls.flatMap((url) => /^file:(?!.*\/node_modules\/).*\/(workers\/.*)/.exec(url)?.[1] ?? [])
  const packagesOf = (urls: string[]) =>
    urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  const packages = packagesOf([...byApp, ...byWorker])
  expect(packages).toContain('bullmq')
  expect(BY_NOBODY.filter((name) => packages.includes(name))).toEqual([])
  expect(BY_RUNTIMES.filter((name) => packagesOf(byApp).includes(name))).toEqual([])
  expect(own(byWorker)).toContain('workers/memory/memory-digest.ts')
  expect(own(byApp).filter((path) => /^workers\/(memory|context|control)\//.test(path))).toEqual([])
})
