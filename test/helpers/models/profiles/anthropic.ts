import type { ServerProfile } from './server-profile.ts'

export const anthropic: ServerProfile = {
  name: 'Anthropic (compatible endpoint)',
  basePath: '/v1',
  model: 'claude-haiku-4-5',
  chat: {
    honours: 'nothing',
    ignores: ['response_format', 'reasoning_effort'],
    thought: 'hidden',
    isFenced: true,
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        error: {
          code: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum',
          type: 'invalid_request_error',
          param: null,
        },
      },
    },
  },
  embeddings: {
    status: 404,
    body: { error: { code: 'not_found_error', message: 'Not found', type: 'not_found_error', param: null } },
  },
  errors: {
    badKey: {
      status: 401,
      body: {
        error: {
          code: 'authentication_error',
          message: 'invalid x-api-key',
          type: 'authentication_error',
          param: null,
        },
      },
    },
    limited: {
      status: 429,
      headers: { 'retry-after': '31' },
      body: {
        error: {
          code: 'rate_limit_error',
          message: "This request would exceed your organization's rate limit of 50,000 input tokens per minute.",
          type: 'rate_limit_error',
          param: null,
        },
      },
      retryAfterMs: 31_000,
    },
    overloaded: {
      status: 529,
      body: { error: { code: 'overloaded_error', message: 'Overloaded', type: 'overloaded_error', param: null } },
    },
  },
  quirks: [
    {
      says: '`response_format` and `reasoning_effort` are ignored; system messages are joined and put first',
      source: 'https://docs.anthropic.com/en/api/openai-sdk',
    },
    { says: 'Overload is a 529', source: 'https://docs.anthropic.com/en/api/errors' },
    {
      says: 'An account without credit is a 400',
      source: 'https://github.com/anthropics/claude-quickstarts/issues/229',
    },
    { says: 'It has no embeddings', source: 'https://docs.anthropic.com/en/docs/build-with-claude/embeddings' },
  ],
}
