import { closestName } from '../text/closest-name.ts'

/**
 * Owns which language a file is written in, by its name and, where that says nothing, its first and last line.
 * Guarantees: a pure function of these; null for what is not known, which is then cut by lines.
 */

/** Languages with one extension, which is what they are called. */
const CALLED_AS_EXTENSION = [
  'tsx go java swift toml vue svelte astro dart r nix thrift prisma dockerfile cmake tcl awk vim elm fish gleam lean',
  'move bicep rego cue twig erb ejs org pod apex just liquid prolog applescript nginx caddyfile sml odin cairo agda',
  'capnp',
].flatMap((names) => names.split(' '))

const EXTENSIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CALLED_AS_EXTENSION.map((name) => [name, name])),
  typescript: 'ts mts cts',
  javascript: 'js mjs cjs jsx',
  python: 'py pyi pyw',
  rust: 'rs',
  c: 'c h',
  cpp: 'cc cpp cxx c++ hh hpp hxx h++ ipp inl cppm ixx tpp ino',
  'c-sharp': 'cs csx',
  ruby: 'rb rake gemspec ru podspec jbuilder',
  php: 'php phtml',
  kotlin: 'kt kts',
  bash: 'sh bash zsh ksh bats command',
  sql: 'sql ddl pks pkb plsql',
  json: 'json jsonc json5 webmanifest',
  yaml: 'yaml yml',
  html: 'html htm xhtml',
  css: 'css scss less sass pcss',
  markdown: 'md markdown mdx rmd qmd',
  text: 'txt text',
  restructuredtext: 'rst',
  asciidoc: 'adoc asciidoc',
  notebook: 'ipynb',
  solidity: 'sol',
  powershell: 'ps1 psm1 psd1',
  'objective-c': 'm mm',
  scala: 'scala sc sbt',
  elixir: 'ex exs',
  erlang: 'erl hrl',
  lua: 'lua rockspec luau',
  perl: 'pl pm psgi',
  julia: 'jl',
  haskell: 'hs lhs',
  ocaml: 'ml mli',
  'f-sharp': 'fs fsi fsx',
  clojure: 'clj cljs cljc edn',
  lisp: 'lisp cl el scm rkt',
  groovy: 'groovy gradle',
  zig: 'zig zon',
  nim: 'nim nims',
  crystal: 'cr',
  fortran: 'f for f90 f95 f03 f08',
  pascal: 'pas dpr',
  'visual-basic': 'vb bas vbs',
  assembly: 's asm',
  verilog: 'v sv svh',
  vhdl: 'vhd vhdl',
  cuda: 'cu cuh',
  shader: 'glsl vert frag hlsl wgsl metal',
  coffeescript: 'coffee',
  hcl: 'hcl tf tfvars nomad',
  starlark: 'bzl bazel star',
  protobuf: 'proto',
  graphql: 'graphql graphqls gql',
  xml: 'xml xsd xsl xslt svg plist csproj fsproj vbproj props targets xaml storyboard',
  ini: 'ini cfg conf properties editorconfig',
  csv: 'csv tsv',
  latex: 'tex sty bib',
  makefile: 'mk mak make',
  batch: 'bat cmd',
  matlab: 'mlx',
  ada: 'adb ads',
  d: 'd di',
  gdscript: 'gd',
  haxe: 'hx',
  purescript: 'purs',
  rescript: 'res resi',
  jsonnet: 'jsonnet libsonnet',
  handlebars: 'hbs handlebars mustache',
  pug: 'pug jade',
  jinja: 'j2 jinja jinja2 njk',
  eex: 'eex heex leex',
  haml: 'haml slim',
  cobol: 'cob cbl cpy',
  mathematica: 'wl wls',
  gherkin: 'feature',
  qml: 'qml qbs',
  vala: 'vala vapi',
  raku: 'raku rakumod',
  devicetree: 'dts dtsi',
  autohotkey: 'ahk',
  nextflow: 'nf',
  webassembly: 'wat wast',
  flatbuffers: 'fbs',
  vyper: 'vy',
  typst: 'typ',
  idris: 'idr',
  meson: 'meson',
  razor: 'cshtml razor',
  jsp: 'jsp jspx',
}

