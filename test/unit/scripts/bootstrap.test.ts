import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

let root: string
let bin: string

/** A project whose packages are in place, and a PATH that holds nothing but this Node and a shell. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'afterturn set-up '))
  bin = join(root, 'a bin')
  await cp(join(ROOT, 'scripts'), join(root, 'scripts'), { recursive: true })
  for (const file of await readdir(join(ROOT, 'shared/processes')))
    if (file.endsWith('.mjs')) await cp(join(ROOT, 'shared/processes', file), join(root, 'shared/processes', file))
  await cp(join(ROOT, 'cli/services/find-redis.mjs'), join(root, 'cli/services/find-redis.mjs'))
  await mkdir(join(root, 'node_modules'))
  await mkdir(bin)
  await symlink(process.execPath, join(bin, 'node'))
  for (const path of ['package-lock.json', 'node_modules/.package-lock.json']) {
    await writeFile(join(root, path), '{"packages":{"":{}}}')
  }
})

afterEach(() => rm(root, { recursive: true, force: true }))

function bootstrap(environment: Record<string, string> = {}) {
  const script = join(root, 'scripts/bootstrap.mjs')
  // From another directory: the set-up works on its own tree, wherever it is called.
  return spawnSync(process.execPath, [script], { cwd: tmpdir(), encoding: 'utf8', env: { PATH: bin, ...environment } })
}

async function makeProgram(name: string, answer: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${answer}\n`)
  await chmod(join(bin, name), 0o755)
}

describe('the set-up', () => {
  test('is silent and leaves nothing when there is nothing to do', async () => {
    await makeProgram('redis-server', 'echo "Redis server v=7.0.15 sha=0"')
    const { status, stdout, stderr } = bootstrap()
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await readdir(root)).not.toContain('.data')
  })

  test.each([{ REDIS_URL: 'redis://10.0.0.1' }, { REDIS_HOST: '10.0.0.1' }])(
    'wants no server where %o names one',
    (environment) => {
      expect(bootstrap(environment)).toMatchObject({ status: 0, stderr: '' })
    },
  )

  test('says the choices when there is no server and no way to get one', () => {
    const { status, stderr } = bootstrap()
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /no Redis server of version 6\.2 or newer[\s\S]*set REDIS_URL[\s\S]*install redis-server or valkey-server/,
    )
  })

  test('says why a download failed, and leaves nothing half-made', async () => {
    await makeProgram('dpkg-deb', 'exit 1')
    await makeProgram('apt-get', 'echo "E: Unable to locate package" >&2; exit 100')
    const { status, stderr } = bootstrap()
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /download a Redis server into \.data\/redis … failed[\s\S]*E: Unable to locate package[\s\S]*set REDIS_URL/,
    )
    expect(await readdir(join(root, '.data'))).toEqual([])
  })

  test('installs when a package is missing, and says why that failed', async () => {
    await writeFile(join(root, 'package-lock.json'), '{"packages":{"":{},"node_modules/zod":{"version":"4.0.0"}}}')
    await makeProgram('npm', 'echo "npm error network $*" >&2; exit 1')
    const { status, stderr } = bootstrap({ REDIS_URL: 'redis://10.0.0.1' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/npm ci … failed[\s\S]*npm error network ci --include=dev/)
  })

  test('refuses a Node that is too old for npm scripts, also one inside node_modules that does not run', async () => {
    await rm(join(bin, 'node'))
    await makeProgram('node', 'echo v20.19.0')
    expect(bootstrap({ REDIS_URL: 'redis://10.0.0.1' })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/expected Node 24 or newer, got v20\.19\.0[\s\S]*--include=optional/),
    })
    await mkdir(join(root, 'node_modules/.bin'))
    await writeFile(join(root, 'node_modules/.bin/node'), '#!/no/such/loader\n')
    await chmod(join(root, 'node_modules/.bin/node'), 0o755)
    expect(bootstrap({ REDIS_URL: 'redis://10.0.0.1' })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/got none that runs[\s\S]*remove/),
    })
  })
})
