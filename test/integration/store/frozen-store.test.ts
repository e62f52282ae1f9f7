import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, inject, it } from 'vitest'
import { createRuntime } from '../../../runtime.ts'
import { silentLog } from '../../../shared/observe/log.ts'

/** Longer than the reads' own deadlines, and far below that of a query, which is 35 s. */
const PATIENCE_MS = 10_000

it('whoever reads from a store that is frozen is told in time; the kill switch counts as closed', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const runtime = createRuntime(
    { redisUrl: inject('redisUrl'), databaseUrl: `postgresql://127.0.0.1:${port}/none`, drainTimeoutMs: 0 },
    { log: silentLog },
  )
  try {
    const startedMs = performance.now()
    const away = { code: 'STORE_UNAVAILABLE' }
    await Promise.all([
      expect(runtime.memory.list({ orgId: 'o' })).rejects.toMatchObject(away),
      expect(runtime.memory.status({ orgId: 'o' })).rejects.toMatchObject(away),
      expect(runtime.memory.search({ orgId: 'o', query: 'tea' })).rejects.toMatchObject(away),
      expect(runtime.memory.promptBlock({ orgId: 'o', query: 'tea' })).rejects.toMatchObject(away),
      expect(runtime.memory.history({ orgId: 'o', memoryId: 1 })).rejects.toMatchObject(away),
      expect(runtime.repos.status({ orgId: 'o' })).rejects.toMatchObject(away),
      expect(runtime.deadLetters.list()).rejects.toMatchObject(away),
      expect(runtime.killSwitch.changes()).rejects.toMatchObject(away),
      expect(runtime.killSwitch.status()).resolves.toMatchObject({ isOn: true, isStoreReadable: false }),
    ])
    expect(performance.now() - startedMs).toBeLessThan(PATIENCE_MS)
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
    await runtime.disconnect()
  }
})
