import { closestName } from '../text/closest-name.ts'

/**
 * Owns which language a file is written in, by its name and, where that says nothing, its first line.
 * Guarantees: a pure function of both; null for what is not known, which is then cut by lines.
 */

const EXTENSIONS: Readonly<Record<string, string>> = {
  typescript: 'ts mts cts',
  tsx: 'tsx',
  javascript: 'js mjs cjs jsx',
  python: 'py pyi pyw',
  go: 'go',
  rust: 'rs',
  java: 'java',
  c: 'c h',
  cpp: 'cc cpp cxx c++ hh hpp hxx h++ ipp inl',
  'c-sharp': 'cs csx',
  ruby: 'rb rake gemspec ru',
  php: 'php phtml',
  swift: 'swift',
  kotlin: 'kt kts',
  bash: 'sh bash zsh ksh',
  sql: 'sql ddl',
  json: 'json jsonc json5 webmanifest',
  yaml: 'yaml yml',
  toml: 'toml',
  html: 'html htm xhtml',
  vue: 'vue',
  svelte: 'svelte',
  astro: 'astro',
  css: 'css scss less sass pcss',
  markdown: 'md markdown mdx rmd qmd',
  text: 'txt text rst adoc asciidoc',
  notebook: 'ipynb',
  dart: 'dart',
  solidity: 'sol',
  powershell: 'ps1 psm1 psd1',
  'objective-c': 'm mm',
  scala: 'scala sc sbt',
  elixir: 'ex exs',
  erlang: 'erl hrl',
  lua: 'lua',
  perl: 'pl pm',
  r: 'r',
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
  'visual-basic': 'vb bas',
  assembly: 's asm',
  verilog: 'v sv svh',
  vhdl: 'vhd vhdl',
  cuda: 'cu cuh',
  shader: 'glsl vert frag hlsl wgsl metal',
  coffeescript: 'coffee',
  hcl: 'hcl tf tfvars',
  nix: 'nix',
  starlark: 'bzl bazel star',
  protobuf: 'proto',
  thrift: 'thrift',
  graphql: 'graphql graphqls gql',
  prisma: 'prisma',
  xml: 'xml xsd xsl xslt svg plist csproj fsproj vbproj props targets xaml storyboard',
  ini: 'ini cfg conf properties editorconfig',
  csv: 'csv tsv',
  latex: 'tex sty bib',
  dockerfile: 'dockerfile',
  makefile: 'mk mak make',
  cmake: 'cmake',
  batch: 'bat cmd',
  tcl: 'tcl',
  awk: 'awk',
  matlab: 'mlx',
  vim: 'vim',
  ada: 'adb ads',
  d: 'd di',
  elm: 'elm',
  fish: 'fish',
  gleam: 'gleam',
  gdscript: 'gd',
  haxe: 'hx',
  purescript: 'purs',
  lean: 'lean',
  move: 'move',
  rescript: 'res resi',
  bicep: 'bicep',
  jsonnet: 'jsonnet libsonnet',
  rego: 'rego',
  cue: 'cue',
  twig: 'twig',
  erb: 'erb',
  ejs: 'ejs',
  handlebars: 'hbs handlebars mustache',
  pug: 'pug jade',
  razor: 'cshtml razor',
  jsp: 'jsp jspx',
}

const FILE_NAMES: Readonly<Record<string, string>> = {
  rakefile: 'ruby',
  gemfile: 'ruby',
  '.bashrc': 'bash',
  '.zshrc': 'bash',
  '.profile': 'bash',
  'cargo.lock': 'toml',
  '.prettierrc': 'json',
  '.babelrc': 'json',
  '.eslintrc': 'json',
  readme: 'markdown',
  vagrantfile: 'ruby',
  podfile: 'ruby',
  fastfile: 'ruby',
  brewfile: 'ruby',
  dockerfile: 'dockerfile',
  containerfile: 'dockerfile',
  makefile: 'makefile',
  gnumakefile: 'makefile',
  'cmakelists.txt': 'cmake',
  jenkinsfile: 'groovy',
  tiltfile: 'starlark',
  '.editorconfig': 'ini',
  '.npmrc': 'ini',
}

/** Names that have a variant behind them: `Dockerfile.dev`, `Makefile.am`. */
const VARIED_NAMES = new Set(['dockerfile', 'containerfile', 'makefile', 'jenkinsfile'])

const INTERPRETERS: readonly (readonly [RegExp, string])[] = [
  [/\b(ba|z|k|da)?sh\b/, 'bash'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\bruby\b/, 'ruby'],
  [/\bphp\b/, 'php'],
  [/\b(tsx|ts-node|deno)\b/, 'typescript'],
  [/\b(node|bun)\b/, 'javascript'],
  [/\bperl\b/, 'perl'],
  [/\blua\b/, 'lua'],
  [/\bpwsh\b/, 'powershell'],
  [/\bRscript\b/, 'r'],
  [/\b(elixir|escript)\b/, 'elixir'],
  [/\bg?make\b/, 'makefile'],
  [/\b(tclsh|wish|expect)[\d.]{0,6}\b/, 'tcl'],
  [/\b[gmn]?awk\b/, 'awk'],
  [/\bjulia\b/, 'julia'],
]
/** The mode that a first line names for editors: `-*- mode: sh -*-`, `vim: set ft=sh:`. */
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
  restructuredtext: 'text',
  asciidoc: 'text',
  viml: 'vim',
  vimscript: 'vim',
  'vim-script': 'vim',
  dlang: 'd',
  'html+erb': 'erb',
  'html+razor': 'razor',
}

/** Languages that are searched together: who asks for the first means the second too. */
const DIALECTS: Readonly<Record<string, readonly string[]>> = { typescript: ['typescript', 'tsx'] }

const BY_EXTENSION = new Map(
  Object.entries(EXTENSIONS).flatMap(([language, extensions]) =>
    extensions.split(' ').map((extension): [string, string] => [extension, language]),
  ),
)

/** The name of a file's language, e.g. `typescript` or `c-sharp`; null if neither the name nor the first line tells, a `#!` or one for editors. */
export function programmingLanguageOf(path: string, firstLine = ''): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const dot = name.lastIndexOf('.')
  const first = name.slice(0, Math.max(0, name.indexOf('.')))
  const byName =
    FILE_NAMES[name] ??
    (VARIED_NAMES.has(first) ? FILE_NAMES[first] : dot > 0 ? BY_EXTENSION.get(name.slice(dot + 1)) : undefined)
  if (byName !== undefined) return byName
  const interpreted = firstLine.startsWith('#!') && INTERPRETERS.find(([name]) => name.test(firstLine))?.[1]
  return interpreted || languageOfModeline(firstLine)
}

function languageOfModeline(firstLine: string): string | null {
  const named = MODELINES.map((line) => line.exec(firstLine)?.[1]).find((name) => name !== undefined)
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
