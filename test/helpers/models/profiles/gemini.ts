import type { ServerProfile } from './server-profile.ts'

export const gemini: ServerProfile = {
  name: 'Gemini (compatible endpoint)',
  basePath: '/v1beta/openai',
  model: 'gemini-2.5-flash',
  chat: {
    honours: 'json_schema',
    refuses: [
      {
        field: 'max_tokens',
        status: 400,
        body: [
          {
            error: {
              code: 400,
              message: 'max_tokens and max_completion_tokens cannot both be set',
              status: 'INVALID_ARGUMENT',
            },
          },
        ],
      },
    ],
    thought: 'hidden',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: [
        {
          error: {
            code: 400,
            message: 'The input token count (1200010) exceeds the maximum number of tokens allowed (1048576).',
            status: 'INVALID_ARGUMENT',
          },
        },
      ],
    },
  },
  embeddings: {
    dims: 3_072,
    dimensions: 'honoured',
    tooLong: {
      status: 400,
      body: [
        {
          error: {
            code: 400,
            message: 'The input token count (3001) exceeds the maximum number of tokens allowed (2048).',
            status: 'INVALID_ARGUMENT',
          },
        },
      ],
    },
  },
  errors: {
    badKey: {
      status: 400,
      body: [
        {
          error: {
            code: 400,
            message: 'API key not valid. Please pass a valid API key.',
            status: 'INVALID_ARGUMENT',
            details: [
              {
                '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
                reason: 'API_KEY_INVALID',
                domain: 'googleapis.com',
                metadata: { service: 'generativelanguage.googleapis.com' },
              },
            ],
          },
        },
      ],
    },
    limited: {
      status: 429,
      body: [
        {
          error: {
            code: 429,
            message: 'You exceeded your current quota, please check your plan and billing details.',
            status: 'RESOURCE_EXHAUSTED',
            details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }],
          },
        },
      ],
      retryAfterMs: 34_000,
    },
    overloaded: {
      status: 503,
      body: [
        { error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' } },
      ],
    },
  },
  quirks: [
    {
      says: 'A wrong key is a 400, with the reason in its details',
      source: 'https://github.com/continuedev/continue/issues/10290',
    },
    {
      says: '`max_tokens` beside `max_completion_tokens` is refused',
      source: 'https://github.com/p32929/rotato/issues/22',
    },
    { says: 'Errors are a list of one', source: 'https://github.com/google-gemini/gemini-cli/issues/14811' },
    {
      says: 'The wait is `retryDelay` in the details, and in no header',
      source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
    },
    {
      says: '`reasoning_effort` becomes a budget of thoughts, which the output pays',
      source: 'https://ai.google.dev/gemini-api/docs/openai',
    },
  ],
}
