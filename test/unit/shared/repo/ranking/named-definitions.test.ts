import { describe, expect, it } from 'vitest'
import type { Segment } from '../../../../../shared/repo/index-format/code-segment.ts'
import { askedName, namedStrength, symbolsOf } from '../../../../../shared/repo/ranking/named-definitions.ts'

const symbol = (name: string, scope = '', kind = 'function', lines = 3) => ({
  name,
  kind,
  scope,
  startLine: 1,
  endLine: lines,
})
const strength = (one: ReturnType<typeof symbol>, query: string, path = 'src/cart.ts') =>
  namedStrength(one, askedName(query) ?? { name: '', plain: '', qualifiers: ['?'] }, path)

describe('a query that is a name', () => {
  it.each([
    ['addItem', 'addItem', []],
    [' add_item() ', 'add_item', []],
    ['Cart::add', 'add', ['cart']],
    ['Cart.add/2', 'add', ['cart']],
    ['add/2', 'add', []],
    ['empty?/1', 'empty?', []],
    ['Get-Cart', 'Get-Cart', []],
    ['std::Cart->add()', 'add', ['std', 'cart']],
    ['#addItem', '#addItem', []],
    ['empty?', 'empty?', []],
    ['größe', 'größe', []],
    ['合計', '合計', []],
  ])('%j', (query, name, qualifiers) => {
    expect(askedName(query)).toMatchObject({ name, qualifiers })
  })

  it.each(['add item', 'a && b', 'cart.', '', 'x'.repeat(400), 'a.b c.d', '3.14', 'HTTP/2', 'TCP/80', 'api/users/1'])(
    'is not %j',
    (query) => {
      expect(askedName(query)).toBeUndefined()
    },
  )
})

it('a component is called by the name of its file, a route is not', () => {
  const segment = { symbols: [symbol('add')], chunks: [{ startLine: 1, endLine: 9 }] } as unknown as Segment
  const names = (path: string) => symbolsOf(segment, path).map(({ name }) => name)
  expect(names('src/user-card.vue')).toEqual(['UserCard', 'add'])
  expect(symbolsOf(segment, 'Card.svelte')[0]).toMatchObject({ name: 'Card', startLine: 1, endLine: 9 })
  for (const path of ['src/index.vue', 'src/[id].vue', 'src/+page.svelte', 'src/cart.ts'])
    expect(names(path)).toEqual(['add'])
})

describe('what defines it', () => {
  it('has just that name, rather in the same case, and a body', () => {
    expect(strength(symbol('add'), 'add')).toBe(1)
    expect(strength(symbol('Add'), 'add')).toBeLessThan(1)
    expect(strength(symbol('add', '', 'function', 1), 'add')).toBeLessThan(1)
    expect(strength(symbol('addAll'), 'add')).toBe(0)
    const styled = ['addItem', 'AddItem', 'ADD_ITEM', 'add-item', '_add_item'].map((name) =>
      strength(symbol(name), 'add_item'),
    )
    expect(styled.every((one) => one > 0 && one < 1)).toBe(true)
    expect(strength(symbol('Get-Cart'), 'getCart')).toBeGreaterThan(0)
    expect(strength(symbol('add', '', 'section'), 'add')).toBe(0)
  })

  it.each([
    [symbol('add', 'class Cart'), 'Cart.add'],
    [symbol('Cart::add'), 'Cart::add'],
    [symbol('Cart.add'), 'add'],
    [symbol('add'), 'cart.add'],
  ])('is %j for %j', (one, query) => {
    expect(strength(one, query)).toBe(1)
  })

  it('is not that of another', () => {
    expect(strength(symbol('add', 'class Basket'), 'Order.add')).toBe(0)
  })
})
