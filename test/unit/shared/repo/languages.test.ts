import { describe, expect, it } from 'vitest'
import { scopeFields } from '../../../../shared/repo/code-search.ts'
import { languagesNamed, programmingLanguageOf, similarLanguage } from '../../../../shared/repo/languages.ts'

/** A file has the language that its name tells, and a search takes every common word for a language. */

describe('the language of a file', () => {
  it.each([
    ['lib/main.dart', 'dart'],
    ['src/Main.scala', 'scala'],
    ['infra/main.tf', 'hcl'],
    ['api/v1/user.proto', 'protobuf'],
    ['schema.graphql', 'graphql'],
    ['App.vue', 'vue'],
    ['Token.sol', 'solidity'],
    ['analysis.ipynb', 'notebook'],
    ['CMakeLists.txt', 'cmake'],
    ['docker/Dockerfile.dev', 'dockerfile'],
    ['Makefile', 'makefile'],
    ['src/Main.elm', 'elm'],
    ['app/views/show.html.erb', 'erb'],
    ['pkg/BUILD', 'starlark'],
    ['docs/guide.rst', 'restructuredtext'],
    ['orders.rest', null],
    ['LICENSE', 'text'],
    ['Pipfile', 'toml'],
    ['notes.xyz', null],
  ])('tells %s from its name: %s', (path, language) => {
    expect(programmingLanguageOf(path)).toBe(language)
  })

  it.each([
    ['bin/build', '/usr/bin/env bash', 'bash'],
    ['install', '/usr/bin/env bash', 'bash'],
    ['bin/todo', '/usr/bin/env python3', 'python'],
    ['script/changelog', '/usr/bin/env ruby', 'ruby'],
    ['bin/BUILD', '/bin/bash', 'bash'],
    ['Tiltfile', '/usr/bin/env tilt', 'starlark'],
    ['LICENSE', '/usr/share/licenses', 'text'],
    ['bin/sum.ts', '/usr/bin/env node', 'typescript'],
    ['notes.txt', '/bin/sh', 'text'],
    ['bin/report', '/usr/bin/perl -w', 'perl'],
    ['debian/rules', '/usr/bin/make -f', 'makefile'],
    ['bin/sum', '/usr/bin/env -S uv run --script', 'python'],
    ['bin/sum', '/usr/bin/env -S LANG=C npx tsx', 'typescript'],
    ['bin/sum', '/usr/bin/env -S poetry run python', 'python'],
    ['bin/sum', '/usr/bin/env -S bundle exec ruby', 'ruby'],
    ['bin/sum', '/usr/bin/env -S docker run python:3.12', 'python'],
    ['bin/sum', '/usr/bin/env -S nice -n 5 bash', 'bash'],
    ['bin/sum', '/usr/bin/env -u FOO bash', 'bash'],
    ['bin/sum', '/usr/bin/env ts-node-esm', 'typescript'],
    ['bin/sum', '/bin/busybox sh', 'bash'],
    ['bin/sum', 'C:\\Python\\python.exe -u', 'python'],
    ['bin/sum', '"/usr/bin/python3"', 'python'],
    ['bin/sum', '/usr/bin/env "python"', 'python'],
    ['bin/sum', '/usr/bin/python2.7-dbg', 'python'],
    ['bin/sum', '/usr/bin/env -S node --import tsx', 'typescript'],
    ['bin/sum', '/srv/node_modules sum', null],
    ['bin/sum', ' /usr/local/bin/lua5.3', 'lua'],
    ['bin/sum', '/opt/node/bin/sum --python', null],
    ['bin/sum', '/usr/bin/env -S docker run config.json', null],
    ['bin/sum', '/usr/bin/env text', null],
  ])('tells %s from its first line, of %s: %s', (path, interpreter, language) => {
    expect(programmingLanguageOf(path, `#!${interpreter}`)).toBe(language)
  })

  it('tells it from what a line says to editors, unless its name tells more', () => {
    expect(programmingLanguageOf('bin/sum', '', '# vim: ft=ruby')).toBe('ruby')
    expect(programmingLanguageOf('TODO', '-*- mode: org -*-')).toBe('org')
    expect(programmingLanguageOf('Tiltfile', '# -*- mode: Python -*-')).toBe('starlark')
  })

  it.each([
    ['# bash completion for curl    -*- shell-script -*-', 'bash'],
    ['// -*- mode: c++; tab-width: 4 -*-', 'cpp'],
    ['" vim: set ft=python ts=4:', 'python'],
    ['-*- not a language -*-', null],
    ['# plain words', null],
  ])('tells it from what %j says to editors', (firstLine, language) => {
    expect(programmingLanguageOf('completions/curl', firstLine)).toBe(language)
  })
})

describe('the language of a search', () => {
  it.each([
    ['typescript', ['typescript', 'tsx']],
    ['TypeScript', ['typescript', 'tsx']],
    ['ts', ['typescript', 'tsx']],
    ['.tsx', ['tsx']],
    ['js', ['javascript']],
    ['jsx', ['javascript']],
    ['C++', ['cpp']],
    ['C#', ['c-sharp']],
    ['golang', ['go']],
    ['py', ['python']],
    ['Objective C', ['objective-c']],
    ['Terraform', ['hcl']],
    ['Visual_Basic', ['visual-basic']],
    ['reStructuredText', ['restructuredtext']],
    ['Vim Script', ['vim']],
    ['dlang', ['d']],
    ['scss', ['css']],
  ])('takes %s for %j', (name, languages) => {
    expect(languagesNamed(name)).toEqual(languages)
  })

  it('refuses an unknown one and names the one that it is like', () => {
    expect(languagesNamed('klingon')).toBeUndefined()
    expect(languagesNamed('constructor')).toBeUndefined()
    expect(similarLanguage('pyton')).toBe('python')
    expect(similarLanguage('qqqqqqqq')).toBeUndefined()
    const refused = scopeFields.language.safeParse('javasript')
    expect(refused.error?.issues[0]?.message).toBe(
      'expected the name of a language, got "javasript"; did you mean "javascript"?',
    )
  })
})
