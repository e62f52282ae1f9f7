import type { ServerProfile } from './server-profile.ts'

export const openrouter: ServerProfile = {
  name: 'OpenRouter',
  basePath: '/api/v1',
  model: 'z-ai/glm-5.3-flash',
  chat: {
    honours: 'json_schema',
    thought: 'reasoning',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        error: {
          message:
            "This endpoint's maximum context length is 131072 tokens. However, you requested about 300010 tokens (296010 of text input, 4000 in the output). Please reduce the length of either one.",
          code: 400,
          metadata: { provider_name: null },
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
          message: 'Provider returned error',
          code: 400,
          metadata: { raw: 'Input is too long: maximum context length is 8192 tokens' },
        },
      },
    },
  },
  errors: {
    badKey: { status: 401, body: { error: { message: 'No auth credentials found', code: 401 } } },
    limited: {
      status: 200,
      body: {
        error: {
          message: 'Provider returned error',
          code: 429,
          metadata: {
            raw: 'z-ai/glm-5.3-flash is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits',
            provider_name: 'BaseTen',
          },
        },
      },
    },
    overloaded: {
      status: 200,
      body: {
        id: 'gen-1',
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            finish_reason: 'error',
            message: { role: 'assistant', content: '{"facts": [' },
            error: { code: 502, message: 'Your chosen model is down or we received an invalid response from it' },
          },
        ],
      },
    },
  },
  quirks: [
    {
      says: 'What fails after the model began is an error inside a 200',
      source: 'https://openrouter.ai/docs/errors',
    },
    {
      says: 'The reason is in `metadata.raw`, beside a message that says nothing',
      source: 'https://github.com/open-webui/computer/issues/293',
    },
    {
      says: 'An empty account is a 402',
      source: 'https://openrouter.ai/docs/client-sdks/python/errors/paymentrequiredresponseerror.md',
    },
  ],
}
