import type { ServerProfile } from './server-profile.ts'

export const groq: ServerProfile = {
  name: 'Groq',
  basePath: '/openai/v1',
  model: 'llama-3.3-70b-versatile',
  chat: {
    honours: 'json_object',
    refuses: [
      {
        field: 'response_format',
        value: 'json_schema',
        status: 400,
        body: {
          error: {
            message:
              'This model does not support response format `json_schema`. See supported models at https://console.groq.com/docs/structured-outputs#supported-models',
            type: 'invalid_request_error',
            param: 'response_format',
          },
        },
      },
    ],
    thought: 'think tags',
    hasUsage: true,
    tooLong: {
      status: 413,
      body: {
        error: {
          message:
            'Request too large for model `llama-3.3-70b-versatile` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Requested 14137, please reduce your message size and try again.',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
      },
    },
  },
  embeddings: {
    status: 404,
    body: {
      error: {
        message:
          'Unknown request URL: POST /openai/v1/embeddings. Please check the URL for typos, or see the docs at https://console.groq.com/docs/',
        type: 'invalid_request_error',
        code: 'unknown_url',
      },
    },
  },
  errors: {
    badKey: {
      status: 401,
      body: { error: { message: 'Invalid API Key', type: 'invalid_request_error', code: 'invalid_api_key' } },
    },
    limited: {
      status: 429,
      headers: { 'retry-after': '5', 'x-ratelimit-reset-requests': '2m59.56s' },
      body: {
        error: {
          message:
            'Rate limit reached for model `llama-3.1-8b-instant` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s.',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
      },
      retryAfterMs: 5_000,
    },
    overloaded: {
      status: 498,
      body: { error: { message: 'Flex tier capacity exceeded', type: 'capacity_exceeded' } },
    },
  },
  quirks: [
    { says: 'It has no embeddings', source: 'https://docs.getbifrost.ai/providers/supported-providers/groq' },
    {
      says: 'A request larger than a minute’s budget is a 413 with the code of a rate limit; the output that is asked for counts',
      source: 'https://github.com/HunorLaczko/ha-groq-cloud-api/issues/27',
    },
    {
      says: 'Some models know `json_object` only',
      source: 'https://v0.app/chat/groq-api-integration-jJZDjObZqiy',
    },
    {
      says: 'No room in the flexible tier is a 498',
      source: 'https://www.developersdigest.tech/errors/api/groq-api',
    },
  ],
}
