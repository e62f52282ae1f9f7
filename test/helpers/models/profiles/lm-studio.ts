import type { ServerProfile } from './server-profile.ts'

export const lmStudio: ServerProfile = {
  name: 'LM Studio',
  basePath: '/v1',
  model: 'google/gemma-3-12b',
  chat: {
    honours: 'json_schema',
    refuses: [
      {
        field: 'response_format',
        value: 'json_object',
        status: 400,
        body: { error: "'response_format.type' must be 'json_schema' or 'text'" },
      },
    ],
    ignores: ['max_completion_tokens'],
    thought: 'think tags',
    hasUsage: true,
    tooLong: {
      status: 200,
      body: {
        error:
          'The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055 >= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input.',
      },
    },
  },
  embeddings: {
    dims: 768,
    dimensions: 'ignored',
    tooLong: {
      status: 400,
      body: { error: 'Input is too long: 3000 tokens, the model was loaded with a context length of 2048.' },
    },
  },
  errors: {
    badKey: undefined,
    limited: { status: 429, body: { error: 'Too many requests' } },
    overloaded: {
      status: 404,
      body: { error: 'No models loaded. Please load a model in the developer page or use the `lms load` command.' },
    },
  },
  quirks: [
    {
      says: '`json_object` is refused, `json_schema` is not',
      source: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/189',
    },
    { says: '`error` is a text', source: 'https://github.com/LoadShine/tada/issues/16' },
    {
      says: 'A prompt longer than the context is an error with status 200',
      source: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/2322',
    },
    {
      says: 'With no model loaded it answers 404, and works again once one is',
      source: 'https://lmstudio.ai/docs/developer/core/server',
    },
  ],
}
