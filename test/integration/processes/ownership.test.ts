import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takeOwnership } from '../../../shared/processes/ownership.mjs'
import { answerOf, useModuleProcesses } from '../../helpers/processes/module-processes.ts'
import { until } from '../../helpers/until.ts'

const OWNERSHIP = new URL('../../../shared/processes/ownership.mjs', import.meta.url).href

const processes = useModuleProcesses()

/** Takes what is known to be free. */
async function take(lockFile: string) {
  const taken = await takeOwnership(lockFile)
  if (taken.heldBy !== undefined) throw new Error(`held by ${taken.heldBy}`)
  return taken
}

describe('ownership', () => {
  let lockFile: string
  const fresh = () => {
    lockFile = join(processes.dir, `lock-${crypto.randomUUID()}`, 'owner.lock')
    return mkdir(join(lockFile, '..'))
  }
  /** What a process that has ended wrote. */
  const deadHolder = () => `${spawnSync('true').pid} 1 ${crypto.randomUUID()}`

  it('of a dead process passes to exactly one of eight that race for it', async () => {
    await fresh()
    const racers = await Promise.all(
      Array.from({ length: 8 }, () =>
        processes.start(
          `import { takeOwnership } from '${OWNERSHIP}'
           let held
           process.on('message', async (message) => {
             if (message === 'release') await held.release?.()
             else held = await takeOwnership(${JSON.stringify(lockFile)})
             process.send(message === 'release' ? 'released' : held.heldBy === undefined)
           })
           process.send('ready')`,
        ),
      ),
    )
    const all = (message: string) =>
      Promise.all(
        racers.map((racer) => {
          const answer = answerOf(racer)
          racer.send(message)
          return answer
        }),
      )
    for (let round = 0; round < 25; round += 1) {
      await writeFile(lockFile, deadHolder())
      expect((await all('take')).filter(Boolean)).toHaveLength(1)
      await all('release')
      expect(await readdir(join(lockFile, '..'))).toEqual([])
    }
  })

  it('of a dead process passes to exactly one of many in one process, again and again', async () => {
    await fresh()
    for (let round = 0; round < 40; round += 1) {
      await writeFile(lockFile, `999999999 1 ${round}`)
      const taken = await Promise.all(Array.from({ length: 12 }, () => takeOwnership(lockFile)))
      const winners = taken.filter((one) => one.heldBy === undefined)
      expect(winners).toHaveLength(1)
      await winners[0]?.release()
    }
    expect(await readdir(join(lockFile, '..'))).toEqual([])
  })

  it('passes on when its successor died half-way', async () => {
    await fresh()
    const dead = deadHolder()
    const right = `${lockFile}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`
    await writeFile(lockFile, dead)
    await writeFile(right, deadHolder())
    const taken = await take(lockFile)
    expect(await readdir(join(lockFile, '..'))).toEqual(['owner.lock'])
    await taken.release()
  })

  it('of a killed process that nobody has reaped yet is over', async () => {
    await fresh()
    // Once the shell has become `sleep`, nobody asks about its child any more.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    processes.register(parent)
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    await until(
      () => readFile(`/proc/${parent.pid}/comm`, 'utf8'),
      (name) => name === 'sleep\n',
    )
    process.kill(pid, 'SIGKILL')
    const stat = await until(
      () => readFile(`/proc/${pid}/stat`, 'utf8'),
      (seen) => seen.slice(seen.lastIndexOf(')') + 2).startsWith('Z'),
    )
    await writeFile(lockFile, `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`)
    await (await take(lockFile)).release()
  })

  it('of a number that another process has by now is over', async () => {
    await fresh()
    await writeFile(lockFile, `${process.pid} 1`)
    await (await take(lockFile)).release()
  })

  it.each(['', '\0', 'garbage', '-1 -', '0 -'])('is not held by a file that says %j', async (text) => {
    await fresh()
    await writeFile(lockFile, text)
    await (await take(lockFile)).release()
    expect(existsSync(lockFile)).toBe(false)
  })

  it('released twice does not take the next owner’s', async () => {
    await fresh()
    const first = await take(lockFile)
    await first.release()
    const second = await take(lockFile)
    await first.release()
    expect(await takeOwnership(lockFile)).toEqual({ heldBy: process.pid })
    await second.release()
  })
})
