import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { isRunning, recordProcess } from '../../../shared/processes/process-identity.mjs'

/**
 * `node keeper.ts DIR`: is told the processes of a test, one number a line, and ends them all, stopped ones too, when its input ends: because
 * the test is over, or because its process was killed. Then it removes the directory.
 */
const kept: ReturnType<typeof recordProcess>[] = []
for await (const line of createInterface({ input: process.stdin })) kept.push(recordProcess(Number(line)))
for (const record of kept) {
  // One that had ended before it was recorded has no start time; its number may be another's by now.
  if (record.startedAt !== undefined && isRunning(record)) process.kill(record.pid, 'SIGKILL')
}
const directory = process.argv[2] as string
await rm(directory, { recursive: true, force: true, maxRetries: 10 })
