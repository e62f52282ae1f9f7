import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findRedisServer } from '../../../cli/services/find-redis.mjs'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'afterturn find '))
})

afterEach(() => rm(root, { recursive: true, force: true }))

async function makeServer(path: string, answer: string): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, `#!/bin/sh\n${answer}\n`)
  await chmod(full, 0o755)
  return full
}

const says = (version: string) => `echo "Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64"`
const search = (...directories: string[]) =>
  findRedisServer(root, directories.map((name) => join(root, name)).join(':'))

describe('the Redis server to run', () => {
  test('is undefined where there is none', () => {
    expect(search('bin', 'absent')).toBeUndefined()
  })

  test('is redis-server on the PATH, else valkey-server', async () => {
    const valkey = await makeServer('b/valkey-server', 'echo "Valkey server v=8.1.1 sha=0"')
    expect(search('a', 'b')).toEqual({ path: valkey, version: '8.1.1' })
    const redis = await makeServer('b/redis-server', says('7.0.15'))
    expect(search('a', 'b')).toEqual({ path: redis, version: '7.0.15' })
  })

  test('is new enough and runs', async () => {
    await makeServer('bin/redis-server', says('6.0.16'))
    expect(search('bin')).toBeUndefined()
    await makeServer('bin/redis-server', says('6.2.0'))
    expect(search('bin')?.version).toBe('6.2.0')
    await makeServer('bin/redis-server', says('10.0.1'))
    expect(search('bin')?.version).toBe('10.0.1')
    await makeServer('bin/redis-server', 'exit 127')
    expect(search('bin')).toBeUndefined()
  })

  test('is the downloaded one otherwise, with the libraries that came with it', async () => {
    const libraryPath = join(root, '.data/redis/usr/lib/x86_64-linux-gnu')
    await mkdir(libraryPath, { recursive: true })
    const path = await makeServer(
      '.data/redis/usr/bin/redis-server',
      `[ "$LD_LIBRARY_PATH" = '${libraryPath}' ] && ${says('7.0.15')}`,
    )
    expect(search('bin')).toEqual({ path, libraryPath, version: '7.0.15' })
    const installed = await makeServer('bin/redis-server', says('7.2.0'))
    expect(search('bin')?.path).toBe(installed)
  })
})
