import type { Clock } from '../clock.ts'
import type { AfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import type { ModelProvider } from './model-provider.ts'
import { failureOf, type ModelCall } from './openai/openai-errors.ts'

/**
 * Owns when the models last answered this process, which tells an outage from input that a model cannot take, and what the log says of outages.
 * Guarantees: one line when an outage begins and one when it ends, however many jobs wait; a server that comes and goes fills no log.
 */
export type ProviderHealth = {
  /** Whether both models have answered since then: what fails all the same does so by its own doing. */
  haveAllAnsweredSince(time: Date): boolean
  /** Notes that work waits because of this failure; the log names the first that waits. */
  reportOutage(failure: AfterturnError, waits: { readonly orgId: string; readonly workstreamId?: string }): void
  /** Since when this process knows of the outage that lasts; undefined when there is none. */
  outageSince(): Date | undefined
  /** The provider, listened to. */
  watch(provider: ModelProvider): ModelProvider
}

/** An outage that begins this soon after another was told of is the same. */
const SAME_OUTAGE_MS = 60_000

type Outage = { readonly sinceMs: number; readonly call: ModelCall | undefined; readonly isTold: boolean }

export function createProviderHealth(clock: Clock, log: Log): ProviderHealth {
  const nowMs = () => clock.now().getTime()
  const answeredMs = { complete: Number.NEGATIVE_INFINITY, embed: Number.NEGATIVE_INFINITY }
  let outage: Outage | undefined
  let toldMs = Number.NEGATIVE_INFINITY

  const noted = async <T>(call: ModelCall, begin: () => Promise<T>): Promise<T> => {
    const begunMs = nowMs()
    const answer = await begin()
    answeredMs[call] = nowMs()
    // What was asked before it began says nothing of it.
    if (outage && (outage.call ?? call) === call && begunMs > outage.sinceMs) {
      const forMs = nowMs() - outage.sinceMs
      if (outage.isTold) log.info({ outageMs: forMs }, 'the model can be used again: what waited continues')
      if (outage.isTold) toldMs = nowMs()
      outage = undefined
    }
    return answer
  }
  return {
    haveAllAnsweredSince: (time) => Math.min(answeredMs.complete, answeredMs.embed) > time.getTime(),
    reportOutage(failure, waits) {
      if (outage) return
      const { code, message, remedy } = failure
      const isTold = nowMs() - toldMs >= SAME_OUTAGE_MS
      outage = { sinceMs: nowMs(), call: failureOf(failure).call, isTold }
      if (!isTold) return
      toldMs = nowMs()
      log.warn({ ...waits, code, reason: message, remedy }, 'the model cannot be used: work waits, nothing is lost')
    },
    outageSince: () => outage && new Date(outage.sinceMs),
    watch: (provider) => ({
      ...provider,
      complete: (task, input, options) => noted('complete', () => provider.complete(task, input, options)),
      embed: (texts, options) => noted('embed', () => provider.embed(texts, options)),
    }),
  }
}
