/**
 * The tool by which a model looks up what its context leaves out: give it beside your own tools. Its arguments are those of `context.expand`,
 * beside the conversation: `context.expand({ orgId, workstreamId, ...JSON.parse(call.function.arguments) })`.
 */
export const expandTool = {
  type: 'function',
  function: {
    name: 'expand_context',
    description:
      'Reads earlier messages of this conversation in full. Use it when a record, an excerpt or a note names an id such as 12.3 or 12.3-40.0 and its exact words matter.',
    parameters: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'The id as it stands in the conversation, such as 12.3 or 12.3-40.0.' },
        limit: { type: 'integer', minimum: 1, maximum: 200, description: 'How many messages at most.' },
      },
      required: ['id'],
      additionalProperties: false,
    },
  },
} satisfies {
  readonly type: 'function'
  readonly function: { readonly name: string; readonly [field: string]: unknown }
}
