import type { ServerProfile } from './server-profile.ts'

export const llamaCpp: ServerProfile = {
  name: 'llama.cpp',
  basePath: '/v1',
  model: 'default',
  chat: {
    honours: 'json_schema',
    thought: 'reasoning_content',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        error: {
          code: 400,
          message: 'the request exceeds the available context size, try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 15_953,
          n_ctx: 8_192,
        },
      },
    },
  },
  embeddings: {
    dims: 384,
    dimensions: 'ignored',
    tooLong: {
      status: 500,
      body: {
        error: {
          code: 500,
          message:
            'input (992 tokens) is too large to process. increase the physical batch size (current batch size: 512)',
          type: 'server_error',
        },
      },
    },
  },
  errors: {
    badKey: { status: 401, body: { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } } },
    limited: { status: 429, body: { error: { code: 429, message: 'Too many requests', type: 'unavailable_error' } } },
    overloaded: {
      status: 503,
      body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    },
  },
  quirks: [
    {
      says: 'A text longer than the physical batch is a 500 that no retry mends',
      source: 'https://github.com/ggml-org/llama.cpp/issues/11105',
    },
    {
      says: 'A prompt longer than the context is a 400 with a type of its own',
      source: 'https://github.com/continuedev/continue/issues/9797',
    },
    {
      says: 'Embeddings are a 501 unless it was started for them',
      source: 'https://github.com/ggml-org/llama.cpp/issues/15406',
    },
    {
      says: 'While a model loads it answers 503',
      source: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
    },
  ],
}
