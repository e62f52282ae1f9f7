import type { ServerProfile } from './server-profile.ts'

export const azure: ServerProfile = {
  name: 'Azure OpenAI',
  basePath: '/openai/v1',
  model: 'my-deployment',
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
    ],
    thought: 'hidden',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        error: {
          message:
            "This model's maximum context length is 16385 tokens. However, your messages resulted in 31228 tokens. Please reduce the length of the messages.",
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
          message: "This model's maximum context length is 8192 tokens, however you requested 10001 tokens.",
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
          code: '401',
          message:
            'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
        },
      },
    },
    limited: {
      status: 429,
      headers: { 'retry-after': '9' },
      body: {
        error: {
          code: '429',
          message:
            'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-08-01-preview have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 9 seconds.',
        },
      },
      retryAfterMs: 9_000,
    },
    overloaded: {
      status: 503,
      body: {
        error: {
          code: '503',
          message: 'The service is temporarily unable to process your request. Please try again later.',
        },
      },
    },
  },
  quirks: [
    {
      says: 'The wait is in the message, in words, and can be a day',
      source: 'https://github.com/alex-wolf-ps/dbchatprov2/issues/2',
    },
    {
      says: 'Statuses are in `code` as text; a content filter is a 400',
      source: 'https://learn.microsoft.com/azure/foundry/openai/how-to/troubleshoot-errors',
    },
    {
      says: 'The model is the name of a deployment: an unknown one is a 404',
      source:
        'https://learn.microsoft.com/en-us/answers/questions/1299621/azure-openai-keep-returing-deploymentnotfound-erro',
    },
  ],
}
