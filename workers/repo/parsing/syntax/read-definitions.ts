import type { Node } from 'web-tree-sitter'
import type { Definition } from '../definition.ts'
import { definedName } from './defined-name.ts'
import type { Grammar } from './grammars.ts'

/**
 * Owns the walk over a syntax tree: what is defined where, under which name, with the comments that stand before it.
 * Guarantees: it visits the bodies of classes and of long functions only, so that its cost is that of the outline and not of the tree.
 */

/** Shorter functions are never cut, so that what they define need not be known; in lines. */
const LOOK_INSIDE_FROM_LINES = 25
/** What is nested deeper, nobody looks up by name. */
const MAX_DEPTH = 12

const FUNCTION_VALUES = new Set(
  'arrow_function function_expression function generator_function func_literal lambda lambda_expression anonymous_function'.split(
    ' ',
  ),
)
/** Code that is handed on without a name, as Ruby's blocks are. */
const NAMELESS_FUNCTIONS = new Set([...FUNCTION_VALUES, 'do_block'])
const CLASS_VALUES = new Set(['class', 'class_expression'])
/** Their node defines something only by its value, or where it is not local. */
const VALUE_KINDS = new Set(['variable', 'constant', 'field', 'pair', 'assignment', 'property'])
/** Values that are listed where they stand alone, not as parts of something else. */
const LISTED_VALUES = new Set(['variable', 'constant', 'assignment', 'property'])
const FUNCTION_KINDS = new Set(['function', 'method', 'constructor', 'operator'])
/** What a function stands outside of, to be one and no method. */
const OUTSIDE_CLASSES = new Set(['', 'namespace', 'module', 'function', 'method', 'constructor'])

type Place = {
  readonly depth: number
  readonly within: string
  readonly isLocal: boolean
  /** Inside a function that a call is given, as a test is. */
  readonly isHandedOn: boolean
}

/** The definitions of a tree, in the order of the file. */
export function readDefinitions(root: Node, grammar: Grammar): Definition[] {
  return readChildren(root, grammar, { depth: 0, within: '', isLocal: false, isHandedOn: false })
}

function readChildren(parent: Node, grammar: Grammar, place: Place): Definition[] {
  if (place.depth > MAX_DEPTH) return []
  const found: Definition[] = []
  let lead: { first: number; last: number } | undefined
  let lastCodeLine = -1
  for (const node of parent.namedChildren) {
    const [first, last] = linesOf(node)
    if (grammar.leads.has(node.type)) {
      if (lead && first <= lead.last + 1) lead = { first: lead.first, last }
      // A comment behind code, on its line, speaks of that code.
      else lead = first === lastCodeLine ? undefined : { first, last }
      continue
    }
    const before = found.at(-1)
    if (grammar.tails.has(node.type)) {
      if (before?.lastLine === lastCodeLine) found[found.length - 1] = { ...before, lastLine: last }
      lastCodeLine = last
      continue
    }
    const from = lead && first <= lead.last + 1 ? lead.first : first
    found.push(...readNode(node, from, grammar, place))
    // The grammar of Kotlin takes a comment after the imports for a part of them.
    const tail = node.type === 'import_list' ? trailingComment(node, grammar) : undefined
    lead = tail && { first: tail[0], last: tail[1] }
    lastCodeLine = last
  }
  return found
}

/** What one node defines; `from` is the line where the comments before it begin. */
function readNode(node: Node, from: number, grammar: Grammar, place: Place): Definition[] {
  const kind = grammar.definitions.get(node.type)
  if (kind !== undefined) return define(node, kind, from, grammar, place)
  const isNameless = NAMELESS_FUNCTIONS.has(node.type)
  const isLocal = place.isLocal || isNameless
  const isHandedOn = place.isHandedOn || (isNameless && node.parent?.type === 'arguments')
  if (grammar.bodies.has(node.type))
    return readChildren(node, grammar, { ...place, depth: place.depth + 1, isLocal, isHandedOn })
  if (!grammar.wrappers.has(node.type)) return []
  const inside = readChildren(node, grammar, { ...place, depth: place.depth + 1 })
  // What stands around a body of definitions belongs to none of them.
  if (node.namedChildren.some(({ type }) => grammar.bodies.has(type))) return inside
  const [, last] = linesOf(node)
  return inside.map((one, index) => ({
    ...one,
    firstLine: index === 0 ? from : one.firstLine,
    lastLine: index === inside.length - 1 ? last : one.lastLine,
  }))
}

