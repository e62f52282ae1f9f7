import { afterAll, expect, it } from 'vitest'
import { programmingLanguageOf } from '../../../shared/repo/languages.ts'
import { createCodeParser } from '../../../workers/repo/parsing/code-parser.ts'
import { parseText } from '../../helpers/repo/parse-text.ts'

/** What is read out of each language: its symbols with their scopes, and comments that stay with what they document. */

const parser = createCodeParser()
afterAll(() => parser.close())

const body = (line: string) => Array.from({ length: 16 }, (_, n) => line.replaceAll('#', String(n))).join('\n')

/** File -> its text, and the outline that it has: `kind name < scope`. */
const FILES: readonly (readonly [path: string, text: string, outline: readonly string[]])[] = [
  [
    'shop.ts',
    `import { a } from 'b'

/** Prices. */
export class Cart<T> extends Base {
  private items = 1
  /** Adds. */
  async add(item: T): Promise<void> {
${body('    await this.store.put(item, #)')}
  }
  total = () => {
    return 1
  }
}
export const priceOf = (cart: Cart) => cart.total
export interface Item { name: string }
export default function main() {}
`,
    [
      'class Cart',
      'method add < class Cart',
      'method total < class Cart',
      'function priceOf',
      'interface Item',
      'function main',
    ],
  ],
  ['view.tsx', 'export function View() {\n  return <b>1</b>\n}\n', ['function View']],
  [
    'app.js',
    'module.exports = {\n  start() {},\n  stop: function () {},\n}\nFoo.prototype.bar = function () {}\n',
    [
      'variable module.exports',
      'method start < variable module.exports',
      'method stop < variable module.exports',
      'function Foo.prototype.bar',
    ],
  ],
  [
    'cart.test.ts',
    `describe('cart', () => {
  it('mounts', async () => {
    const Shown = { setup() {}, data: { rows() {} } }
    const mounted = mount(Shown, function () { const inner = { own() {} } })
    function helper() {}
    const priceOf = () => 1
    class Mock { add() {} }
  })
})
`,
    ['function helper', 'function priceOf', 'class Mock', 'method add < class Mock'],
  ],
  [
    'modules.js',
    `define(['a'], function (a) { var View = { render: function () {} }; return View })
;(() => { const App = { start() {} }; App.start() })()
export const useCart = defineStore('cart', () => { const add = () => {}; return { add, clear() {} } })
export default defineComponent({ methods: { save() {} } })
const api = { load() {} }
`,
    [
      'method render',
      'method start',
      'variable useCart',
      'method add < variable useCart',
      'method clear < variable useCart',
      'method save',
      'variable api',
      'method load < variable api',
    ],
  ],
  [
    'app.py',
    '@route("/")\ndef index():\n    return 1\n\nclass User(Base):\n    # A name.\n    @property\n    def name(self):\n        return self._name\n\n    async def save(self):\n        pass\n',
    ['function index', 'class User', 'method name < class User', 'method save < class User'],
  ],
  [
    'main.go',
    'package main\n\n// Server serves.\ntype Server struct{ n int }\n\n// Run runs.\nfunc (s *Server) Run() error {\n\treturn nil\n}\n\nfunc main() {}\n\ntype Doer interface {\n\tDo()\n}\n',
    ['type Server', 'method Server.Run', 'function main', 'type Doer', 'method Do < type Doer'],
  ],
  [
    'lib.rs',
    '/// A point.\n#[derive(Debug)]\npub struct Point { x: i32 }\nimpl Point {\n    /// Makes.\n    pub fn new() -> Self { Point { x: 1 } }\n}\nimpl Display for Point {\n    fn fmt(&self) {}\n}\ntrait Shape {\n    fn area(&self) -> f64;\n}\nmod inner {\n    pub fn help() {}\n}\n',
    [
      'struct Point',
      'method new < impl Point',
      'method fmt < impl Display for Point',
      'trait Shape',
      'method area < trait Shape',
      'module inner',
      'function help < module inner',
    ],
  ],
  [
    'Cart.java',
    'package a;\n/** A cart. */\npublic class Cart {\n  private int n;\n  public Cart() {}\n  @Override\n  public int total() { return n; }\n  interface Listener { void changed(); }\n}\nenum Color { RED }\n',
    [
      'class Cart',
      'constructor Cart < class Cart',
      'method total < class Cart',
      'interface Listener < class Cart',
      'method changed < class Cart > interface Listener',
      'enum Color',
    ],
  ],
  [
    'list.c',
    '#include <a.h>\n/* A node. */\nstruct node { int n; };\n#ifdef X\nstatic int *find(struct node *n)\n{\n  return 0;\n}\n#endif\nint count(void);\n',
    ['struct node', 'function find', 'function count'],
  ],
  [
    'shape.cpp',
    'namespace geo {\ntemplate <typename T> class Shape {\n public:\n  Shape() {}\n  double area() const { return 1; }\n};\nint Shape::sides(int n) { return n; }\n}\n',
    [
      'namespace geo',
      'class Shape < namespace geo',
      'method Shape < namespace geo > class Shape',
      'method area < namespace geo > class Shape',
      'method Shape::sides < namespace geo',
    ],
  ],
  [
    'Job.cs',
    'namespace Work {\n/// <summary>A job.</summary>\n[Serializable]\npublic class Job : Base {\n  public Job() {}\n  public int Run(int n) => n;\n}\ninterface IJob { void Run(); }\n}\n',
    [
      'namespace Work',
      'class Job < namespace Work',
      'constructor Job < namespace Work > class Job',
      'method Run < namespace Work > class Job',
      'interface IJob < namespace Work',
      'method Run < namespace Work > interface IJob',
    ],
  ],
  [
    'user.rb',
    'module Shop\n  # A user.\n  class User < Base\n    attr_reader :name\n    def initialize(name)\n      @name = name\n    end\n    def self.find(id); end\n  end\nend\n',
    [
      'module Shop',
      'class User < module Shop',
      'method initialize < module Shop > class User',
      'method find < module Shop > class User',
    ],
  ],
  [
    'User.php',
    '<?php\nnamespace App;\n/** A user. */\nfinal class User {\n  /** A name. */\n  public function name(): string { return "a"; }\n}\nfunction help() {}\n',
    ['namespace App', 'class User', 'method name < class User', 'function help'],
  ],
  [
    'View.swift',
    '/// A view.\npublic class View: Base {\n  init() {}\n  func draw(in rect: Rect) -> Int { return 1 }\n}\nextension View {\n  func hide() {}\n}\nprotocol Drawable { func draw() }\nstruct Size { var w = 1 }\n',
    [
      'class View',
      'constructor init < class View',
      'method draw < class View',
      'extension View',
      'method hide < extension View',
      'protocol Drawable',
      'method draw < protocol Drawable',
      'struct Size',
    ],
  ],
  [
    'Cart.kt',
    'package a\n\nimport b.C\n\n/** A cart. */\nclass Cart(val n: Int) : Base() {\n    fun total(): Int {\n        return n\n    }\n    companion object {\n        fun empty() = Cart(0)\n    }\n}\n\ninterface Shape {\n    fun area(): Double\n}\n\nfun Cart.show() = println(n)\nval top = 1\n',
    [
      'class Cart',
      'method total < class Cart',
      'object Companion < class Cart',
      'method empty < class Cart > object Companion',
      'interface Shape',
      'method area < interface Shape',
      'function show',
      'property top',
    ],
  ],
  [
    'run.sh',
    '#!/bin/bash\n# Builds.\nbuild() {\n  make\n}\nfunction clean {\n  rm -r out\n}\n',
    ['function build', 'function clean'],
  ],
  [
    'a.css',
    '.button { color: red }\n@media (width > 4em) {\n  .wide { color: blue }\n}\n',
    ['rule .button', 'rule @media (width > 4em)', 'rule .wide < rule @media (width > 4em)'],
  ],
  [
    'schema.sql',
    "-- Users.\ncreate table users (\n  id int,\n  note text default 'a;\nb'\n);\ncreate or replace function f() returns int as $$\nbegin\n  return 1;\nend;\n$$ language plpgsql;\n",
    ['table users', 'function f'],
  ],
  [
    'comments.sql',
    "/*\nIt's what the app\n\nneeds; don't drop.\n*/\ncreate table a (id int);\ncreate table b (id int /* isn't\n  null; */);\n/* one line's */\ncreate table c (path text default '/*');\ncreate table d (id int);\n",
    ['table a', 'table b', 'table c', 'table d'],
  ],
  [
    'names.sql',
    'create index on t (a);\ncreate unique index concurrently on t (b);\ncreate index concurrently if not exists own on t (c);\n',
    ['index own'],
  ],
  [
    'guide.md',
    '# Guide\n\nText.\n\n```sh\n# no heading\n```\n\n## Set up\n\nMore.\n\nEnd\n---\n',
    ['section Guide', 'section Set up < section Guide', 'section End < section Guide'],
  ],
  [
    'guide.rst',
    '=====\nGuide\n=====\n\nText.\n\nSet up\n------\n\n==== ====\na    b\n==== ====\n1    2\n==== ====\n\n::\n\n    no title\n    --------\n\nThe last line of a paragraph\nis no title\n-----------\n\nUse\n---\n',
    ['section Guide', 'section Set up < section Guide', 'section Use < section Guide'],
  ],
  [
    'guide.adoc',
    '= Guide\n\n== Set up\n\n----\n== no title\n----\n\n====\nAn example\n====\n',
    ['section Guide', 'section Set up < section Guide'],
  ],
  [
    'guide.org',
    '* Guide\n- item\n*bold*\n#+BEGIN_SRC sh\n* no title\n#+END_SRC\n** Set up\n',
    ['section Guide', 'section Set up < section Guide'],
  ],
  ['Guide.pod', '=head1 Guide\n\n=over\n\n=item one\n\n=back\n', ['section Guide']],
  [
    'guide.tex',
    '\\documentclass{article}\n\\section{\\emph{Guide}}\\label{sec:a}\n\\begin{verbatim}\n\\section{none}\n\\end{verbatim}\n\\subsection*{Set up}\n\\sectionmark{none}\n',
    ['section Guide', 'section Set up < section Guide'],
  ],
  [
    'cart.cppm',
    'export module cart;\nimport std;\n\nexport namespace shop {\nexport class Cart {\n  int export_count() { return 1; }\n};\n}\n',
    ['namespace shop', 'class Cart < namespace shop', 'method export_count < namespace shop > class Cart'],
  ],
  ['a.json', '{\n  "name": "x",\n  "scripts": { "name": "y" }\n}\n', []],
  ['a.yaml', 'services:\n  web: 1\nvolumes:\n  data: 2\n', []],
  ['a.toml', 'title = "x"\n[package]\nname = "y"\n[[bin]]\n', []],
  ['a.ini', '[core]\na = 1\n[remote "x"]\nu = 2\n', []],
  [
    'cart.dart',
    `/// A cart.
class Cart<T> extends Base {
  final int n = 1;
  Cart(this.n);
  /// Sums.
  int total(int a) {
    return a;
  }
  int operator +(Cart o) {
    return 1;
  }
  int get size => n;
}
mixin Fast on Cart { void go() {} }
enum Color { red, green }
typedef Callback = void Function(int);
Future<int> load() async {
  return 1;
}
const limit = 3;
`,
    [
      'class Cart',
      'constructor Cart < class Cart',
      'method total < class Cart',
      'method size < class Cart',
      'mixin Fast',
      'method go < mixin Fast',
      'enum Color',
      'type Callback',
      'function load',
      'variable limit',
    ],
  ],
  [
    'Token.sol',
    `// doc
contract Token is ERC20 {
  uint public sum = 1;
  event Sent(address a);
  constructor(uint a) { sum = a; }
  function mint(uint a) public returns (uint) { return a; }
}
interface Minter { function mintAll() external; }
function free(uint a) pure returns (uint) { return a; }
`,
    [
      'contract Token',
      'event Sent < contract Token',
      'constructor constructor < contract Token',
      'method mint < contract Token',
      'interface Minter',
      'method mintAll < interface Minter',
      'function free',
    ],
  ],
  [
    'cart.ps1',
    `# doc
function Get-Cart {
  param([int]$Id)
  return $Id
}
class Basket : Base {
  [int]$Total
  [int] Sum([int]$b) { return $b }
}
enum Color { Red; Green }
`,
    ['function Get-Cart', 'class Basket', 'method Sum < class Basket', 'enum Color'],
  ],
  [
    'Cart.vue',
    `<template>
  <p>{{ total }}</p>
</template>
<script setup lang="ts">
/** Sums. */
function totalOf(cart: Cart): number {
  return cart.sum
}
</script>
<style scoped>
p { color: red }
</style>
`,
    ['function totalOf'],
  ],
  [
    'Cart.svelte',
    '<script>\n  export const limit = 3\n  function add(n) {}\n</script>\n<p>{limit}</p>\n',
    ['variable limit', 'function add'],
  ],
  ['page.astro', '---\nconst load = async (id: string) => id\n---\n<p>x</p>\n', ['function load']],
  [
    'page.html',
    '<html>\n<head>\n<script>\nfunction first() {\n  return 1\n}\n</script>\n</head>\n<h1>Between</h1>\n<p>Text</p>\n<script type="text/template">\nfunction none() {}\n</script>\n<script>\nfunction second() {}\n</script>\n<h2>After</h2>\n</html>\n',
    ['function first', 'section Between', 'function second', 'section After'],
  ],
  ['pair.py', 'type Pair[T] = tuple[T, T]\ntype = 1\n', ['type Pair', 'variable type']],
  [
    'a.ps1',
    'if ($old) {\n  function Get-Cart { 1 }\n} else {\n  try { function Set-Cart { 2 } } catch { 3 }\n}\n',
    ['function Get-Cart', 'function Set-Cart'],
  ],
  ['a.html', '<html>\n<body>\n<h1>Hello</h1>\n<p>Text</p>\n</body>\n</html>\n', ['section Hello']],
]

