import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withSetupLock } from '../../../../scripts/setup/setup-lock.mjs'
import { recordProcess } from '../../../../shared/processes/process-identity.mjs'

let directory: string
let lock: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterturn lock '))
  lock = join(directory, 'data/setup.lock')
})

afterEach(() => rm(directory, { recursive: true, force: true }))

describe('the set-up lock', () => {
  test('is held during the task and gone after it, also when the task fails', async () => {
    expect(await withSetupLock(lock, () => existsSync(lock))).toBe(true)
    await expect(withSetupLock(lock, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck')
    expect(readdirSync(join(directory, 'data'))).toEqual([])
  })

  test('lets one task in at a time', async () => {
    let inside = 0
    let most = 0
    const task = async () => {
      most = Math.max(most, ++inside)
      await new Promise(setImmediate)
      inside -= 1
    }
    await Promise.all([1, 2, 3].map(() => withSetupLock(lock, task)))
    expect(most).toBe(1)
  })

  test.each([
    ['of a process that has ended', () => `${spawnSync('true').pid} 1`],
    ['whose number another process has by now', () => `${process.pid} 1`],
    ['that holds nonsense', () => '{"pi'],
  ])('is taken over from an owner %s', async (_case, content) => {
    await withSetupLock(lock, () => {})
    await writeFile(lock, content())
    expect(await withSetupLock(lock, () => 'done', { waitMs: 0 })).toBe('done')
    expect(readdirSync(join(directory, 'data'))).toEqual([])
  })

  test('is waited for while its owner lives, and refused in the end, naming the owner', async () => {
    const owner = spawn('sleep', ['60'])
    try {
      await once(owner, 'spawn')
      await withSetupLock(lock, () => {})
      const { pid, startedAt } = recordProcess(owner.pid as number)
      await writeFile(lock, `${pid} ${startedAt ?? '-'}`)
      const waitedFor: number[] = []
      const attempt = withSetupLock(lock, () => {}, { waitMs: 150, onWait: (pid) => waitedFor.push(pid) })
      await expect(attempt).rejects.toThrow(`process ${owner.pid}`)
      expect(waitedFor).toEqual([owner.pid])
      expect(existsSync(lock)).toBe(true)
    } finally {
      owner.kill('SIGKILL')
    }
  })
})
