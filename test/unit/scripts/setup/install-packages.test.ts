import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { arePackagesCurrent } from '../../../../scripts/setup/install-packages.mjs'

type Packages = Record<string, { version?: string; optional?: boolean }>

const LOCKED: Packages = {
  '': {},
  'node_modules/zod': { version: '4.0.0' },
  'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
}
const { 'node_modules/only-elsewhere': _absent, ...INSTALLED } = LOCKED

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'afterturn install '))
  await mkdir(join(root, 'node_modules/zod'), { recursive: true })
  await writeFile(join(root, 'node_modules/zod/package.json'), '{}')
  await writeLock('package-lock.json', LOCKED)
  await writeLock('node_modules/.package-lock.json', INSTALLED)
})

afterEach(() => rm(root, { recursive: true, force: true }))

const writeLock = (path: string, packages: Packages) => writeFile(join(root, path), JSON.stringify({ packages }))

describe('installed packages', () => {
  test('are current when each is there in its version; optional ones of other platforms may be absent', () => {
    expect(arePackagesCurrent(root)).toBe(true)
  })

  test('stay current when only the time of the lock file changed, as by a checkout', async () => {
    const later = new Date(Date.now() + 3_600_000)
    await utimes(join(root, 'package-lock.json'), later, later)
    expect(arePackagesCurrent(root)).toBe(true)
  })

  test('are not current without node_modules', async () => {
    await rm(join(root, 'node_modules'), { recursive: true })
    expect(arePackagesCurrent(root)).toBe(false)
  })

  test('are not current after an interrupted install, which leaves no hidden lock file or half of one', async () => {
    await writeFile(join(root, 'node_modules/.package-lock.json'), '{"packages": {"node_mod')
    expect(arePackagesCurrent(root)).toBe(false)
    await rm(join(root, 'node_modules/.package-lock.json'))
    expect(arePackagesCurrent(root)).toBe(false)
  })

  test('are not current when a version changed, a package was added, or one was deleted by hand', async () => {
    await writeLock('package-lock.json', { ...LOCKED, 'node_modules/zod': { version: '4.0.1' } })
    expect(arePackagesCurrent(root)).toBe(false)
    await writeLock('package-lock.json', { ...LOCKED, 'node_modules/pg': { version: '8.0.0' } })
    expect(arePackagesCurrent(root)).toBe(false)
    await writeLock('package-lock.json', LOCKED)
    await rm(join(root, 'node_modules/zod'), { recursive: true })
    expect(arePackagesCurrent(root)).toBe(false)
  })
})
