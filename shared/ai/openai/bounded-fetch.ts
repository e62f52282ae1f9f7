import { AfterturnError } from '../../errors.ts'

/**
 * A `fetch` that stops reading a body at a size: a server that never comes to an end would fill the memory long before any time-out.
 * The body of such an answer fails with MODEL_OUTPUT_INVALID.
 */
export function boundedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.body) return response
    let bytes = 0
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        if (bytes <= maxBytes) controller.enqueue(chunk)
        else controller.error(tooLarge(maxBytes))
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(bounded), { status, statusText, headers })
  }
}

function tooLarge(maxBytes: number): AfterturnError {
  return new AfterturnError('MODEL_OUTPUT_INVALID', `Expected an answer of at most ${maxBytes} bytes, got more`)
}
