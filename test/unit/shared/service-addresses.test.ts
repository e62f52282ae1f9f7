import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import {
  readServiceAddresses,
  removeServiceAddresses,
  writeServiceAddresses,
} from '../../../shared/service-addresses.ts'

const dir = mkdtempSync(join(tmpdir(), 'afterturn-test-addresses-'))
const file = join(dir, 'services.json')
const ADDRESSES = { redisUrl: 'redis://:p@h:1', cacheRedisUrl: 'redis://:p@h:2', databaseUrl: 'pglite:///x' }

beforeEach(() => rmSync(file, { force: true }))
afterAll(() => rmSync(dir, { recursive: true }))

it('what is written is read, by this user only', async () => {
  writeFileSync(file, 'old, and readable by all', { mode: 0o644 })
  await writeServiceAddresses(ADDRESSES, file)
  expect(readServiceAddresses(file)).toEqual(ADDRESSES)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it.each(['', '{', 'null', '"x"', '[1]', '7', 'true'])('a file that holds %j counts as none', async (text) => {
  writeFileSync(file, text)
  expect(readServiceAddresses(file)).toEqual({})
  await removeServiceAddresses(ADDRESSES, file)
  expect(statSync(file).isFile()).toBe(true)
})

it('no file is no address', async () => {
  expect(readServiceAddresses(file)).toEqual({})
  await removeServiceAddresses(ADDRESSES, file)
})

it('only the services that a file names remove it', async () => {
  await writeServiceAddresses(ADDRESSES, file)
  await removeServiceAddresses({ ...ADDRESSES, databaseUrl: 'pglite:///other' }, file)
  expect(readServiceAddresses(file)).toEqual(ADDRESSES)
  await removeServiceAddresses(ADDRESSES, file)
  expect(readServiceAddresses(file)).toEqual({})
})
