import type { Node } from 'web-tree-sitter'

/** Owns where the grammars keep the name of what a node defines. */

const NAME_FIELDS = ['name', 'key', 'left', 'pattern', 'type']
const MAX_NAME_CHARS = 120
/** What has no name in its language is called by its keyword. */
const NAMELESS: Readonly<Record<string, string>> = {
  init_declaration: 'init',
  deinit_declaration: 'deinit',
  subscript_declaration: 'subscript',
  secondary_constructor: 'constructor',
  companion_object: 'Companion',
  indexer_declaration: 'this',
  constructor_definition: 'constructor',
}

/** The name of what a node defines; undefined if it has none. */
export function definedName(node: Node): string | undefined {
  const keyword = NAMELESS[node.type]
  if (keyword !== undefined) return keyword
  const declared = declaredName(node)
  const operator = node.childForFieldName('operator')
  const named =
    declared ??
    (operator ? `operator ${operator.text}` : undefined) ??
    fieldName(node) ??
    namedChild(node) ??
    firstLineOf(node)
  const receiver = receiverName(node.childForFieldName('receiver')?.text ?? '')
  const trait = node.type === 'impl_item' ? node.childForFieldName('trait')?.text : undefined
  const whole = trait !== undefined ? `${trait} for ${named}` : receiver !== undefined ? `${receiver}.${named}` : named
  const name = (whole ?? '')
    .replace(/\s+/g, ' ')
    .replace(/^(['"`])(.*)\1$/, '$2')
    .trim()
  return name === '' ? undefined : name.slice(0, MAX_NAME_CHARS).toWellFormed()
}

function fieldName(node: Node): string | undefined {
  const name = NAME_FIELDS.map((field) => node.childForFieldName(field)).find((child) => child !== null)?.text
  // Python's `type Pair[T]`.
  return node.type === 'type_alias_statement' ? name?.split('[', 1)[0] : name
}

/** The name where no field holds it; Kotlin has the type of a property beside it. */
function namedChild(node: Node): string | undefined {
  const child = node.namedChildren.find(({ type }) =>
    /identifier$|^name$|^selectors$|_name$|^variable_declaration$/.test(type),
  )
  const inner = child?.type === 'variable_declaration' ? child.namedChildren.find(isIdentifier) : undefined
  return (inner ?? child)?.text
}

function isIdentifier({ type }: Node): boolean {
  return type.endsWith('identifier')
}

/** C and C++ wrap the name in what is declared of it: `*foo(int a)`. */
function declaredName(node: Node): string | undefined {
  let declarator = node.childForFieldName('declarator')
  while (declarator) {
    // `(*compare)` of a pointer to a function keeps what it wraps in no field.
    const isWrapped = declarator.type === 'parenthesized_declarator'
    const inner: Node | null = isWrapped ? declarator.firstNamedChild : declarator.childForFieldName('declarator')
    if (inner === null) break
    declarator = inner
  }
  return declarator?.text
}

/** `@media (min-width: 40em)`. */
function firstLineOf(node: Node): string | undefined {
  return /^@[^{\n]*/.exec(node.text.slice(0, MAX_NAME_CHARS))?.[0]
}

/** `Cart` of Go's `(c *Cart[T])`. */
function receiverName(receiver: string): string | undefined {
  const type = receiver.slice(0, MAX_NAME_CHARS).split('[', 1)[0] ?? ''
  return /\w{1,120}\)?$/.exec(type)?.[0].replace(')', '')
}
