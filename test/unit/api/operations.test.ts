import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { writeDocsPage } from '../../../api/http/docs-page.ts'
import { ERROR_STATUS } from '../../../api/http/error-status.ts'
import { writeOpenApi } from '../../../api/http/openapi.ts'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { fieldKindOf, readField } from '../../../api/operations/field-kinds.ts'
import { ROUTES } from '../../../client/routes.ts'
import { ERROR_CATALOGUE } from '../../../shared/errors.ts'

/** The catalogue of operations, and what is written from it. */

const document = writeOpenApi(OPERATIONS)

describe('operations', () => {
  it('have one id, one route and one function each', () => {
    for (const field of ['id', 'runtime'] as const)
      expect(new Set(OPERATIONS.map((operation) => operation[field])).size).toBe(OPERATIONS.length)
    const routes = OPERATIONS.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
    expect(new Set(routes).size).toBe(OPERATIONS.length)
    expect(Object.keys(ROUTES)).toEqual(OPERATIONS.map(({ runtime }) => runtime))
  })

  it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s is whole', (_, operation) => {
    const { input, path, method, reach } = operation
    const shape = input.shape as Record<string, z.ZodType>
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(shape, path).toHaveProperty(name as string)
    expect(shape).toHaveProperty('orgId')
    // Who acts is the key: no argument names it.
    expect(shape).not.toHaveProperty('by')
    // What reaches users names them, so that a key of one user can be held to it.
    if (reach === 'user') expect(shape).toHaveProperty('userId')
    if (reach === 'workstream') expect(shape).toHaveProperty('workstreamId')
    if (reach === 'memory') expect(shape).toHaveProperty('memoryId')
    if (reach === 'none')
      for (const name of ['userId', 'workstreamId', 'memoryId']) expect(shape).not.toHaveProperty(name)
    // A query carries texts.
    if (method === 'GET' || method === 'DELETE')
      for (const field of Object.values(shape)) expect(fieldKindOf(field)).not.toBe('json')
  })
})

describe('the document', () => {
  it('refers to what it has, and each schema of it is one', () => {
    const text = JSON.stringify(document)
    for (const [, room, name] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g))
      expect((document.components as Record<string, object>)[room as string]).toHaveProperty(name as string)
    const ajv = new Ajv2020({ strict: false })
    for (const schema of Object.values(document.components.schemas)) expect(ajv.validateSchema(schema)).toBe(true)
    for (const methods of Object.values(document.paths))
      for (const { responses } of Object.values(methods))
        for (const { content = {} } of Object.values(responses))
          for (const { schema } of Object.values(content)) expect(ajv.validateSchema(schema)).toBe(true)
  })

  it('has a status for every code', () => {
    expect(Object.keys(ERROR_STATUS).sort()).toEqual(Object.keys(ERROR_CATALOGUE).sort())
  })

  it('has a page that runs nothing and loads nothing', () => {
    const page = writeDocsPage(document)
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\//i)
    for (const { id } of OPERATIONS) expect(page).toContain(`id="${id}"`)
  })
})

describe('fields as text', () => {
  it.each([
    [z.number().optional(), 'number', ['7'], 7],
    [z.number().optional(), 'number', ['7; drop'], '7; drop'],
    [z.boolean(), 'flag', ['true'], true],
    [z.boolean(), 'flag', ['yes'], 'yes'],
    [z.array(z.string()).optional(), 'list', ['a', 'b'], ['a', 'b']],
    [z.string(), 'text', ['7'], '7'],
    [z.string(), 'text', ['7', '8'], ['7', '8']],
  ])('%#: a %s', (schema, kind, texts, value) => {
    expect(fieldKindOf(schema as z.ZodType)).toBe(kind)
    expect(readField(fieldKindOf(schema as z.ZodType), texts)).toEqual(value)
  })
})
