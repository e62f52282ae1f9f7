import { expect, it } from 'vitest'
import { programmingLanguageOf } from '../../../../../shared/repo/languages.ts'
import { languageOfContent } from '../../../../../workers/repo/parsing/content-language.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** A header is of the language that it is written in, and `.m` too; any other extension stands. */

const C_HEADER = `/* Not a class Foo { public: }; see std::vector */
#ifndef LIST_H
#define LIST_H
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
namespace never {}
#endif
struct list { int class; const char *name; };
int list_add(struct list *self, const char *text); // template <class T>
static const char *HELP = "using namespace std::";
#ifdef __cplusplus
}
#endif
#endif
`

it.each([
  ['list.h', C_HEADER, 'c'],
  ['book.h', '#pragma once\n#include <map>\nclass OrderBook {\n public:\n  void add(int price);\n};\n', 'cpp'],
  ['point.h', 'struct Point {\n  int x;\n  int length() const;\n};\n', 'cpp'],
  ['traits.h', 'template <typename T>\nstruct Traits {};\n', 'cpp'],
  ['ns.hpp', 'int x;', 'cpp'],
  ['Cart.h', '#import <Foundation/Foundation.h>\n@interface Cart : NSObject\n- (int)total;\n@end\n', 'objective-c'],
  ['Cart.m', '#import "Cart.h"\n@implementation Cart\n@end\n', 'objective-c'],
  ['solve.m', "function y = solve(x)\n% Solves.\ny = x';\nend\n", 'matlab'],
  ['empty.h', '', 'c'],
])('reads %s', (path, text, language) => {
  expect(languageOfContent(path, path.endsWith('.hpp') ? 'cpp' : 'c', text)).toBe(language)
})

it.each([
  ['de.ts', '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1"/>\n', 'xml'],
  ['de.ts', 'const page = `\n<?xml version="1.0"?>\n`\n', 'typescript'],
  ['light.fs', '#version 330\nvoid main() {}\n', 'shader'],
  ['Light.fs', 'module Light\nlet source = "\n#version 330\nvoid main() {}\n"\n', 'f-sharp'],
  ['family.pl', ':- module(family, [parent/2]).\nparent(a, b).\n', 'prolog'],
  ['family.pl', '# reads `:- module` lines\nuse strict;\nmy $mark = ":- ";\n', 'perl'],
  ['sad.pl', 'use strict;\nprint <<END;\n:-D\n:- see below\nEND\n', 'perl'],
  ['family.pl', '% Parents.\n:-dynamic parent/2.\n', 'prolog'],
  [
    'Fail.m',
    '#import "Fail.h"\n@implementation Fail\n- (void)go:(NSError **)error {\n    (*error) = [NSError new];\n}\n@end\n',
    'objective-c',
  ],
  ['call.m', '#import "call.h"\ntypedef void\n(*handler)(int);\n', 'objective-c'],
  ['prod.m', 'y = x ...\n  (*2);\n', 'matlab'],
  ['Shop.m', '\nBeginPackage["Shop`"]\n', 'mathematica'],
  ['Sum.m', '(* Sums. *)\nsum[x_] := Total[x]\n', 'mathematica'],
  ['sum.m', 'y = a * (b);\n% (* x *)\n', 'matlab'],
  ['Cart.cls', 'CLASS shop.Cart INHERITS shop.Base:\nEND CLASS.\n', null],
  ['letter.cls', '% a document class for letters\n\\def\\sender{}\n', null],
  ['letter.cls', '%% A class of letters.\n\\NeedsTeXFormat{LaTeX2e}\n\\ProvidesClass{letter}\n', 'latex'],
  ['Cart.cls', 'VERSION 1.0 CLASS\nAttribute VB_Name = "Cart"\n', 'visual-basic'],
  ['sum.t', 'use Test::More;\nok 1;\n', 'perl'],
  ['sum.t', '  $ sum 1 2\n  3\n', null],
  ['old.inc', '<?php\nfunction old() {}\n', 'php'],
  ['old.inc', '; reads <?php tags\n mov eax, 1\n', null],
])('tells %s of several languages by what only one has', (path, text, language) => {
  expect(languageOfContent(path, programmingLanguageOf(path), text)).toBe(language)
})

it('reads hostile headers in linear time', async () => {
  for (const part of ['/*', '"\\', 'const x', '( ', '#ifdef __cplusplus\n', 'struct '])
    expect(await cpuMsOf(() => languageOfContent('a.h', 'c', part.repeat(200_000 / part.length)))).toBeLessThan(2_000)
})