const NAMES: Readonly<Record<string, string>> = {
  ruby: 'rakefile gemfile vagrantfile podfile fastfile brewfile guardfile capfile dangerfile appfile',
  bash: '.bashrc .bash_profile .bash_aliases .zshrc .zshenv .zprofile .profile .envrc pkgbuild apkbuild',
  python: 'sconstruct sconscript wscript snakefile',
  toml: 'cargo.lock pipfile',
  json: '.prettierrc .babelrc .eslintrc',
  yaml: '.clang-format .clang-tidy',
  markdown: 'readme',
  text: 'license licence copying authors contributors changelog changes news notice todo install',
  dockerfile: 'dockerfile containerfile',
  makefile: 'makefile gnumakefile',
  cmake: 'cmakelists.txt',
  meson: 'meson.build meson_options.txt',
  groovy: 'jenkinsfile',
  starlark: 'tiltfile BUILD WORKSPACE BUCK',
  ini: '.editorconfig .npmrc .gitconfig .gitmodules',
  vim: '.vimrc .gvimrc',
  lisp: '.emacs',
  r: '.rprofile',
  erlang: 'rebar.config',
  coffeescript: 'cakefile',
  just: 'justfile .justfile',
  nginx: 'nginx.conf',
  caddyfile: 'caddyfile',
}

/** Names that have a variant behind them: `Dockerfile.dev`, `Makefile.am`. */
const VARIED_NAMES = new Set(['dockerfile', 'containerfile', 'makefile', 'jenkinsfile'])

