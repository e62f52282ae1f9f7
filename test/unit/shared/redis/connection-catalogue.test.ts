import { expect, it } from 'vitest'
import { clientName, processOfClient, workerName } from '../../../../shared/redis/connection-catalogue.ts'

it.each(['afterturn', 'shop'])('with the prefix %s every connection of a process is counted as its own', (prefix) => {
  expect(processOfClient(clientName('memory-digest', 'general'), prefix)).toBe('memory-digest')
  expect(processOfClient(`${prefix}:memory-digest:w:${workerName('workers')}`, prefix)).toBe('workers')
  for (const foreign of ['', 'redis-cli', `other:q:w:x`]) expect(processOfClient(foreign, prefix)).toBeUndefined()
})
