/**
 * Owns what is read out of each language's syntax tree: which nodes define something, and which are looked through on the way to them.
 * Data only; `read-definitions.ts` walks by it. Node names are those of the grammars' own releases.
 */

export type Grammar = {
  /** The file of the grammar, as a package's path. */
  readonly wasm: string
  /** Node type -> what it defines. A `variable`, `field` or `pair` whose value is a function or a class is that. */
  readonly definitions: ReadonlyMap<string, string>
  /** Nodes that stand around one definition and belong to it: `export`, a decorator, a template's parameters. */
  readonly wrappers: ReadonlySet<string>
  /** Nodes that hold definitions: bodies, and conditions of a preprocessor. */
  readonly bodies: ReadonlySet<string>
  /** Nodes that belong to the definition after them: comments and attributes. */
  readonly leads: ReadonlySet<string>
  /** Nodes that belong to the definition before them: bodies of functions beside their heads. */
  readonly tails: ReadonlySet<string>
  /** Definitions that hold others without a body around them. */
  readonly flat: ReadonlySet<string>
}

type Table = {
  readonly wasm: string
  /** Kind -> node types. */
  readonly definitions: Readonly<Record<string, string>>
  readonly wrappers?: string
  readonly bodies: string
  readonly leads: string
  readonly tails?: string
  readonly flat?: string
}

const VSCODE = '@vscode/tree-sitter-wasm/wasm/tree-sitter-'
const REPOMIX = '@repomix/tree-sitter-wasms/out/tree-sitter-'

const JAVASCRIPT: Omit<Table, 'wasm'> = {
  definitions: {
    function: 'function_declaration generator_function_declaration function_signature',
    method: 'method_definition method_signature abstract_method_signature',
    class: 'class_declaration abstract_class_declaration',
    interface: 'interface_declaration',
    type: 'type_alias_declaration',
    enum: 'enum_declaration',
    namespace: 'internal_module module',
    variable: 'variable_declarator',
    field: 'public_field_definition field_definition',
    pair: 'pair',
    assignment: 'assignment_expression',
  },
  wrappers: 'export_statement lexical_declaration variable_declaration ambient_declaration expression_statement',
  bodies:
    'class_body statement_block interface_body object return_statement object_type parenthesized_expression call_expression arguments arrow_function function_expression',
  leads: 'comment decorator',
}

const C: Omit<Table, 'wasm'> = {
  definitions: {
    function: 'function_definition',
    struct: 'struct_specifier',
    union: 'union_specifier',
    enum: 'enum_specifier',
    type: 'type_definition alias_declaration concept_definition',
    macro: 'preproc_function_def',
    constant: 'preproc_def',
    class: 'class_specifier',
    namespace: 'namespace_definition',
    variable: 'declaration',
    field: 'field_declaration',
  },
  wrappers: 'template_declaration',
  bodies:
    'declaration_list field_declaration_list linkage_specification preproc_ifdef preproc_if preproc_else preproc_elif preproc_elifdef',
  leads: 'comment attribute_declaration',
}