function define(node: Node, tableKind: string, from: number, grammar: Grammar, place: Place): Definition[] {
  // A flag and the guard of a header have no value.
  if (node.type === 'preproc_def' && node.childForFieldName('value') === null) return []
  // `declare module './cart'` adds to what another file defines; what it adds has names of its own.
  if (node.type === 'module' && node.childForFieldName('name')?.type === 'string')
    return readMembers(node, null, grammar, { ...place, depth: place.depth + 1 })
  const isValue = VALUE_KINDS.has(tableKind)
  const value = isValue ? assignedValue(node) : null
  const kind = kindOf(node, tableKind, value, place)
  const [line, lastLine] = linesOf(node)
  const isFunction = FUNCTION_KINDS.has(kind)
  const isLong = lastLine - line >= LOOK_INSIDE_FROM_LINES
  // What a test mounts or mocks is its own; closures of older code, which define modules, declare with `var`.
  if (place.isHandedOn && VALUE_KINDS.has(kind) && node.parent?.type === 'lexical_declaration') return []
  const inside = { ...place, depth: place.depth + 1, within: kind, isLocal: place.isLocal || isFunction }
  const members = isFunction && !isLong ? [] : readMembers(node, value, grammar, inside)
  const type = isValue ? definedType(node, from, grammar, place) : []
  if (VALUE_KINDS.has(kind)) {
    const isListed = LISTED_VALUES.has(kind) && !place.isLocal && OUTSIDE_CLASSES.has(place.within)
    if (!isListed || type.length > 0) return [...type, ...members]
  }
  const name = definedName(node)
  if (name === undefined) return members
  const own = { kind: listedKind(kind, name), name, firstLine: from, line, lastLine, members }
  // `typedef struct Tag { … } Name;` defines both.
  return [own, ...(kind === 'type' ? definedType(node, from, grammar, place).filter((tag) => tag.name !== name) : [])]
}

/** C++ defines its methods outside of their class. */
function listedKind(kind: string, name: string): string {
  if (kind === 'function' && name.includes('::')) return 'method'
  return kind === 'assignment' ? 'variable' : kind
}

function readMembers(node: Node, value: Node | null, grammar: Grammar, place: Place): Definition[] {
  if (grammar.flat.has(node.type)) return readChildren(node, grammar, place)
  const holders = value === null ? [node] : grammar.bodies.has(value.type) ? [] : [value]
  const bodies = holders.flatMap((holder) => holder.namedChildren.filter((child) => grammar.bodies.has(child.type)))
  if (value !== null && grammar.bodies.has(value.type)) bodies.push(value)
  return bodies.flatMap((body) => readChildren(body, grammar, place))
}

/** C and C++ declare what has a type, and may define the type there: `struct Node { … } root;`, or a class inside a class. */
function definedType(node: Node, from: number, grammar: Grammar, place: Place): Definition[] {
  const type = node.childForFieldName('type')
  if (type === null || !grammar.definitions.has(type.type) || type.childForFieldName('body') === null) return []
  const [, lastLine] = linesOf(node)
  return readNode(type, from, grammar, place).map((one) => ({ ...one, lastLine: Math.max(one.lastLine, lastLine) }))
}

function kindOf(node: Node, kind: string, value: Node | null, place: Place): string {
  const isFunction =
    kind === 'function' || (value !== null && FUNCTION_VALUES.has(value.type)) || declaresFunction(node, kind)
  if (isFunction) return OUTSIDE_CLASSES.has(place.within) ? 'function' : 'method'
  if (value !== null && CLASS_VALUES.has(value.type)) return 'class'
  if (node.type !== 'class_declaration') return kind
  // Swift and Kotlin have one node for all of these.
  const word = node.childForFieldName('declaration_kind')?.type ?? node.children.find(isKindWord)?.type
  return word === undefined || word === 'class' ? kind : word
}

function isKindWord(child: Node): boolean {
  return child.type === 'interface' || child.type === 'enum'
}

/** C's prototypes are declarations as its variables are. */
function declaresFunction(node: Node, kind: string): boolean {
  if (kind !== 'variable' && kind !== 'field') return false
  let declarator = node.childForFieldName('declarator')
  while (declarator && declarator.type !== 'function_declarator')
    declarator = declarator.childForFieldName('declarator')
  return declarator !== null
}

function assignedValue(node: Node): Node | null {
  const value =
    node.childForFieldName('value') ??
    node.childForFieldName('right') ??
    node.childForFieldName('declarator')?.childForFieldName('value') ??
    null
  return value?.type === 'expression_list' ? value.firstNamedChild : value
}

function trailingComment(node: Node, grammar: Grammar): [number, number] | undefined {
  let last: Node | null = node
  while (last && !grammar.leads.has(last.type)) last = last.lastNamedChild
  return last ? linesOf(last) : undefined
}

/** 0-based, both included; a node that ends with its line break ends on that line. */
function linesOf(node: Node): [number, number] {
  const first = node.startPosition.row
  const { row, column } = node.endPosition
  return [first, column === 0 && row > first ? row - 1 : row]
}
