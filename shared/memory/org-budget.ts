import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import type { Database } from '../store/database.ts'
import { type ModelPrices, readDaySpend } from '../store/models/day-spend.ts'

/**
 * Owns how much an org may spend on models on one day of UTC. Guarantees: once it is spent, the org's turns wait and lose no try; what is recorded
 * and searched goes on. Reckoned by the prices of the settings when a batch begins: that batch may exceed it.
 */

export type BudgetStatus = {
  readonly limitUsd: number
  /** Today. */
  readonly spentUsd: number
  /** Whether extraction waits until then. */
  readonly isSpent: boolean
  /** When the next day begins. */
  readonly resetsAt: Date
}

export type OrgBudget = {
  /** Undefined for an org without a limit. */
  read(orgId: string): Promise<BudgetStatus | undefined>
  /** @throws ORG_BUDGET_SPENT with the wait until the next day */
  refuseWhenSpent(orgId: string): Promise<void>
}

/** USD a day by org; undefined: the setting. */
export type OrgDailyUsd = (orgId: string) => number | undefined | Promise<number | undefined>

type BudgetServices = {
  readonly database: Database
  readonly clock: Clock
  readonly config: Pick<
    Config,
    | 'orgDailyUsd'
    | 'completionInputUsdPerMillionTokens'
    | 'completionOutputUsdPerMillionTokens'
    | 'embeddingUsdPerMillionTokens'
  >
  readonly orgDailyUsd?: OrgDailyUsd | undefined
}

const DAY_MS = 86_400_000

export function createOrgBudget({ database, clock, config, orgDailyUsd }: BudgetServices): OrgBudget {
  async function read(orgId: string): Promise<BudgetStatus | undefined> {
    const limitUsd = (await orgDailyUsd?.(orgId)) ?? config.orgDailyUsd
    if (limitUsd === undefined) return undefined
    const now = clock.now()
    const spentUsd = await readDaySpend(database, orgId, now, pricesOf(config))
    const resetsAt = new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS)
    return { limitUsd, spentUsd, isSpent: spentUsd >= limitUsd, resetsAt }
  }
  return {
    read,
    async refuseWhenSpent(orgId) {
      const budget = await read(orgId)
      if (!budget?.isSpent) return
      const { limitUsd, spentUsd, resetsAt } = budget
      throw new AfterturnError(
        'ORG_BUDGET_SPENT',
        `The org ${JSON.stringify(orgId)} has spent ${spentUsd.toFixed(2)} of ${limitUsd} USD today; its turns wait until ${resetsAt.toISOString()}.`,
        { retryAfterMs: Math.max(1, resetsAt.getTime() - clock.now().getTime()) },
      )
    },
  }
}

/** What models cost, by the settings. */
export function pricesOf(config: BudgetServices['config']): ModelPrices {
  return {
    input: config.completionInputUsdPerMillionTokens,
    output: config.completionOutputUsdPerMillionTokens,
    embedding: config.embeddingUsdPerMillionTokens,
  }
}
