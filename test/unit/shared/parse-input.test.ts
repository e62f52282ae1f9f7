import { expect, it } from 'vitest'
import { z } from 'zod'
import { parseInput } from '../../../shared/parse-input.ts'

const schema = z.object({
  orgId: z.string().min(1),
  label: z.string().max(3),
  limit: z.number().min(1).max(100),
  weight: z.number().gt(0),
  tags: z.array(z.string()).max(2),
  code: z.string().length(2),
})
const VALID = { orgId: 'acme', label: 'a', limit: 5, weight: 1, tags: [], code: 'en' }

it.each([
  [{ orgId: '' }, 'orgId: expected string to have at least 1 character, got 0'],
  [{ label: 'secret' }, 'label: expected string to have at most 3 characters, got 6'],
  [{ limit: 0 }, 'limit: expected number to be at least 1, got 0'],
  [{ limit: 500 }, 'limit: expected number to be at most 100, got 500'],
  [{ weight: 0 }, 'weight: expected number to be more than 0, got 0'],
  [{ tags: ['a', 'b', 'c'] }, 'tags: expected array to have at most 2 items, got 3'],
  [{ code: 'deu' }, 'code: expected string to have exactly 2 characters, got 3'],
  [{ limit: '5' }, 'limit: expected number, got string'],
  [{ orgId: undefined }, 'orgId: expected string, got nothing'],
])('tells what was expected and what came, not what a text says: %j', (wrong, told) => {
  expect(() => parseInput(schema, { ...VALID, ...wrong }, 'input')).toThrow(`The input is not valid: ${told}.`)
})
