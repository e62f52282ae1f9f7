import type { Redis } from 'ioredis'
import { z } from 'zod'
import { idSchema, parseInput } from '../parse-input.ts'
import { redactSecrets } from '../redact/redact-secrets.ts'
import { type Channels, publishQuietly } from '../redis/channels.ts'
import { progressChannel, progressKey } from '../redis/keys.ts'
import { loadScript } from '../redis/script.ts'
import { cleanText } from '../text/clean-text.ts'

/**
 * The progress of tasks: state, not history. Guarantees: at most ten frames of a task leave a process per second, and the last one always does; followers
 * who come late get the newest. It lives only in Redis, for an hour: without Redis there are no frames, and reporting never fails.
 */
export type Progress = {
  /**
   * Reports the progress of a task.
   * @throws INPUT_INVALID
   * @example
   * const runtime = createRuntime(readConfig(process.env))
   * await runtime.progress.report({ orgId: 'acme', taskId: 'import-17', done: 200, total: 1_000, label: 'reading rows' })
   * for await (const { done, total } of runtime.progress.follow({ orgId: 'acme', taskId: 'import-17' })) console.log(done, total)
   */
  report(input: ProgressInput): Promise<void>
  /** Returns the newest frame; undefined if none is kept. @throws INPUT_INVALID, REDIS_UNAVAILABLE */
  read(input: { readonly orgId: string; readonly taskId: string }): Promise<ProgressFrame | undefined>
  /**
   * Yields the newest frame, then newer ones; of those that come while one is being handled, only the last. Ends with the task, and with the signal.
   * The progress of a job has its jobId as its taskId.
   * @throws INPUT_INVALID, RUNTIME_CLOSED
   */
  follow(input: FollowProgressInput): AsyncIterable<ProgressFrame>
}

export type ProgressInput = {
  readonly orgId: string
  readonly taskId: string
  readonly done: number
  readonly total: number
  /** Further numbers, at most 50. */
  readonly figures?: Readonly<Record<string, number>> | undefined
  /** What is being done, for people: secrets are redacted, and it is cut at 200 characters. */
  readonly label?: string | undefined
  /** Whether the task has ended. @default done >= total, unless total is 0 */
  readonly isEnded?: boolean | undefined
}
export type ProgressFrame = Pick<ProgressInput, 'done' | 'total' | 'figures' | 'label'> & {
  readonly isEnded: boolean
  /** When it was reported, in ms since 1970. */
  readonly at: number
}
export type FollowProgressInput = {
  readonly orgId: string
  readonly taskId: string
  readonly signal?: AbortSignal | undefined
}

type ProgressServices = {
  readonly clock: { now(): Date }
  readonly channels: Channels
  redis(): Redis
  readonly keyPrefix: string
  /** Whether frames are also published on the seed's channel. */
  readonly isRelayed: boolean
  enter<T>(call: () => Promise<T>): Promise<T>
}

const FRAME_INTERVAL_MS = 100
const KEPT_SECONDS = 3_600
const MAX_LABEL_CHARS = 200
const MAX_FIGURES = 50
/** For a frame whose message was lost. */
const POLL_MS = 5_000
const POLL_DISCONNECTED_MS = 1_000

const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER)
const taskSchema = z.strictObject({ orgId: idSchema, taskId: idSchema })
const reportSchema = taskSchema.extend({
  done: amount,
  total: amount,
  figures: z
    .record(z.string().max(100), z.number())
    .refine(
      (figures) => Object.keys(figures).length <= MAX_FIGURES,
      `expected at most ${MAX_FIGURES} figures, got more`,
    )
    .optional(),
  label: z
    .string()
    .max(10_000)
    .transform((text) => cleanText(redactSecrets(text).text, MAX_LABEL_CHARS))
    .optional(),
  isEnded: z.boolean().optional(),
})
const followSchema = taskSchema.extend({ signal: z.instanceof(AbortSignal).optional() })

const writeFrame = loadScript(new URL('./write-frame.lua', import.meta.url))

