import { AsyncLocalStorage } from 'node:async_hooks'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import type { Fence } from '../store/memories/org-fences.ts'
import { type Lease, RETRY_AFTER_MS } from './lease.ts'

/**
 * The org-memory lock: one writer of an org's memories at a time, and never a late one.
 *
 * No lease can promise that alone. Its holder may be paused (a stopped container, a long garbage collection, a network that drops packets),
 * outlive its lease, and wake up in the middle of a write that it believes it may make; and Redis may lose its data. So there are three parts,
 * each for what the others cannot do:
 *
 *   lease   in Redis        decides who works now; others wait in line instead of doing work that would be discarded
 *   signal  in the process  stops the holder before its lease can have ended, by a monotonic timer that needs no reply from Redis
 *   fence   in PostgreSQL   refuses the write of a holder that missed the signal: the one part that has to be right
 *
 *     A  lease ─ fence 7 ─ work ··· paused ·························· wakes up, writes with 7 ──▶ FENCE_LOST
 *                                        │ the lease ends                      ▲
 *     B         waits in line ───────────┴─ lease ─ fence 8 ─ writes with 8 ───┘
 *
 * A holder takes the fence in three steps: it reads the token, confirms with Redis that it still has the lease, and only then replaces the
 * token, provided that it has not changed. A holder that is paused in between has read a token that its successor replaced, so it gets no
 * fence: a late holder cannot fence out its successor. If a late replacement precedes the successor's, the successor sees it and reads again.
 *
 * A write locks the fence's row, so the next token waits for it: a write lies wholly inside its fence. The order of locks is in `org-fences.ts`.
 * The lock is for comparing and committing only. No model is called inside: lease and transaction would be held for seconds.
 */
export type WithOrgMemoryLock = <T>(
  orgId: string,
  fn: (held: OrgMemoryLease) => Promise<T>,
  options?: { readonly signal?: AbortSignal },
) => Promise<T>

/** Passed to the function that runs under an org's memory lock. */
export type OrgMemoryLease = {
  /** Fires with LOCK_LOST before another holder can have the lock; never, if the host provides the lock. */
  readonly signal: AbortSignal
  /** Required by every write; see `fencedTransaction`. */
  readonly fence: Fence
}

/**
 * A host's own mutual exclusion: runs `fn` once, and at most one `fn` per org at a time across all processes. It replaces the lease; writes
 * remain fenced.
 */
export type WorkspaceMemoryLock = (orgId: string, fn: () => Promise<void>) => Promise<unknown>

type LockParts = {
  /** Waits for the org's lease. */
  lease(orgId: string, signal: AbortSignal | undefined): Promise<Lease>
  readonly hostLock: WorkspaceMemoryLock | undefined
  readonly fences: {
    read(orgId: string): Promise<number>
    advance(orgId: string, from: number): Promise<Fence | undefined>
  }
}

/** Creates the org-memory lock of one runtime. */
export function createOrgMemoryLock({ lease, hostLock, fences }: LockParts): WithOrgMemoryLock {
  const exclusive = hostLock ? hostExclusion(hostLock) : leaseExclusion(lease)
  const holdings = new AsyncLocalStorage<Holding>()

  const takeFence = async (orgId: string, held: Pick<Lease, 'confirm' | 'throwIfLost'>): Promise<Fence> => {
    for (;;) {
      const token = await fences.read(orgId)
      await held.confirm()
      const fence = await fences.advance(orgId, token)
      held.throwIfLost()
      if (fence) return fence
    }
  }

  return async (orgId, fn, { signal } = {}) => {
    refuseReentry(holdings.getStore(), orgId)
    return exclusive(orgId, signal, async (held) => {
      signal?.throwIfAborted()
      const fence = await takeFence(orgId, held)
      const holding = { orgId, outer: holdings.getStore(), isOver: false }
      try {
        return await holdings.run(holding, () => fn({ signal: held.signal, fence }))
      } finally {
        holding.isOver = true
      }
    })
  }
}

/** The locks held in an asynchronous context, innermost first. */
type Holding = { readonly orgId: string; readonly outer: Holding | undefined; isOver: boolean }

function refuseReentry(innermost: Holding | undefined, orgId: string): void {
  for (let holding = innermost; holding; holding = holding.outer) {
    // Work that a holder left running may take the lock once the holder has given it back.
    if (holding.orgId !== orgId || holding.isOver) continue
    throw new AfterturnError(
      'LOCK_REENTERED',
      `Expected the memory lock of org ${JSON.stringify(orgId)} to be taken once, but its holder requested it again.`,
    )
  }
}

/** Runs a function alone for its org. */
type Exclusive = <T>(
  orgId: string,
  signal: AbortSignal | undefined,
  fn: (held: Pick<Lease, 'signal' | 'confirm' | 'throwIfLost'>) => Promise<T>,
) => Promise<T>

function leaseExclusion(lease: LockParts['lease']): Exclusive {
  return async (orgId, signal, fn) => {
    const held = await lease(orgId, signal)
    try {
      return await fn(held)
    } finally {
      await held.release()
    }
  }
}

function hostExclusion(hostLock: WorkspaceMemoryLock): Exclusive {
  return async <T>(orgId: string, _: unknown, fn: (held: typeof HELD_BY_HOST) => Promise<T>) => {
    let running: Promise<T> | undefined
    const run = async () => {
      // A host that calls twice gets the first call's outcome twice.
      running ??= fn(HELD_BY_HOST)
      await running
    }
    // Asynchronous, so that a synchronous throw of the host becomes a rejection.
    const failure = await (async () => hostLock(orgId, run))().then(
      () => 'it returned without',
      (error: unknown) => error,
    )
    // If the function ran, its outcome counts, whatever the host's lock returns afterwards.
    if (running) return running
    if (isAfterturnError(failure)) throw failure
    const message = `Expected withWorkspaceMemoryLock to run its function for org ${JSON.stringify(orgId)}, but ${failure}.`
    throw new AfterturnError('LOCK_UNAVAILABLE', message, { cause: failure, retryAfterMs: RETRY_AFTER_MS })
  }
}

const HELD_BY_HOST = { signal: new AbortController().signal, confirm: async () => {}, throwIfLost: () => {} }
