import { parentPort, Worker, workerData } from 'node:worker_threads'
import { AfterturnError, type ErrorCode, isAfterturnError } from '../../shared/errors.ts'

/**
 * Owns work that reads what strangers wrote, in a thread of its own: whatever it hangs at, this process goes on hearing signals, cancels and
 * its watchdog. Guarantees: the thread ends with its answer, with the caller's signal, and when it says nothing for too long.
 */

type ThreadOptions = {
  readonly signal: AbortSignal
  /** A thread that makes no step for this long is ended, in milliseconds. */
  readonly silenceMs: number
  readonly maxHeapMb: number
  /** What is thrown for a thread that was silent, or died of its own. */
  readonly onStuck: () => Error
}

type Message =
  | { readonly kind: 'step' }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly code: ErrorCode | undefined; readonly message: string }

/** A step more often says nothing more. */
const STEP_EVERY_MS = 100

/**
 * Runs a program that calls `answerInThread`, and returns its answer.
 * @throws what the work throws, what `onStuck` makes, and the signal's reason
 */
export async function runInThread<Answer>(program: URL, request: unknown, options: ThreadOptions): Promise<Answer> {
  const { signal, silenceMs, maxHeapMb, onStuck } = options
  signal.throwIfAborted()
  const thread = new Worker(program, {
    workerData: request,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  })
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const silence = setTimeout(() => reject(onStuck()), silenceMs)
  thread.on('message', (message: Message) => {
    silence.refresh()
    if (message.kind === 'result') resolve(message.result as Answer)
    if (message.kind === 'error')
      reject(
        message.code === undefined ? new Error(message.message) : new AfterturnError(message.code, message.message),
      )
  })
  thread.once('error', () => reject(onStuck()))
  thread.once('exit', () => reject(onStuck()))
  try {
    return await promise
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', abort)
    await thread.terminate()
  }
}

/** Answers the request with which this thread was started; `step` says that the work goes on. */
export async function answerInThread<Request>(work: (request: Request, step: () => void) => unknown): Promise<void> {
  const send = (message: Message) => parentPort?.postMessage(message)
  let steppedMs = performance.now()
  const step = () => {
    const nowMs = performance.now()
    if (nowMs - steppedMs < STEP_EVERY_MS) return
    steppedMs = nowMs
    send({ kind: 'step' })
  }
  try {
    send({ kind: 'result', result: await work(workerData, step) })
  } catch (error) {
    const code = isAfterturnError(error) ? error.code : undefined
    send({ kind: 'error', code, message: error instanceof Error ? error.message : String(error) })
  }
}
