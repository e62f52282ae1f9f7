import { isDeepStrictEqual } from 'node:util'

/**
 * Owns which runtimes of this process have a name. Guarantees: under one name there is one, also when a hot reload evaluates this module again; what is made
 * again with the same settings and options is the one that is there, and one that is made otherwise takes its place.
 */

type Closable = { disconnect(): Promise<void> }
type Making = { readonly config: object; readonly options: object }
type Named = Making & { readonly runtime: Closable }

/** Of the process, not of the module: every copy of the module finds the same. */
const REGISTRY = Symbol.for('afterturn.runtimes')

/** Returns the runtime of this name, made by `create` unless it is there; one that was made otherwise drains and closes meanwhile. */
export function underName<Runtime extends Closable>(name: string, making: Making, create: () => Runtime): Runtime {
  const holder = globalThis as { [REGISTRY]?: Map<string, Named> }
  holder[REGISTRY] ??= new Map()
  const named = holder[REGISTRY]
  const existing = named.get(name)
  if (existing && isSame(existing, making)) return existing.runtime as Runtime
  const forget = (runtime: Closable) => {
    if (named.get(name)?.runtime === runtime) named.delete(name)
  }
  const made = create()
  existing?.runtime.disconnect().catch(() => {})
  const runtime: Runtime = {
    ...made,
    disconnect() {
      forget(runtime)
      return made.disconnect()
    },
  }
  named.set(name, { ...making, runtime })
  return runtime
}

/** Functions are the same only if they are one: a reload that brings another handler brings another runtime. */
function isSame(one: Making, other: Making): boolean {
  const [given, wanted] = [Object.entries(one.options), Object.entries(other.options)]
  return (
    isDeepStrictEqual(one.config, other.config) &&
    given.length === wanted.length &&
    wanted.every(([key, value]) => isDeepStrictEqual(value, (one.options as Record<string, unknown>)[key]))
  )
}
