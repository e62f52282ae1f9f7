import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { strictJsonSchema } from '../../../../../shared/ai/openai/strict-json-schema.ts'

describe('the strict JSON schema of a task', () => {
  it('closes every object, requires every field and drops limits', () => {
    const schema = z.object({
      facts: z.array(z.object({ text: z.string().min(1).max(9), turn: z.number().int().nonnegative() })).max(5),
      note: z.string().optional(),
      kind: z.enum(['a', 'b']).default('a').describe('which'),
    })
    expect(strictJsonSchema(schema)).toEqual({
      type: 'object',
      properties: {
        facts: {
          type: 'array',
          items: {
            type: 'object',
            properties: { text: { type: 'string' }, turn: { type: 'integer' } },
            required: ['text', 'turn'],
            additionalProperties: false,
          },
        },
        note: { type: 'string' },
        kind: { type: 'string', enum: ['a', 'b'], description: 'which' },
      },
      required: ['facts', 'note', 'kind'],
      additionalProperties: false,
    })
  })

  it('keeps unions, recursion and fields that are called like keywords', () => {
    const node = z.object({
      get children() {
        return z.array(node)
      },
      pattern: z.string().nullable(),
    })
    const schema = z.object({
      node,
      step: z.discriminatedUnion('type', [z.object({ type: z.literal('stop') }), z.object({ type: z.literal('go') })]),
    })
    const strict = JSON.stringify(strictJsonSchema(schema))
    expect(strict).toContain('"anyOf":[{"type":"object"')
    expect(strict).toContain('"$ref":"#/$defs/')
    expect(strict).toContain('"required":["children","pattern"]')
    expect(strict).not.toContain('oneOf')
  })

  it('translates a schema once', () => {
    const schema = z.object({ a: z.string() })
    expect(strictJsonSchema(schema)).toBe(strictJsonSchema(schema))
  })
})
