import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ParseAnswer, ParseRequest } from './parse-files.ts'

/**
 * Owns one process that parses: started, given files, watched, killed. Who has the files decides what becomes of them.
 * Guarantees: answers come in the order of the requests, each within its deadline, or six where it had no processor; `onEnd`
 * comes once, after the last answer.
 */

export type ParseProcess = {
  send(file: ParseRequest): void
  /** Nothing is left to answer: it does not keep the parent alive. */
  rest(): void
  kill(): Promise<void>
}

type ParseProcessOptions = {
  /** What one file may take. */
  readonly deadlineMs: number
  readonly memoryBytes: number
  readonly onAnswer: (answer: ParseAnswer) => void
  readonly onEnd: (reason: 'deadline' | 'crash' | 'never_started') => void
}

const PROGRAM = fileURLToPath(new URL('./parse-files.ts', import.meta.url))
const MIB = 1_024 * 1_024
const WASM_PAGE_BYTES = 65_536
/** It loads a tokenizer, on a machine that may be busy. */
const START_DEADLINE_MS = 60_000
/** A parent that is busy reads no answers: only time in which it could have read them counts. */
const TICKS_PER_DEADLINE = 20
/** On a machine that gives it no processor, a process is no slower: a tick counts as the time it had, and at least as this. */
const MIN_TICK = 1 / 6
/** Of all Linux that Node runs on. */
const JIFFY_MS = 10
/** Cutting by lines is the last that can be done for a file, and a machine may be busy: so many deadlines. */
const DEADLINES_BY_LINES = 6

export function startParseProcess({ deadlineMs, memoryBytes, onAnswer, onEnd }: ParseProcessOptions): ParseProcess {
  const half = Math.floor(memoryBytes / 2)
  const tickMs = deadlineMs / TICKS_PER_DEADLINE
  const compileCache = getCompileCacheDir()
  // Of the environment, which may hold secrets, it needs only where compiled modules are: it starts with half the CPU. What a grammar prints as it
  // dies helps nobody.
  const child = fork(PROGRAM, [], {
    // Syntax trees live in the memory of the module, which has a limit of its own.
    execArgv: [
      `--max-old-space-size=${Math.ceil(half / MIB)}`,
      `--wasm-max-mem-pages=${Math.ceil(half / WASM_PAGE_BYTES)}`,
    ],
    env: compileCache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compileCache) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  /** What each file that has no answer may take, in the order of the answers. */
  const allowedTicks: number[] = []
  let isReady = false
  let isLate = false
  let leftTicks = 0
  let usedMs = 0
  const startTimer = setTimeout(() => child.kill('SIGKILL'), START_DEADLINE_MS)
  const watch = setInterval(() => {
    if (!isReady || allowedTicks.length === 0) return
    const beforeMs = usedMs
    usedMs = processorMs(child.pid)
    leftTicks -= Math.min(1, Math.max(MIN_TICK, (usedMs - beforeMs) / tickMs))
    if (leftTicks > 0) return
    isLate = true
    child.kill('SIGKILL')
  }, tickMs)
  watch.unref()
  startTimer.unref()

  child.on('message', (message: ParseAnswer | 'ready') => {
    if (message === 'ready') {
      isReady = true
      clearTimeout(startTimer)
      return
    }
    allowedTicks.shift()
    leftTicks = allowedTicks[0] ?? 0
    onAnswer(message)
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  // The channel closes after the last message was read, the process may have ended before.
  const drained = new Promise<void>((resolve) => {
    child.once('disconnect', resolve)
    child.once('error', () => resolve())
  })
  const ended = Promise.all([exited, drained]).then(() => {
    clearTimeout(startTimer)
    clearInterval(watch)
    onEnd(isLate ? 'deadline' : isReady ? 'crash' : 'never_started')
  })

  return {
    send(file) {
      child.ref()
      child.channel?.ref()
      const ticks = TICKS_PER_DEADLINE * (file.isByLines ? DEADLINES_BY_LINES : 1)
      if (allowedTicks.length === 0) leftTicks = ticks
      allowedTicks.push(ticks)
      // A channel that has just closed tells so by `onEnd`.
      child.send(file, () => {})
    },
    rest() {
      child.unref()
      child.channel?.unref()
    },
    async kill() {
      child.ref()
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Processor time that a process has used; where there is no /proc, the time that has passed. */
function processorMs(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    return (Number(user) + Number(system)) * JIFFY_MS
  } catch {
    return Date.now()
  }
}