/** Binds progress to a runtime's services; `flush` sends what waits. */
export function bindProgress(services: ProgressServices): Progress & { flush(): Promise<void> } {
  const { clock, channels, keyPrefix, enter } = services
  const waiting = new Map<string, { send: (() => Promise<unknown>) | undefined; readonly timer: NodeJS.Timeout }>()

  /** The first frame goes at once, later ones at the end of the interval, the newest of them. */
  const conflate = (key: string, send: () => Promise<unknown>): Promise<unknown> => {
    const held = waiting.get(key)
    if (held) {
      held.send = send
      return Promise.resolve()
    }
    const timer = setInterval(() => {
      const next = waiting.get(key)
      if (next?.send) {
        void next.send()
        next.send = undefined
        return
      }
      clearInterval(timer)
      waiting.delete(key)
    }, FRAME_INTERVAL_MS).unref()
    waiting.set(key, { send: undefined, timer })
    return send()
  }
  const read = async (key: string) => parseFrame(await services.redis().get(key))

  return {
    async report(input) {
      const { orgId, taskId, isEnded, ...rest } = parseInput(reportSchema, input, 'progress')
      const frame: ProgressFrame = {
        ...rest,
        isEnded: isEnded ?? (rest.total > 0 && rest.done >= rest.total),
        at: clock.now().getTime(),
      }
      const [key, channel] = [progressKey(keyPrefix, orgId, taskId), progressChannel(keyPrefix, orgId, taskId)]
      const text = JSON.stringify(frame)
      await conflate(key, async () => {
        channels.dispatch(channel, text)
        if (services.isRelayed) publishQuietly(services.redis, [`pubsub:progress:${taskId}`], relayed(taskId, frame))
        // Redis may be away, or the runtime closed.
        await Promise.resolve()
          .then(() => writeFrame(services.redis(), [key], [channel, text, KEPT_SECONDS]))
          .catch(() => {})
      })
    },
    async read(input) {
      const { orgId, taskId } = parseInput(taskSchema, input, 'task')
      return enter(() => read(progressKey(keyPrefix, orgId, taskId)))
    },
    async *follow(input) {
      const { orgId, taskId, signal } = parseInput(followSchema, input, 'task')
      signal?.throwIfAborted()
      const key = progressKey(keyPrefix, orgId, taskId)
      let [newest, seenAt, seen] = [undefined as ProgressFrame | undefined, 0, '']
      let woken = Promise.withResolvers<void>()
      const watch = channels.watch(progressChannel(keyPrefix, orgId, taskId), (text) => {
        if (text !== undefined) newest = parseFrame(text) ?? newest
        woken.resolve()
      })
      const wake = () => woken.resolve()
      signal?.addEventListener('abort', wake)
      try {
        for (;;) {
          newest ??= await enter(() => read(key).catch(() => undefined))
          const frame = newest
          newest = undefined
          if (frame && frame.at >= seenAt) {
            const text = JSON.stringify(frame)
            // Of two reports in one millisecond the second counts.
            if (text !== seen) yield frame
            seenAt = frame.at
            seen = text
            if (frame.isEnded) return
          }
          const timer = setTimeout(wake, channels.isConnected() ? POLL_MS : POLL_DISCONNECTED_MS)
          if (!newest && !signal?.aborted) await woken.promise
          clearTimeout(timer)
          woken = Promise.withResolvers()
          signal?.throwIfAborted()
        }
      } finally {
        watch.stop()
        signal?.removeEventListener('abort', wake)
      }
    },
    async flush() {
      const sends = [...waiting.values()].flatMap(({ send, timer }) => {
        clearInterval(timer)
        return send ? [send()] : []
      })
      waiting.clear()
      await Promise.all(sends)
    },
  }
}

function parseFrame(text: string | null | undefined): ProgressFrame | undefined {
  try {
    return text ? (JSON.parse(text) as ProgressFrame) : undefined
  } catch {
    return undefined
  }
}

/** As the seed's subscribers read it. */
function relayed(taskId: string, { done, total, figures, label, isEnded }: ProgressFrame): string {
  return JSON.stringify({ task_id: taskId, done, total, figures, label, is_ended: isEnded })
}
