import type { Config } from '../shared/config.ts'
import type { QueueName } from './catalog.ts'
import { type AnyQueueContract, DEFAULT_RETRY } from './define-queue.ts'

/** The settings that the product's contracts leave open or can be overridden by. Everything else about a queue comes from its contract. */
export type QueueSettings = Pick<Config, 'retryBackoffMs' | `${CamelCase<QueueName>}Concurrency`> & {
  readonly orgConcurrency: number | ((orgId: string) => number | Promise<number>)
}

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name

/** Applies the settings in force to one of the product's contracts: concurrency and slots per org, and the base of a back-off that has the default. */
export function applySettings<Contract extends AnyQueueContract & { readonly name: QueueName }>(
  contract: Contract,
  settings: QueueSettings,
): Contract {
  return {
    ...contract,
    concurrency: settings[concurrencySetting(contract.name)] ?? contract.concurrency,
    retry: {
      ...contract.retry,
      backoffBaseMs:
        contract.retry.backoffBaseMs === DEFAULT_RETRY.backoffBaseMs
          ? settings.retryBackoffMs
          : contract.retry.backoffBaseMs,
    },
    slots: contract.slots && { ...contract.slots, limit: settings.orgConcurrency },
  }
}

/** Names the setting that overrides a queue's concurrency: `memory-digest` -> `memoryDigestConcurrency`. */
export function concurrencySetting<Name extends QueueName>(name: Name): `${CamelCase<Name>}Concurrency` {
  const camelCase = name.replace(/-[a-z]/g, (pair) => pair.slice(1).toUpperCase())
  return `${camelCase}Concurrency` as `${CamelCase<Name>}Concurrency`
}
