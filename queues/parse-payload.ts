import { AfterturnError } from '../shared/errors.ts'
import type { AnyQueueContract, QueueContract } from './define-queue.ts'

/**
 * Checks a payload against its contract.
 * @throws PAYLOAD_INVALID naming every fault.
 */
export function parsePayload<Payload extends object>(
  contract: QueueContract<string, Payload>,
  payload: unknown,
): Payload {
  return parsePayloads(contract, [payload])[0] as Payload
}

/** Checks many payloads against their contract. @throws PAYLOAD_INVALID naming every fault and the index of its payload */
export function parsePayloads<Payload extends object>(
  contract: QueueContract<string, Payload>,
  payloads: readonly unknown[],
): Payload[] {
  const faults: string[] = []
  const checked = payloads.map((payload, index) => {
    const result = contract.payload.safeParse(payload)
    if (result.success) return result.data
    const where = payloads.length > 1 ? [index] : []
    for (const issue of result.error.issues)
      faults.push(`${[...where, ...issue.path].join('.') || 'payload'}: ${issue.message}`)
    return payload as Payload
  })
  if (faults.length === 0) return checked
  const what =
    payloads.length > 1 ? `${payloads.length} payloads of ${contract.name} have` : `payload of ${contract.name} has`
  throw new AfterturnError('PAYLOAD_INVALID', `The ${what} ${faults.length} fault(s): ${faults.join('; ')}.`, {
    recorded: 'no',
  })
}

/** The `v` of a payload that a newer program made, which this one does not read; undefined for any other. */
export function newerVersionOf(
  { payload, payloadVersion }: Pick<AnyQueueContract, 'payload' | 'payloadVersion'>,
  given: unknown,
): number | undefined {
  const version = (given as { v?: unknown } | null)?.v
  if (!Number.isSafeInteger(version) || (version as number) <= payloadVersion) return undefined
  return payload.safeParse(given).success ? undefined : (version as number)
}
