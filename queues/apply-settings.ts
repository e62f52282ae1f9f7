import type { Config } from '../shared/config.ts'
import type { QueueName } from './catalog.ts'
import type { AnyQueueContract } from './define-queue.ts'

/** The settings that override the product's contracts. Everything else about a queue comes from its contract. */
export type QueueSettings = Pick<Config, 'retryBackoffMs' | `${CamelCase<QueueName>}Concurrency`> & {
  readonly orgConcurrency: number | ((orgId: string) => number | Promise<number>)
}

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name

/** Applies the settings in force to one of the product's contracts: concurrency, base of the back-off, slots per org. */
export function applySettings<Contract extends AnyQueueContract & { readonly name: QueueName }>(
  contract: Contract,
  settings: QueueSettings,
): Contract {
  return {
    ...contract,
    concurrency: settings[concurrencySetting(contract.name)] ?? contract.concurrency,
    retry: { ...contract.retry, backoffBaseMs: settings.retryBackoffMs },
    slots: contract.slots && { ...contract.slots, limit: settings.orgConcurrency },
  }
}

/** Names the setting that overrides a queue's concurrency: `memory-digest` -> `memoryDigestConcurrency`. */
export function concurrencySetting<Name extends QueueName>(name: Name): `${CamelCase<Name>}Concurrency` {
  const camelCase = name.replace(/-[a-z]/g, (pair) => pair.slice(1).toUpperCase())
  return `${camelCase}Concurrency` as `${CamelCase<Name>}Concurrency`
}