const TABLES: Readonly<Record<string, Table>> = {
  typescript: { wasm: `${VSCODE}typescript.wasm`, ...JAVASCRIPT },
  tsx: { wasm: `${VSCODE}tsx.wasm`, ...JAVASCRIPT },
  javascript: { wasm: `${VSCODE}javascript.wasm`, ...JAVASCRIPT },
  c: { wasm: `${REPOMIX}c.wasm`, ...C },
  cpp: { wasm: `${VSCODE}cpp.wasm`, ...C },
  python: {
    wasm: `${VSCODE}python.wasm`,
    definitions: {
      function: 'function_definition',
      class: 'class_definition',
      assignment: 'assignment',
      type: 'type_alias_statement',
    },
    wrappers: 'decorated_definition expression_statement',
    bodies: 'block if_statement else_clause try_statement except_clause with_statement',
    leads: 'comment',
  },
  go: {
    wasm: `${VSCODE}go.wasm`,
    definitions: {
      function: 'function_declaration',
      method: 'method_declaration method_elem',
      type: 'type_spec type_alias',
      constant: 'const_spec',
      variable: 'var_spec',
    },
    wrappers: 'type_declaration const_declaration var_declaration',
    bodies: 'interface_type var_spec_list',
    leads: 'comment',
  },
  rust: {
    wasm: `${VSCODE}rust.wasm`,
    definitions: {
      function: 'function_item function_signature_item',
      struct: 'struct_item',
      union: 'union_item',
      enum: 'enum_item',
      trait: 'trait_item',
      impl: 'impl_item',
      module: 'mod_item',
      macro: 'macro_definition',
      constant: 'const_item static_item',
      type: 'type_item associated_type',
    },
    bodies: 'declaration_list foreign_mod_item',
    leads: 'line_comment block_comment attribute_item',
  },
  java: {
    wasm: `${VSCODE}java.wasm`,
    definitions: {
      class: 'class_declaration',
      interface: 'interface_declaration annotation_type_declaration',
      enum: 'enum_declaration',
      record: 'record_declaration',
      method: 'method_declaration annotation_type_element_declaration',
      constructor: 'constructor_declaration compact_constructor_declaration',
    },
    bodies: 'class_body interface_body enum_body enum_body_declarations annotation_type_body',
    leads: 'block_comment line_comment',
  },
  'c-sharp': {
    wasm: `${VSCODE}c-sharp.wasm`,
    definitions: {
      namespace: 'namespace_declaration file_scoped_namespace_declaration',
      class: 'class_declaration',
      interface: 'interface_declaration',
      struct: 'struct_declaration',
      record: 'record_declaration record_struct_declaration',
      enum: 'enum_declaration',
      delegate: 'delegate_declaration',
      method: 'method_declaration local_function_statement',
      constructor: 'constructor_declaration destructor_declaration',
      operator: 'operator_declaration conversion_operator_declaration indexer_declaration',
      property: 'property_declaration event_declaration',
    },
    bodies: 'declaration_list preproc_if global_statement',
    leads: 'comment attribute_list',
  },
  ruby: {
    wasm: `${VSCODE}ruby.wasm`,
    definitions: { class: 'class', module: 'module', method: 'method singleton_method', assignment: 'assignment' },
    bodies: 'body_statement singleton_class call argument_list do_block',
    leads: 'comment',
  },
  php: {
    wasm: `${VSCODE}php.wasm`,
    definitions: {
      namespace: 'namespace_definition',
      function: 'function_definition',
      class: 'class_declaration',
      interface: 'interface_declaration',
      trait: 'trait_declaration',
      enum: 'enum_declaration',
      method: 'method_declaration',
      assignment: 'assignment_expression',
      constant: 'const_element',
    },
    wrappers: 'expression_statement const_declaration',
    bodies: 'declaration_list enum_declaration_list compound_statement if_statement',
    leads: 'comment attribute_list',
  },
  swift: {
    wasm: `${REPOMIX}swift.wasm`,
    definitions: {
      class: 'class_declaration',
      protocol: 'protocol_declaration',
      function: 'function_declaration protocol_function_declaration',
      constructor: 'init_declaration deinit_declaration',
      subscript: 'subscript_declaration',
      property: 'property_declaration',
      type: 'typealias_declaration',
    },
    bodies: 'class_body enum_class_body protocol_body',
    leads: 'comment multiline_comment attribute',
  },
  kotlin: {
    wasm: '@lumis-sh/wasm-kotlin/tree-sitter-kotlin.wasm',
    definitions: {
      class: 'class_declaration',
      object: 'object_declaration companion_object',
      function: 'function_declaration',
      constructor: 'secondary_constructor',
      property: 'property_declaration',
      type: 'type_alias',
    },
    bodies: 'class_body enum_class_body',
    leads: 'line_comment multiline_comment',
    // Some stand beside their property.
    tails: 'getter setter',
  },
  dart: {
    wasm: `${REPOMIX}dart.wasm`,
    definitions: {
      class: 'class_definition',
      mixin: 'mixin_declaration',
      extension: 'extension_declaration',
      enum: 'enum_declaration',
      type: 'type_alias',
      function: 'function_signature getter_signature setter_signature',
      constructor: 'constructor_signature constant_constructor_signature factory_constructor_signature',
      variable: 'static_final_declaration initialized_identifier',
    },
    wrappers: 'method_signature declaration static_final_declaration_list initialized_identifier_list',
    bodies: 'class_body extension_body enum_body',
    leads: 'documentation_comment comment annotation marker_annotation',
    tails: 'function_body',
  },
  solidity: {
    wasm: `${REPOMIX}solidity.wasm`,
    definitions: {
      contract: 'contract_declaration',
      interface: 'interface_declaration',
      library: 'library_declaration',
      function: 'function_definition',
      constructor: 'constructor_definition',
      modifier: 'modifier_definition',
      event: 'event_definition',
      error: 'error_declaration',
      struct: 'struct_declaration',
      enum: 'enum_declaration',
    },
    bodies: 'contract_body',
    leads: 'comment',
  },
  powershell: {
    wasm: `${VSCODE}powershell.wasm`,
    definitions: {
      function: 'function_statement',
      class: 'class_statement',
      enum: 'enum_statement',
      method: 'class_method_definition',
    },
    bodies:
      'statement_list statement_block if_statement elseif_clauses elseif_clause else_clause try_statement catch_clauses catch_clause',
    leads: 'comment',
    flat: 'class_statement',
  },
  bash: {
    wasm: `${VSCODE}bash.wasm`,
    definitions: { function: 'function_definition' },
    bodies: 'if_statement',
    leads: 'comment',
  },
  css: {
    wasm: `${VSCODE}css.wasm`,
    definitions: { rule: 'rule_set media_statement keyframes_statement supports_statement at_rule' },
    bodies: 'block',
    leads: 'comment',
  },
}

const setOf = (types = '') => new Set(types.split(' '))

/** The grammars by the name of their language. A part that could not be parsed is looked through as a body is. */
export const GRAMMARS: ReadonlyMap<string, Grammar> = new Map(
  Object.entries(TABLES).map(
    ([language, { wasm, definitions, wrappers, bodies, leads, tails, flat }]): [string, Grammar] => [
      language,
      {
        wasm,
        definitions: new Map(
          Object.entries(definitions).flatMap(([kind, types]) =>
            types.split(' ').map((type): [string, string] => [type, kind]),
          ),
        ),
        wrappers: setOf(wrappers),
        bodies: setOf(`${bodies} ERROR`),
        leads: setOf(leads),
        tails: setOf(tails),
        flat: setOf(flat),
      },
    ],
  ),
)
