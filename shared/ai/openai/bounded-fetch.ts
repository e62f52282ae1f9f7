import { AfterturnError } from '../../errors.ts'
import { readErrorBody } from './error-bodies.ts'
import { answerOfStream } from './streamed-answer.ts'

/**
 * Owns what comes in over the wire. Guarantees: a body is read up to a size, for a server that never comes to an end would fill the memory long before
 * any time-out; an error is in OpenAI's form, whoever sent it; no redirect is followed, for it would carry users' words to another address.
 */

/** Of an error. */
const MAX_ERROR_BYTES = 64 * 1_024

/** A `fetch` for one model server. A body beyond `maxBytes` fails with MODEL_OUTPUT_INVALID, JSON that breaks off with MODEL_UNAVAILABLE. */
export function boundedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    const { status, statusText } = response
    if (!response.ok) return errorResponse(response)
    if (!response.body) return response
    const body = await readWhole(response.body, maxBytes)
    const text = new TextDecoder().decode(body)
    if (breaksOff(text.trim())) throw brokenOff(body.length)
    // Gateways name any type, and answer a stream or a page where JSON was asked for.
    const headers = new Headers(response.headers)
    headers.set('content-type', text.trimStart().startsWith('<') ? 'text/html' : 'application/json')
    const isStream = /^(?:data|event|id|retry)?:/.test(text.trimStart())
    return new Response(isStream ? JSON.stringify(answerOfStream(text)) : text, { status, statusText, headers })
  }
}

async function readWhole(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** JSON that is cut on its way says nothing of the question; what ends as it began is what the server made of it. */
function breaksOff(text: string): boolean {
  return text.startsWith('{') && !text.endsWith('}')
}

async function errorResponse(response: Response): Promise<Response> {
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  const { retryAfterMs, ...error } = readErrorBody(await readBeginning(response))
  const message = status < 400 ? movedTo(headers.get('location')) : error.message || statusText
  if (retryAfterMs !== undefined && !headers.has('retry-after') && !headers.has('retry-after-ms'))
    headers.set('retry-after-ms', String(retryAfterMs))
  headers.set('content-type', 'application/json')
  headers.delete('content-length')
  headers.delete('content-encoding')
  // A 304 may have no body, and is as wrong an answer as any.
  return new Response(JSON.stringify({ error: { ...error, message } }), {
    status: status === 304 ? 302 : status,
    headers,
  })
}

async function readBeginning(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    text += decoder.decode(chunk, { stream: true })
    if (bytes >= MAX_ERROR_BYTES) break
  }
  return text
}

function movedTo(location: string | null): string {
  const where = URL.canParse(location ?? '') ? new URL(location as string).origin : 'elsewhere'
  return `a redirect to ${where}; set the base URL to the address that it leads to`
}

function brokenOff(bytes: number): AfterturnError {
  return new AfterturnError('MODEL_UNAVAILABLE', `Expected an object of JSON, got ${bytes} bytes that break off`)
}

function tooLarge(maxBytes: number): AfterturnError {
  return new AfterturnError('MODEL_OUTPUT_INVALID', `Expected an answer of at most ${maxBytes} bytes, got more`)
}
