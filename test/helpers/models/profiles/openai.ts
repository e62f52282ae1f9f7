import type { ServerProfile } from './server-profile.ts'

export const openai: ServerProfile = {
  name: 'OpenAI',
  basePath: '/v1',
  model: 'gpt-5-mini',
  chat: {
    honours: 'json_schema',
    refuses: [
      {
        field: 'max_tokens',
        status: 400,
        body: {
          error: {
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            type: 'invalid_request_error',
            param: 'max_tokens',
            code: 'unsupported_parameter',
          },
        },
      },
      {
        field: 'temperature',
        status: 400,
        body: {
          error: {
            message:
              "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
            type: 'invalid_request_error',
            param: 'temperature',
            code: 'unsupported_value',
          },
        },
      },
    ],
    thought: 'hidden',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        error: {
          message:
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 30010 tokens. Please reduce the length of the messages.",
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
      },
    },
  },
  embeddings: {
    dims: 1_536,
    dimensions: 'honoured',
    tooLong: {
      status: 400,
      body: {
        error: {
          message:
            "This model's maximum context length is 8192 tokens, however you requested 10001 tokens (10001 in your prompt; 0 for the completion). Please reduce your prompt; or completion length.",
          type: 'invalid_request_error',
          param: null,
          code: null,
        },
      },
    },
  },
  errors: {
    badKey: {
      status: 401,
      body: {
        error: {
          message:
            'Incorrect API key provided: wrong. You can find your API key at https://platform.openai.com/account/api-keys.',
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
      },
    },
    limited: {
      status: 429,
      body: {
        error: {
          message:
            'Rate limit reached for gpt-5-mini in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 1.2s.',
          type: 'tokens',
          param: null,
          code: 'rate_limit_exceeded',
        },
      },
      retryAfterMs: 1_200,
    },
    overloaded: {
      status: 503,
      body: { error: { message: 'The engine is currently overloaded, please try again later', type: 'server_error' } },
    },
  },
  quirks: [
    {
      says: 'Models that reason refuse `max_tokens` by name',
      source: 'https://github.com/ITSpecialist111/ai_automation_suggester/issues/38',
    },
    { says: 'Models that reason refuse a temperature', source: 'https://github.com/repowise-dev/repowise/issues/987' },
    {
      says: 'An embedding that is too long is a 400 without a code',
      source: 'https://developers.openai.com/cookbook/examples/embedding_long_inputs',
    },
    {
      says: 'A request larger than a minute’s budget is a 429 that no waiting mends',
      source: 'https://github.com/vanna-ai/vanna-flask/issues/11',
    },
    {
      says: 'A spent quota is a 429 too, told apart by its code',
      source: 'https://platform.openai.com/docs/guides/error-codes',
    },
  ],
}
