import type OpenAI from 'openai'
import type { APIError, ClientOptions } from 'openai'

/** Owns the loading of the `openai` package, which costs .2 s and 35 MB: only a process that asks a model server pays for it. */

let sdk: typeof import('openai') | undefined

/** A client for one server. */
export async function openClient(options: ClientOptions): Promise<OpenAI> {
  sdk ??= await import('openai')
  return new sdk.default(options)
}

/** Makes the SDK's error for a failed status out of an answer that came with 200. Call it only after an answer of a client. */
export function apiError(status: number, told: { readonly message: string }, headers: Headers): Error {
  return (sdk as NonNullable<typeof sdk>).APIError.generate(status, { error: told }, told.message, headers)
}

/** True if the SDK threw an error of its own, for a failed answer or for none. */
export function isApiError(error: unknown): error is APIError {
  return sdk !== undefined && error instanceof sdk.APIError
}

/** True if the SDK's own timer ended the request. */
export function isSdkTimeout(error: unknown): boolean {
  return sdk !== undefined && error instanceof sdk.APIConnectionTimeoutError
}
