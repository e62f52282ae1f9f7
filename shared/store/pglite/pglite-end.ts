import type { PGlite } from '@electric-sql/pglite'

/**
 * Owns the end of PGlite's program. Guarantees: what ends it (a FATAL, a PANIC, a trap, a stack that overflows) is thrown to whoever has
 * called PGlite. PGlite 0.5.14 itself takes that for one more error of a statement and calls the program again: a FATAL makes it call for
 * ever, deaf to signals, and after an overflow nothing is answered any more.
 */

/** What PGlite calls between messages; it is its own, and the version is pinned. */
type Internals = {
  readonly mod: { _PostgresMainLoopOnce(): void; stackRestore(stackPointer: number): void }
  /** The status of the exception that stands for a statement's error. */
  readonly POSTGRES_MAIN_LONGJMP: number
}

/** Makes an instance throw what ends its program; after that it must not be used. */
export function throwWhatEndsIt(db: PGlite): void {
  const { mod, POSTGRES_MAIN_LONGJMP } = db as unknown as Internals
  const { _PostgresMainLoopOnce: runOnce, stackRestore } = mod
  let end: { readonly error: unknown } | undefined
  mod._PostgresMainLoopOnce = () => {
    try {
      runOnce()
    } catch (error) {
      if ((error as { status?: number } | undefined)?.status !== POSTGRES_MAIN_LONGJMP) end = { error }
      throw error
    }
  }
  // Its one call where it handles an exception: what is thrown from here leaves the loop.
  mod.stackRestore = (stackPointer) => {
    if (end) throw end.error
    stackRestore(stackPointer)
  }
}
