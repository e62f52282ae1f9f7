/**
 * Owns how definitions begin in languages without a grammar: by language the kinds of definitions, each with the pattern of its first line, whose
 * groups are its name. Data only; `read-outline.ts` reads by it. Lines are bounded by the reader.
 */

export type OutlineRule = {
  readonly kind: string
  readonly pattern: RegExp
  /** Of what holds lines that are no deeper than itself: the line that ends it. */
  readonly end?: RegExp
}

const RULES: Readonly<Record<string, readonly (readonly [kind: string, pattern: RegExp, end?: RegExp])[]>> = {
  lua: [
    ['function', /^\s*(?:local\s{1,4})?function\s{1,4}([\w.:]{1,120})/],
    ['function', /^\s*(?:local\s{1,4})?([\w.]{1,120})\s{0,20}=\s{0,4}function\b/],
  ],
  perl: [
    ['function', /^\s*sub\s{1,4}([\w:']{1,120})/],
    ['module', /^\s*package\s{1,4}([\w:]{1,120})/],
  ],
  'objective-c': [
    ['protocol', /^\s*@protocol\s{1,4}(\w{1,120})(?!.*;)/, /^\s*@end\b/],
    ['interface', /^\s*@interface\s{1,4}(\w{1,120})/, /^\s*@end\b/],
    ['class', /^\s*@implementation\s{1,4}(\w{1,120})/, /^\s*@end\b/],
    ['method', /^\s*[-+]\s{0,4}\([^()]{1,120}\)\s{0,4}(\w{1,120})/],
    ['enum', /^\s*typedef\s{1,4}NS_(?:CLOSED_)?(?:ENUM|OPTIONS)\([^,]{1,60},\s{0,4}(\w{1,120})/],
    ['struct', /^\s*(?:typedef\s{1,4})?struct\s{1,4}(\w{1,120})\s{0,4}\{/],
    ['function', /^(?!return\b|else\b|case\b)[A-Za-z_][\w *<>]{0,120}[ *](\w{1,120})\([^;]{0,300}$/],
  ],
  scala: [
    [
      'class',
      /^\s*(?:@\w{1,40}(?:\([^()]{0,80}\))?\s{1,4}){0,3}(?:[a-z]{1,20}(?:\[\w{1,40}\])?\s{1,4}){0,5}(?:class|trait|enum)\s{1,4}(\w{1,120})/,
    ],
    ['object', /^\s*(?:@\w{1,40}(?:\([^()]{0,80}\))?\s{1,4}){0,3}(?:[a-z]{1,20}\s{1,4}){0,4}object\s{1,4}(\w{1,120})/],
    [
      'method',
      /^\s*(?:@\w{1,40}(?:\([^()]{0,80}\))?\s{1,4}){0,3}(?:[a-z]{1,20}(?:\[\w{1,40}\])?\s{1,4}){0,5}def\s{1,4}([^\s([:=]{1,120})/,
    ],
  ],
  elixir: [
    ['module', /^\s*(?:defmodule|defprotocol|defimpl)\s{1,4}([\w.]{1,120})/],
    ['function', /^\s*defp?\s{1,4}([\w?!]{1,120})/],
    ['macro', /^\s*defmacrop?\s{1,4}([\w?!]{1,120})/],
  ],
  haskell: [
    ['function', /^([a-z_][\w']{0,119})\s{0,20}::/],
    ['type', /^(?:data|newtype|type|class|instance)\s{1,4}(?:[^=]{0,120}=>\s{0,4})?([A-Z][\w']{0,119})/],
  ],
  ocaml: [
    ['function', /^let\s{1,4}(?:rec\s{1,4})?(\w{1,120})/],
    ['function', /^\s{0,2}(?:val|external)\s{1,4}(\w{1,120})\s{0,4}:/],
    ['type', /^type\s{1,4}(?:[^=]{0,40}\s)?(\w{1,120})\s{0,4}(?:=|$)/],
    ['module', /^module\s{1,4}(?:type\s{1,4})?(\w{1,120})/],
  ],
  'f-sharp': [
    ['module', /^\s*module\s{1,4}(?:rec\s{1,4})?([\w.]{1,120})\s{0,4}=/],
    ['type', /^\s*type\s{1,4}(?:private\s{1,4}|internal\s{1,4})?(\w{1,120})/],
    ['function', /^(?:let|\s*member)\s{1,4}(?:(?:rec|inline|private|internal)\s{1,4}){0,3}([\w.]{1,120})/],
  ],
  // Projects have words of their own for it: `defn+`, `s/def`.
  clojure: [
    [
      'function',
      /^\((?:[\w.-]{1,40}\/)?(?:def(?!ault|er\b|erred|late|ined)[^\s()]{0,40}|ns)\s{1,4}(?:\^(?:\{[^{}]{0,200}\}|[^\s{]{1,60})\s{1,4}){0,3}([^\s()[\]{}^]{1,120})/,
    ],
  ],
  lisp: [
    [
      'function',
      /^\((?:cl-)?(?:defun|defmacro|defvar|defparameter|defconst|defcustom|defclass|defgeneric|defmethod|defstruct|defsubst|define(?:-\w{1,20})?)\*?\s{1,4}\(?([^\s()]{1,120})/,
    ],
  ],
  r: [['function', /^\s*["`]?([\w.]{1,120})["`]?\s{0,4}(?:<-|=)\s{0,4}function\b/]],
  julia: [
    ['module', /^(?:bare)?module\s{1,4}(\w{1,120})/, /^end\b/],
    ['function', /^\s*(?:@\w{1,40}\s{1,4})?function\s{1,4}([\w.!]{1,120})/],
    ['struct', /^\s*(?:mutable\s{1,4})?struct\s{1,4}(\w{1,120})/],
    ['macro', /^\s*macro\s{1,4}(\w{1,120})/],
    [
      'function',
      /^([\w.!]{1,120})(?:\{[^}]{0,80}\})?\([^=]{0,200}\)(?:\s{0,4}(?:::|where)[^=]{1,80})?\s{0,4}=(?![=>])/,
    ],
  ],
  erlang: [
    ['function', /^([a-z][\w@]{0,119})\(/],
    ['record', /^-record\(\s{0,4}(\w{1,120})/],
    ['type', /^-(?:type|opaque)\s{1,4}(\w{1,120})/],
    ['macro', /^-define\(\s{0,4}(\w{1,120})/],
  ],
  vhdl: [
    ['module', /^\s*(?:entity|package(?:\s{1,4}body)?|context|configuration)\s{1,4}(\w{1,120})\s{1,4}(?:is|of)\b/i],
    ['architecture', /^\s*architecture\s{1,4}(\w{1,120})\s{1,4}of\s{1,4}(\w{1,120})/i],
    ['function', /^\s*(?:(?:im)?pure\s{1,4})?(?:function|procedure)\s{1,4}(\w{1,120})/i],
    ['process', /^\s*(\w{1,120})\s{0,4}:\s{0,4}(?:postponed\s{1,4})?process\b/i],
  ],
  haxe: [
    [
      'class',
      /^\s*(?:(?:@:?\w{1,40}(?:\([^)]{0,60}\))?|[a-z]{1,20})\s{1,4}){0,5}(?:class|interface|enum|typedef|abstract)\s{1,4}(\w{1,120})/,
    ],
    ['method', /^\s*(?:(?:@:?\w{1,40}(?:\([^)]{0,60}\))?|[a-z]{1,20})\s{1,4}){0,7}function\s{1,4}(\w{1,120})/],
  ],
  apex: [
    ['class', /^\s*(?:[a-z]{1,20}\s{1,4}){0,6}(?:class|interface|enum|trigger)\s{1,4}(\w{1,120})/i],
    [
      'method',
      /^\s*(?:(?:public|private|protected|global|static|virtual|abstract|override)\s{1,4}){1,4}(?:[\w.]{1,80}(?:<[\w<>,. ]{1,80}>)?(?:\[\])?\s{1,4})?(\w{1,120})\s{0,4}\(/i,
    ],
  ],
  groovy: [
    [
      'class',
      /^\s*(?:@\w{1,40}(?:\([^()]{0,80}\))?\s{1,4}){0,3}(?:[a-z]{1,20}\s{1,4}){0,4}(?:class|interface|trait|enum)\s{1,4}(\w{1,120})/,
    ],
    [
      'method',
      /^\s*(?:@\w{1,40}(?:\([^()]{0,80}\))?\s{1,4}){0,3}(?:[a-z]{1,20}\s{1,4}){0,4}(?:def|void)\s{1,4}(\w{1,120})\s{0,4}\(/,
    ],
    ['block', /^([a-z]\w{0,119})\s{0,4}\{\s*$/],
  ],
  zig: [
    ['function', /^\s*(?:(?:pub|export|inline|extern)\s{1,4}){0,3}fn\s{1,4}(\w{1,120})/],
    [
      'struct',
      /^\s*(?:pub\s{1,4})?const\s{1,4}(\w{1,120})\s{0,4}=\s{0,4}(?:packed |extern )?(?:struct|enum|union|opaque)\b/,
    ],
  ],
  nim: [['function', /^\s*(?:proc|func|method|template|macro|iterator|converter)\s{1,4}`?(\w{1,120})/]],
  crystal: [
    ['class', /^\s*(?:abstract\s{1,4})?(?:class|module|struct|enum|lib)\s{1,4}([\w:]{1,120})/],
    ['method', /^\s*(?:(?:private|protected|abstract)\s{1,4})?(?:def|macro)\s{1,4}([\w.?!=]{1,120})/],
  ],
  fortran: [
    ['module', /^\s*(?:module|program)\s{1,4}(?!procedure\b)(\w{1,120})\s*$/i, /^\s*end\s{0,4}(?:module|program)\b/i],
    ['function', /^\s*(?:[a-z]{1,20}(?:\([^)]{0,60}\))?\s{1,4}){0,4}(?:subroutine|function)\s{1,4}(\w{1,120})/i],
    ['type', /^\s*type\s{0,4}(?:,[^:]{0,60})?(?:::)?\s{1,4}(\w{1,120})\s*$/i],
  ],
  pascal: [
    ['function', /^(?:procedure|function|constructor|destructor)\s{1,4}([\w.]{1,120})/i],
    ['class', /^\s*(\w{1,120})\s{0,4}=\s{0,4}(?:packed\s{1,4})?(?:class|record|interface)\b(?!.*;\s*$)/i],
  ],
  'visual-basic': [
    [
      'function',
      /^\s*(?:(?:Public|Private|Friend|Protected|Shared|Static|Overrides|Overridable|Async)\s{1,4}){0,4}(?:Sub|Function|Property(?: Get| Let| Set)?)\s{1,4}(\w{1,120})/i,
    ],
    [
      'class',
      /^\s*(?:(?:Public|Private|Friend|Partial)\s{1,4}){0,3}(?:Class|Module|Structure|Interface|Enum)\s{1,4}(\w{1,120})/i,
    ],
  ],
  matlab: [['function', /^\s*function\s{1,4}(?:[^=(]{0,80}=\s{0,4})?([\w.]{1,120})/]],
  tcl: [['function', /^\s*proc\s{1,4}(\S{1,120})/]],
  awk: [['function', /^\s*func(?:tion)?\s{1,4}(\w{1,120})/]],
  vim: [['function', /^\s*fu(?:n|nc|nct|ncti|nctio|nction)?!?\s{1,4}([\w:#.<>]{1,120})/]],
  coffeescript: [
    ['class', /^\s*class\s{1,4}([\w.]{1,120})/],
    ['function', /^\s*(@?[\w.]{1,120})\s{0,4}[:=]\s{0,4}(?:\([^()]{0,200}\)\s{0,4})?[-=]>/],
  ],
  assembly: [['function', /^([A-Za-z_.][\w.$@]{0,119}):/]],
  verilog: [
    [
      'module',
      /^\s*(?:module|interface|package|class)\s{1,4}(\w{1,120})/,
      /^\s*end(?:module|interface|package|class)\b/,
    ],
    ['function', /^\s*(?:virtual\s{1,4})?(?:function|task)\s{1,4}(?:[\w[\]:]{1,40}\s{1,4}){0,3}(\w{1,120})\s{0,4}[(;]/],
  ],
  shader: [
    ['struct', /^\s*(?:struct|cbuffer)\s{1,4}(\w{1,120})/],
    ['function', /^(?!return\b|else\b)(?:[A-Za-z_][\w<>]{0,60}\s{1,4}){1,4}(\w{1,120})\s{0,4}\([^;]{0,300}$/],
    ['function', /^\s*(?:@\w{1,40}(?:\([^)]{0,60}\))?\s{0,4}){0,3}fn\s{1,4}(\w{1,120})/],
  ],
  starlark: [['function', /^\s*def\s{1,4}(\w{1,120})/]],
  makefile: [
    ['macro', /^define\s{1,4}([^\s=]{1,120})/, /^endef\b/],
    ['target', /^(?![\t#]|\.[A-Z]|export\b|if|else|end|-?include\b)([^:=#\s][^:=#]{0,119}?)\s{0,4}::?(?!=)(?!.*:=)/],
  ],
  cmake: [
    ['function', /^\s*function\s{0,4}\(\s{0,4}(\w{1,120})/i],
    ['macro', /^\s*macro\s{0,4}\(\s{0,4}(\w{1,120})/i],
    ['target', /^\s*add_(?:library|executable|custom_target)\s{0,4}\(\s{0,4}([\w.:$@{}-]{1,120})/i],
  ],
  hcl: [
    ['resource', /^(?:resource|data)\s{1,4}"([^"]{1,120})"\s{1,4}"([^"]{1,120})"/],
    ['block', /^(variable|output|module|provider|locals|terraform|moved|check)\s{0,4}(?:"([^"]{1,120})")?\s{0,4}\{/],
  ],
  protobuf: [
    ['message', /^\s*(?:message|extend)\s{1,4}([\w.]{1,120})/],
    ['enum', /^\s*enum\s{1,4}(\w{1,120})/],
    ['service', /^\s*service\s{1,4}(\w{1,120})/],
    ['method', /^\s*rpc\s{1,4}(\w{1,120})/],
  ],
  thrift: [
    ['struct', /^\s*(?:struct|union|exception)\s{1,4}(\w{1,120})/],
    ['enum', /^\s*enum\s{1,4}(\w{1,120})/],
    ['service', /^\s*service\s{1,4}(\w{1,120})/],
  ],
  graphql: [
    ['type', /^(?:extend\s{1,4})?(?:type|interface|enum|input|union|scalar)\s{1,4}(\w{1,120})/],
    ['query', /^(?:query|mutation|subscription|fragment)\s{1,4}(\w{1,120})/],
    ['directive', /^directive\s{1,4}(@\w{1,120})/],
  ],
  ada: [
    ['package', /^\s*package\s{1,4}(?:body\s{1,4})?([\w.]{1,120})\s{1,4}is\b/i],
    ['function', /^\s*(?:overriding\s{1,4})?(?:procedure|function)\s{1,4}("?[\w.]{1,120})/i],
    ['type', /^\s*type\s{1,4}(\w{1,120})/i],
  ],
  elm: [
    ['function', /^([a-z]\w{0,119})\s{0,20}:(?!:)/],
    ['type', /^type\s{1,4}(?:alias\s{1,4})?(\w{1,120})/],
  ],
  fish: [['function', /^\s*function\s{1,4}([\w.:-]{1,120})/]],
  gleam: [
    ['function', /^(?:pub\s{1,4})?fn\s{1,4}(\w{1,120})/],
    ['type', /^(?:pub\s{1,4})?(?:opaque\s{1,4})?type\s{1,4}(\w{1,120})/],
  ],
  gdscript: [
    ['class', /^\s*class(?:_name)?\s{1,4}(\w{1,120})/],
    ['function', /^\s*(?:static\s{1,4})?func\s{1,4}(\w{1,120})/],
  ],
  prisma: [['model', /^(?:model|enum|type|view|datasource|generator)\s{1,4}(\w{1,120})/]],
}

/** The rules of each language, in the order in which they are tried. */
export const OUTLINES: ReadonlyMap<string, readonly OutlineRule[]> = new Map(
  Object.entries(RULES).map(([language, rules]): [string, OutlineRule[]] => [
    language,
    rules.map(([kind, pattern, end]) => (end === undefined ? { kind, pattern } : { kind, pattern, end })),
  ]),
)
