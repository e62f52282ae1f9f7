import type { WebSocket } from 'ws'
import { z } from 'zod'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { followedSchema, viewerSchema } from '../../shared/events/event-input.ts'
import { parseInput } from '../../shared/parse-input.ts'
import type { LiveCaller } from './live-access.ts'
import { type LiveServices, openSource } from './live-source.ts'

/**
 * Owns the subscriptions of one WebSocket. Guarantees: one message at a time is on its way, whatever follows it waits in the store; a client that takes
 * nothing for half a minute is closed with 1013, and continues by its cursors.
 */
type Subscriptions = {
  /** Takes a message of the client. */
  take(text: string): void
  close(): void
}

/** Subscriptions that one connection may have. */
export const MAX_SUBSCRIPTIONS = 50
const SEND_TIMEOUT_MS = 30_000
const TRY_AGAIN_LATER = 1013

const messageSchema = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('follow'),
    id: z.string().min(1).max(100),
    stream: followedSchema,
    after: z.string().max(1_000).optional(),
    viewer: viewerSchema,
  }),
  z.strictObject({ op: z.literal('unfollow'), id: z.string().min(1).max(100) }),
])

export function createSubscriptions(services: LiveServices, caller: LiveCaller, socket: WebSocket): Subscriptions {
  const running = new Map<string, AbortController>()
  const closed = new AbortController()
  let sending: Promise<void> = Promise.resolve()

  /** Resolves once the message has left for the client's own buffers; one whose signal has fired is left out. */
  const send = (text: () => string, signal: AbortSignal = closed.signal): Promise<void> => {
    sending = sending.then(async () => {
      if (signal.aborted) return
      const sent = Promise.withResolvers<void>()
      const timer = setTimeout(() => {
        socket.close(TRY_AGAIN_LATER, 'too slow')
        socket.terminate()
      }, SEND_TIMEOUT_MS)
      socket.send(text(), () => sent.resolve())
      await sent.promise
      clearTimeout(timer)
    })
    return sending
  }
  const refuse = (id: string | undefined, error: unknown) => {
    const known = isAfterturnError(error) ? error : new AfterturnError('UNEXPECTED', 'The subscription failed.')
    void send(() => JSON.stringify({ op: 'error', id, code: known.code, detail: known.message }))
  }

  async function follow(message: z.infer<typeof messageSchema> & { op: 'follow' }): Promise<void> {
    const { id, stream, after } = message
    if (running.has(id) || running.size >= MAX_SUBSCRIPTIONS)
      throw new AfterturnError(
        'INPUT_INVALID',
        `Expected a new id, and at most ${MAX_SUBSCRIPTIONS} subscriptions of a connection, got ${JSON.stringify(id)}.`,
      )
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, closed.signal])
    const viewer = caller.viewerOf(stream, message.viewer)
    running.set(id, stop)
    const key = JSON.stringify(id)
    try {
      for await (const page of openSource(services, { orgId: caller.orgId, stream, after, viewer, signal })) {
        for (const { type, body } of page.messages) {
          const op = type === 'reset' ? 'reset' : 'event'
          await send(() => `{"op":"${op}","id":${key},${body.slice(1)}`, signal)
          if (signal.aborted) return
        }
        if (page.cursor !== undefined && page.messages.at(-1)?.cursor !== page.cursor)
          await send(() => JSON.stringify({ op: 'cursor', id, cursor: page.cursor }), signal)
        if (page.isEnded) await send(() => JSON.stringify({ op: 'end', id }), signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      if (running.get(id) === stop) running.delete(id)
    }
  }
  /** The id is free at once: the client may give it to another stream in its next message. */
  const unfollow = (id: string) => {
    running.get(id)?.abort()
    running.delete(id)
  }

  return {
    take(text) {
      let id: string | undefined
      try {
        const message = parseInput(messageSchema, parseJson(text), 'message')
        id = message.id
        if (message.op === 'unfollow') unfollow(message.id)
        else void follow(message).catch((error) => refuse(message.id, error))
      } catch (error) {
        refuse(id, error)
      }
    },
    close() {
      closed.abort()
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AfterturnError('INPUT_INVALID', 'Expected a message of JSON, got another text.')
  }
}
