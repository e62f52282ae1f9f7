/** What a profile tells of one server: data alone, by its public documentation. `imitate.ts` answers by it, and docs/providers.md is written from it. */
export type ServerProfile = {
  readonly name: string
  /** Where its API begins. */
  readonly basePath: string
  readonly model: string
  readonly chat: {
    /** The richest `response_format` that has an effect on the answer. */
    readonly honours: 'json_schema' | 'json_object' | 'nothing'
    /** Requests that it answers with an error, by a field or by the type of the response format. */
    readonly refuses?: readonly Refusal[]
    /** Accepted without effect. */
    readonly ignores?: readonly string[]
    /** How a model that thinks gives its thoughts away. */
    readonly thought: 'think tags' | 'think tags without a beginning' | 'reasoning_content' | 'reasoning' | 'hidden'
    /** Whether its answers are in fences when nothing binds them. */
    readonly isFenced?: boolean
    readonly hasUsage: boolean
    /** What it does with a prompt that is longer than its context. */
    readonly tooLong: 'cut silently' | Reply
  }
  readonly embeddings:
    | { readonly dims: number; readonly dimensions: 'honoured' | 'ignored' | Reply; readonly tooLong: Reply }
    | Reply
  readonly errors: {
    /** Undefined: it asks for no key. */
    readonly badKey: Reply | undefined
    readonly limited: Reply & { readonly retryAfterMs?: number }
    readonly overloaded: Reply
  }
  readonly quirks: readonly Quirk[]
}

/** `body`: JSON, or a text that is sent as it is. */
export type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown }
export type Refusal = Reply & { readonly field: string; readonly value?: string }
/** `source`: where it is public. */
export type Quirk = { readonly says: string; readonly source: string }
