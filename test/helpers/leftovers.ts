import { afterAll } from 'vitest'
import { until } from './until.ts'

/** Files share a process, and what one leaves open reaches into the next: each ends the processes, servers and sockets that it started. */

/** Timers are not among them: vitest has some of its own, which come and go. */
const COUNTED = new Set(['ProcessWrap', 'PipeServerWrap', 'TCPServerWrap', 'TCPSocketWrap'])
/** Closing takes a round trip or two, on a machine that may be busy. */
const CLOSING_MS = 10_000

const left = () => process.getActiveResourcesInfo().filter((kind) => COUNTED.has(kind))
afterAll(() => until(left, ({ length }) => length === 0, CLOSING_MS))