it.each(FILES)('reads %s', async (path, text, outline) => {
  const { symbols, chunks, fallback } = await parseText(parser, { language: programmingLanguageOf(path), text })
  expect(fallback).toBeNull()
  expect(symbols.map(({ kind, name, scope }) => `${kind} ${name}${scope === '' ? '' : ` < ${scope}`}`)).toEqual(outline)
  const lines = text.split('\n')
  for (const { name, startLine, endLine } of symbols) {
    const last = name.split(/[.:]/).at(-1) as string
    const isNamed = lines.slice(startLine - 1, endLine).some((line) => line.includes(last))
    expect(isNamed || last === 'Companion', `${name} at ${startLine}`).toBe(true)
  }
  expect(
    chunks
      .map((chunk) => chunk.text)
      .join('\n')
      .replace(/\s+/g, ''),
  ).toBe(text.replace(/\s+/g, ''))
})

it('keeps a comment with what it documents, and says where a member stands', async () => {
  const { chunks } = await parseText(parser, { language: 'typescript', text: FILES[0]?.[1] as string })
  const add = chunks.find(({ symbol }) => symbol === 'add')
  expect(add).toMatchObject({ kind: 'method', scope: 'class Cart > method add' })
  expect(add?.text.trimStart().startsWith('/** Adds. */')).toBe(true)
  expect(add?.embeddedText.startsWith('class Cart > method add\n')).toBe(true)
  expect(chunks.find(({ kind }) => kind === 'class')?.text).toContain('/** Prices. */\nexport class Cart')
})
