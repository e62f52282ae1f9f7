import { z } from 'zod'
import type { Caller } from '../../shared/access/caller.ts'
import type { Scope } from '../../shared/access/scopes.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { ApiServices } from './api-services.ts'

/**
 * Owns what an operation is: one thing that a program can ask for. The routes, the document, the MCP tools, the client and the command line are
 * made from it, so that they cannot differ. An operation is one file, and one line of `catalog.ts`.
 */

/** `GET` reads its input from the query, the others from a JSON body; both from the path. */
type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'

/**
 * What keeps a key of one user from the data of others. `user`: the input has a `userId`, which becomes the key's. `workstream`: every turn of the named
 * workstream is the user's. `memory`: the named memory is the user's. `none`: nothing of users is read or written. `org`: a key of one user is refused.
 */
type Reach = 'user' | 'workstream' | 'memory' | 'none' | 'org'

export type Operation<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = {
  /** `GROUP.VERB`, as the command line calls it. */
  readonly id: `${string}.${string}`
  /** One sentence, for the document and for `--help`. */
  readonly summary: string
  readonly method: Method
  /** With the names of fields in braces: `/v1/orgs/{orgId}/memory/search`. */
  readonly path: `/v1/orgs/{orgId}${string}`
  readonly scope: Scope
  readonly reach: Reach
  /** As it travels: times are ISO texts. Objects are closed. */
  readonly input: Input
  readonly output: Output
  /** What `run` may throw beside what every operation may. */
  readonly errors: readonly ErrorCode[]
  /** The function of the runtime that it is, as the client has it too: `memory.search`. */
  readonly runtime: string
  /** The field of the output that the client returns, where that is all the runtime returns. */
  readonly returns?: string
  /** What success is answered with. @default 200; 204 without an output */
  readonly statuses?: readonly [number, ...number[]]
  /** Which of several. @default the first */
  readonly statusOf?: (output: z.output<Output>) => number
  /** True if an operator may omit the org on the command line to act on the whole fleet: `run` then gets no `orgId`. */
  readonly isForFleet?: true
  /** Whether it cannot be undone: the command line wants it confirmed. */
  readonly isFinal?: true
  /** The most that a body may have. @default 1 MiB */
  readonly maxBodyBytes?: number
  /** After this time the caller is told REQUEST_TIMEOUT. @default 15,000 */
  readonly timeoutMs?: number
  readonly run: (
    services: ApiServices,
    input: Given<z.output<Input>>,
    caller: Caller,
  ) => Promise<WireAnswer<z.output<Output>>> | AsyncIterable<string>
}

/** Any operation, as what iterates the catalogue sees it. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs of different operations have no other common type.
export type AnyOperation = Operation<any, any>

/** JSON has no `undefined`: a field is there or not. */
export type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

/** A value as the runtime returns it: what is read-only fits, and so does `undefined` for an absent field. */
type WireAnswer<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? readonly WireAnswer<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: WireAnswer<T[Key]> }
      : T

/** Checks the types of an operation. */
export function defineOperation<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation
}

/** The statuses of success; the first is the usual one. */
export function statusesOf({ statuses, output }: AnyOperation): readonly [number, ...number[]] {
  return statuses ?? (output instanceof z.ZodUndefined ? [204] : [200])
}
