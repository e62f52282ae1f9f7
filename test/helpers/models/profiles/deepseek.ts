import type { ServerProfile } from './server-profile.ts'

export const deepseek: ServerProfile = {
  name: 'DeepSeek',
  basePath: '/v1',
  model: 'deepseek-chat',
  chat: {
    honours: 'json_object',
    refuses: [
      {
        field: 'response_format',
        value: 'json_schema',
        status: 400,
        body: {
          error: {
            message: 'This response_format type is unavailable now',
            type: 'invalid_request_error',
            param: null,
            code: 'invalid_request_error',
          },
        },
      },
    ],
    ignores: ['max_completion_tokens'],
    thought: 'reasoning_content',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        error: {
          message:
            "This model's maximum context length is 65536 tokens. However, you requested 70010 tokens (66010 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_request_error',
        },
      },
    },
  },
  embeddings: { status: 404, body: '' },
  errors: {
    badKey: {
      status: 401,
      body: {
        error: {
          message: 'Authentication Fails, Your api key: ****rong is invalid',
          type: 'authentication_error',
          param: null,
          code: 'invalid_request_error',
        },
      },
    },
    limited: {
      status: 429,
      body: { error: { message: 'Rate limit reached', type: 'rate_limit_error', param: null, code: null } },
    },
    overloaded: {
      status: 503,
      body: { error: { message: 'Server overloaded', type: 'server_error', param: null, code: null } },
    },
  },
  quirks: [
    { says: 'It knows `json_object` only', source: 'https://github.com/UKGovernmentBEIS/inspect_ai/issues/4916' },
    {
      says: '`json_object` wants the word JSON in the prompt',
      source: 'https://github.com/browserbase/stagehand/issues/1204',
    },
    {
      says: 'An empty account is a 402, overload a 503 without a time',
      source: 'https://api-docs.deepseek.com/quick_start/error_codes',
    },
    { says: 'It has no embeddings', source: 'https://api-docs.deepseek.com/api/deepseek-api' },
  ],
}
