import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  claimServicesFile,
  readServiceAddresses,
  type ServicesFile,
} from '../../../../shared/processes/service-addresses.ts'

let dir: string
let file: string
const ADDRESSES = { redisUrl: 'redis://:p@h:1', cacheRedisUrl: 'redis://:p@h:2', databaseUrl: 'pglite:///x' }

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'afterturn-test-addresses-'))
  file = join(dir, 'services.json')
})
afterEach(() => rmSync(dir, { recursive: true }))

async function claim(): Promise<ServicesFile> {
  const claimed = await claimServicesFile(file)
  if (claimed.heldBy !== undefined) throw new Error(`held by ${claimed.heldBy}`)
  return claimed
}

it('what is written is read, by this user only, and is gone after the release', async () => {
  writeFileSync(file, 'old, and readable by all', { mode: 0o644 })
  const claimed = await claim()
  await claimed.write(ADDRESSES)
  expect(readServiceAddresses(file)).toEqual(ADDRESSES)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await claimed.release()
  expect(readdirSync(dir)).toEqual([])
})

it.each(['', '{', 'null', '"x"', '[1]', '7', 'true'])('a file that holds %j counts as none', async (text) => {
  writeFileSync(file, text)
  expect(readServiceAddresses(file)).toEqual({})
})

it('no file is no address', () => {
  expect(readServiceAddresses(file)).toEqual({})
})

it('one live process writes it: the second is told who, and changes nothing', async () => {
  const first = await claim()
  await first.write(ADDRESSES)
  expect(await claimServicesFile(file)).toEqual({ heldBy: process.pid })
  expect(readServiceAddresses(file)).toEqual(ADDRESSES)
  await first.release()
  const second = await claim()
  await second.write({ databaseUrl: 'pglite:///y' })
  await first.release()
  expect(readServiceAddresses(file)).toEqual({ databaseUrl: 'pglite:///y' })
  await second.release()
})

it('what a killed process left is nobody’s address', async () => {
  writeFileSync(file, JSON.stringify(ADDRESSES))
  writeFileSync(`${file}.lock`, `${spawnSync('true').pid} 1 killed`)
  const claimed = await claim()
  expect(readServiceAddresses(file)).toEqual({})
  await claimed.release()
})
