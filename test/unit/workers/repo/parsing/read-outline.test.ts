import { describe, expect, it } from 'vitest'
import type { Definition } from '../../../../../workers/repo/parsing/definition.ts'
import { OUTLINES } from '../../../../../workers/repo/parsing/outlines.ts'
import { readOutline } from '../../../../../workers/repo/parsing/read-outline.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** `kind name first-last`, 1-based, with the members in brackets. */
function shown(definitions: readonly Definition[]): string[] {
  return definitions.map(({ kind, name, firstLine, lastLine, members }) => {
    const inner = members.length > 0 ? ` [${shown(members).join('; ')}]` : ''
    return `${kind} ${name} ${firstLine + 1}-${lastLine + 1}${inner}`
  })
}

const outlineOf = (language: string, text: string) => shown(readOutline(language, text.split('\n')))

describe('the outline of a language without a grammar', () => {
  it.each([
    [
      'lua',
      '-- Adds.\nlocal function add(a, b)\n  return a\nend\n\nM.sub = function(a)\n  return a\nend',
      ['function add 1-4', 'function M.sub 6-8'],
    ],
    [
      'perl',
      'package My::App;\n\nsub run\n{\n  my $x = shift;\n}\nsub stop { 1 }',
      ['module My::App 1-1', 'function run 3-6', 'function stop 7-7'],
    ],
    [
      'objective-c',
      '@implementation Cart\n\n- (void)add:(Item *)item\n{\n  [self a];\n}\n\n@end\n\nstatic int count(void) {\n  return 1;\n}',
      ['class Cart 1-8 [method add 3-6]', 'function count 10-12'],
    ],
    [
      'elixir',
      'defmodule App.Cart do\n  def add(a) do\n    a\n  end\n\n  defp sub(a), do: a\nend',
      ['module App.Cart 1-7 [function add 2-4; function sub 6-6]'],
    ],
    [
      'scala',
      'final case class Cart(a: Int) {\n  override def add(\n    b: Int\n  ): Int = {\n    b\n  }\n}',
      ['class Cart 1-7 [method add 2-6]'],
    ],
    [
      'elm',
      'type alias Cart =\n    { sum : Int }\n\n-- Adds.\nadd : Int -> Cart -> Cart\nadd n cart =\n    cart',
      ['type Cart 1-2', 'function add 4-7'],
    ],
    [
      'ada',
      'package body Carts is\n   procedure Add (N : Integer) is\n   begin\n      null;\n   end Add;\nend Carts;',
      ['package Carts 1-6 [function Add 2-5]'],
    ],
    [
      'elixir',
      'defmodule Cart do\n  @moduledoc """\n  def shown do\n  """\n\n  @doc """\n  Adds.\n\n      def shown(a)\n  """\n  @spec add(t) ::\n          t\n  def add(a), do: a\n\n  @limit 3\n  def sub(a) do\n    """\n    def text\n    """\n  end\nend',
      ['module Cart 1-21 [function add 6-13; function sub 16-20]'],
    ],
    [
      'erlang',
      '-module(cart).\n-record(item, {n}).\n\n%% Sums.\n-spec total([item()]) ->\n    integer().\ntotal([]) -> 0;\ntotal([H | T]) ->\n    H + total(T).\n\nclear(_) ->\n    case 1 of\n        1 -> ok\n    end.\n',
      ['record item 2-2', 'function total 4-9', 'function clear 11-14'],
    ],
    [
      'vhdl',
      'entity counter is\n  port (clk : in bit);\nend entity;\n\narchitecture rtl of counter is\n  signal n : bit;\nbegin\n  count: process (clk)\n  begin\n    n <= clk;\n  end process;\nend architecture;',
      ['module counter 1-3', 'architecture rtl.counter 5-12 [process count 8-11]'],
    ],
    [
      'apex',
      '@isTest\npublic with sharing class Cart {\n  // Sums.\n  @TestVisible\n  private static List<Item> sum(List<Id> ids) {\n    return add(1);\n  }\n}',
      ['class Cart 1-8 [method sum 3-7]'],
    ],
    [
      'haxe',
      '@:keep\nclass Cart extends Base {\n  public static inline function sum(a:Int):Int {\n    return a;\n  }\n}\nabstract Id(Int) {}',
      ['class Cart 2-6 [method sum 3-5]', 'class Id 7-7'],
    ],
    [
      'ocaml',
      '(** Sums. *)\nval total : t -> int\n\ntype t\n\nexternal size : t -> int = "size"',
      ['function total 1-2', 'type t 4-4', 'function size 6-6'],
    ],
    [
      'clojure',
      '(defn+ ^boolean is-open [a]\n  a)\n\n(s/def ::cart map?)\n(deftest ^{:doc "a b"} adds)\n(default-thing x)\n(deferred y)',
      ['function is-open 1-2', 'function ::cart 4-4', 'function adds 5-7'],
    ],
    [
      'julia',
      '"""\n    area(c)\n\nfunction shown end\n"""\narea(c::Circle) = 3\nlimit = area(1)\nx(a) == 2\n',
      ['function area 1-6'],
    ],
    ['graphql', '"""\ntype shown\n"""\ntype Cart {\n  """A sum."""\n  sum: Int\n}', ['type Cart 1-7']],
    [
      'scala',
      '@main def run(a: String): Unit =\n  go()\n\n@deprecated("x")\nclass Cart',
      ['method run 1-2', 'class Cart 4-5'],
    ],
    ['fish', 'function greet --on-event fish_prompt\n  echo hi\nend', ['function greet 1-3']],
    ['gleam', 'pub type Cart {\n  Cart\n}\n\npub fn add(a) {\n  a\n}', ['type Cart 1-3', 'function add 5-7']],
    ['gdscript', 'class_name Cart\n\nfunc add(n):\n\treturn n', ['class Cart 1-1', 'function add 3-4']],
    [
      'protobuf',
      '// One.\nmessage Order {\n  string id = 1;\n  enum State {\n    OPEN = 0;\n  }\n}\nservice Orders {\n  rpc Get(A) returns (B);\n}',
      ['message Order 1-7 [enum State 4-6]', 'service Orders 8-10 [method Get 9-9]'],
    ],
    [
      'hcl',
      'resource "aws_s3_bucket" "logs" {\n  bucket = "x"\n}\nvariable "region" {}',
      ['resource aws_s3_bucket.logs 1-3', 'block variable.region 4-4'],
    ],
    [
      'graphql',
      'type Order implements Node {\n  id: ID!\n}\n\ndirective @own on FIELD',
      ['type Order 1-3', 'directive @own 5-5'],
    ],
    [
      'makefile',
      'CC := gcc\n.PHONY: all\nall: main.o\n\tcc -o main\n\ntest:\n\t./run',
      ['target all 3-4', 'target test 6-7'],
    ],
    [
      'cmake',
      'function(add_it NAME)\n  message(x)\nendfunction()\nadd_library(core a.c)',
      ['function add_it 1-3', 'target core 4-4'],
    ],
    ['r', 'area <- function(r) {\n  pi * r^2\n}', ['function area 1-3']],
    ['clojure', '(ns app.core)\n\n(defn add\n  [a b]\n  (+ a b))', ['function app.core 1-1', 'function add 3-5']],
    [
      'haskell',
      'area :: Double -> Double\narea r = r\n\ndata Shape = Circle\n  | Square',
      ['function area 1-2', 'type Shape 4-5'],
    ],
    ['zig', 'pub fn add(a: u8) u8 {\n    return a;\n}', ['function add 1-3']],
    ['pascal', 'procedure TCart.Add(a: Integer);\nbegin\n  x := a;\nend;', ['function TCart.Add 1-4']],
  ])('%s', (language, text, expected) => {
    expect(outlineOf(language, text)).toEqual(expected)
  })

  it('is empty where nothing is defined, or nothing is known of the language', () => {
    expect(outlineOf('lua', 'print(1)\n\n')).toEqual([])
    expect(outlineOf('text', 'function a()')).toEqual([])
  })

  it.each(['function a()\n', ' '.repeat(3), '{\n', 'a b ', '- (', 'def ', '(', 'x: '])(
    'ends in time: %j',
    async (piece) => {
      const deeper = Array.from({ length: 3_000 }, (_, at) => `${' '.repeat(at % 300)}${piece}`)
      const lines = [piece.repeat(Math.ceil(100_000 / piece.length)), ...deeper]
      expect(
        await cpuMsOf(() => {
          for (const language of OUTLINES.keys()) readOutline(language, lines)
        }),
      ).toBeLessThan(2_000)
    },
  )
})
