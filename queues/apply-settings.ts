import type { Config } from '../shared/config.ts'
import type { QueueName } from './catalog.ts'
import type { AnyQueueContract } from './define-queue.ts'

/** The settings that change what the product's contracts state. Everything else about a queue is what its contract says. */
export type QueueSettings = Pick<Config, 'retryBackoffMs' | `${CamelCase<QueueName>}Concurrency`> & {
  readonly orgConcurrency: number | ((orgId: string) => number | Promise<number>)
}

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name

/** A contract of the product with the settings in force: jobs per process, the base of the back-off, and the slots of an org. */
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

/** The setting that changes how many jobs of a queue a process runs at once: `memory-digest` -> `memoryDigestConcurrency`. */
export function concurrencySetting<Name extends QueueName>(name: Name): `${CamelCase<Name>}Concurrency` {
  const camelCase = name.replace(/-[a-z]/g, (pair) => pair.slice(1).toUpperCase())
  return `${camelCase}Concurrency` as `${CamelCase<Name>}Concurrency`
}