/** Programs that run scripts, without their version. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'ruby php julia fish swift dart groovy scala crystal raku perl elixir ocaml nim nextflow just cmake vala'
      .split(' ')
      .map((name) => [name, name]),
  ),
  bash: 'sh bash dash ash zsh ksh mksh',
  python: 'python pypy uv',
  typescript: 'deno',
  javascript: 'node nodejs bun',
  lua: 'lua luajit luau',
  powershell: 'pwsh powershell',
  r: 'Rscript',
  erlang: 'escript',
  kotlin: 'kotlin kotlinc',
  haskell: 'runhaskell runghc stack',
  clojure: 'clojure bb',
  lisp: 'guile racket scheme',
  makefile: 'make gmake',
  tcl: 'tclsh wish expect',
  awk: 'awk gawk mawk nawk',
  applescript: 'osascript',
  coffeescript: 'coffee',
}
const MAX_INTERPRETER_WORDS = 8
/** Loaded by another program, too: `node --import tsx`. */
const RUNS_TYPESCRIPT = /\b(?:tsx|ts-node)\b/
/** `"python3.12`, `python.exe`. */
const PROGRAM = /^"?([a-z]{1,20})(?![a-z_])/i
/** The mode that a line names for editors: `-*- mode: sh -*-`, `vim: set ft=sh:`. */
const MODELINES: readonly RegExp[] = [
  /-\*-\s{0,4}(?:.{0,60}\bmode:\s{0,4})?([\w+#-]{1,30})\s{0,4}(?:;.{0,80})?-\*-/i,
  /\bvim?:.{0,60}\b(?:ft|filetype|syntax)=([\w+#-]{1,30})/,
]

/** Other words for languages, beside their extensions. */
const ALIASES: Readonly<Record<string, string>> = {
  ecmascript: 'javascript',
  node: 'javascript',
  nodejs: 'javascript',
  python3: 'python',
  golang: 'go',
  'c#': 'c-sharp',
  csharp: 'c-sharp',
  'f#': 'f-sharp',
  fsharp: 'f-sharp',
  objc: 'objective-c',
  'obj-c': 'objective-c',
  objectivec: 'objective-c',
  'objective-c++': 'objective-c',
  shell: 'bash',
  'shell-script': 'bash',
  postgresql: 'sql',
  plpgsql: 'sql',
  terraform: 'hcl',
  docker: 'dockerfile',
  'protocol-buffers': 'protobuf',
  pwsh: 'powershell',
  jupyter: 'notebook',
  'jupyter-notebook': 'notebook',
  vuejs: 'vue',
  rlang: 'r',
  vba: 'visual-basic',
  vbnet: 'visual-basic',
  asm: 'assembly',
  tex: 'latex',
  'common-lisp': 'lisp',
  'emacs-lisp': 'lisp',
  scheme: 'lisp',
  racket: 'lisp',
  bazel: 'starlark',
  plaintext: 'text',
  systemverilog: 'verilog',
  elisp: 'lisp',
  vbscript: 'visual-basic',
  viml: 'vim',
  vimscript: 'vim',
  'vim-script': 'vim',
  dlang: 'd',
  'html+erb': 'erb',
  'html+razor': 'razor',
}

/** Languages that are searched together: who asks for the first means the second too. */
const DIALECTS: Readonly<Record<string, readonly string[]>> = { typescript: ['typescript', 'tsx'] }

const BY_EXTENSION = byWord(EXTENSIONS)
const BY_NAME = byWord(NAMES)
const BY_PROGRAM = byWord(INTERPRETERS)

function byWord(words: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([language, some]) =>
      some.split(' ').map((word): [string, string] => [word, language]),
    ),
  )
}

/** Languages for people. */
export const PROSE_LANGUAGES: ReadonlySet<string> = new Set([
  ...['markdown', 'text', 'restructuredtext', 'asciidoc', 'org', 'pod'],
])

/**
 * The name of a file's language, e.g. `typescript` or `c-sharp`; null where neither its name tells it nor what its first or last line says, a `#!`
 * or a mode for editors. Scripts are called `install` and `BUILD`, too.
 */
export function programmingLanguageOf(path: string, firstLine = '', lastLine = ''): string | null {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const name = base.toLowerCase()
  const dot = name.lastIndexOf('.')
  const first = name.slice(0, Math.max(0, name.indexOf('.')))
  const interpreted = languageOfInterpreter(firstLine)
  const byName = BY_NAME.get(base) ?? BY_NAME.get(name)
  if (byName !== undefined && byName !== 'text') return interpreted ?? byName
  const byPart = VARIED_NAMES.has(first)
    ? BY_NAME.get(first)
    : dot > 0
      ? BY_EXTENSION.get(name.slice(dot + 1))
      : undefined
  const told = () => interpreted ?? languageOfModeline(firstLine) ?? languageOfModeline(lastLine)
  return byPart ?? told() ?? byName ?? null
}

/** `#!/usr/bin/env -S nice -n 5 python3.12 -u`. */
function languageOfInterpreter(firstLine: string): string | undefined {
  if (!firstLine.startsWith('#!')) return undefined
  if (RUNS_TYPESCRIPT.test(firstLine)) return 'typescript'
  return firstLine
    .slice(2)
    .trim()
    .split(/\s+/, MAX_INTERPRETER_WORDS)
    .filter((word) => !/^-|=/.test(word))
    .map((word) => PROGRAM.exec(word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1))?.[1] ?? '')
    .map((program) => BY_PROGRAM.get(program))
    .find((language) => language !== undefined)
}

function languageOfModeline(text: string): string | null {
  const named = MODELINES.map((line) => line.exec(text)?.[1]).find((name) => name !== undefined)
  return (named !== undefined && languagesNamed(named)?.[0]) || null
}

/** The languages that a name or an alias of one means, in any case: `ts` is TypeScript with its `.tsx`; undefined for an unknown one. */
export function languagesNamed(name: string): readonly string[] | undefined {
  const plain = plainName(name)
  const language = Object.hasOwn(EXTENSIONS, plain)
    ? plain
    : Object.hasOwn(ALIASES, plain)
      ? ALIASES[plain]
      : BY_EXTENSION.get(plain.replace(/^\./, ''))
  return language === undefined ? undefined : (DIALECTS[language] ?? [language])
}

/** The known name that is most like an unknown one; undefined where none is. */
export function similarLanguage(name: string): string | undefined {
  return closestName(plainName(name), [...Object.keys(EXTENSIONS), ...Object.keys(ALIASES)])
}

function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[ _.]{1,9}(?=\S)/g, (mark, at) => (at === 0 ? mark : '-'))
}
