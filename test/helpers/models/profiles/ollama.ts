import type { ServerProfile } from './server-profile.ts'

export const ollama: ServerProfile = {
  name: 'Ollama',
  basePath: '/v1',
  model: 'qwen3:8b',
  chat: {
    honours: 'json_schema',
    ignores: ['max_completion_tokens'],
    thought: 'reasoning',
    hasUsage: true,
    tooLong: 'cut silently',
  },
  embeddings: {
    dims: 768,
    dimensions: 'ignored',
    tooLong: { status: 400, body: { error: 'the input length exceeds the context length' } },
  },
  errors: {
    badKey: undefined,
    limited: {
      status: 429,
      body: { error: { message: 'too many concurrent requests', type: 'rate_limit_error', param: null, code: null } },
    },
    overloaded: {
      status: 503,
      body: {
        error: {
          message: 'server busy, please try again. maximum pending requests exceeded',
          type: 'api_error',
          param: null,
          code: null,
        },
      },
    },
  },
  quirks: [
    {
      says: 'A prompt longer than the context (4,096 tokens by default) is cut silently',
      source: 'https://github.com/ollama/ollama/issues/5902',
    },
    { says: '`max_completion_tokens` is ignored', source: 'https://github.com/ollama/ollama/issues/7125' },
    {
      says: 'A text too long to embed is a 400 whose `error` is a text',
      source: 'https://github.com/nano-step/nano-brain/issues/208',
    },
    { says: 'The key is required and ignored', source: 'https://docs.ollama.com/api/openai-compatibility' },
  ],
}
