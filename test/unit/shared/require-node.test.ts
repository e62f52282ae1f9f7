import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

it.each(['index.ts', 'env.ts', 'cli/afterturn.ts'])('%s says that Node is too old', (door) => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`
  const script = `${pretend}; await import(${JSON.stringify(join(ROOT, door))})`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain('NODE_TOO_OLD: afterturn needs Node >= 24.6, and this is Node 20.20.2')
})

it('nothing links to Zstandard, which an older Node has not: its loader would fail before the message', () => {
  const files = globSync('{runtime,queues,workers,shared,api,client,adapters,dashboard,cli}/**/*.ts', { cwd: ROOT })
  const linking = files.filter((file) =>
    /import \{[^}]*zstd[^}]*\} from 'node:zlib'/.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  expect(linking).toEqual([])
})
