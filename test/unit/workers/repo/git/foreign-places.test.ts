import { expect, it } from 'vitest'
import { createForeignPlaces } from '../../../../../workers/repo/git/foreign-places.ts'

/** Somebody else's code is told by a manifest or a licence beside it, never by the name of a directory alone. */

const vendored = (...paths: string[]) => paths.filter(createForeignPlaces(paths).isVendored)

it.each([
  ['vendors of a shop', ['package.json', 'src/vendors/vendor.service.ts', 'pkg/pods/pod.go', 'src/third-party/a.ts']],
  ['a module of dependencies', ['src/deps/graph.c', 'src/external/calls.ts', 'deps/LICENSE']],
  ['notes and builds beside packages', ['vendor/README.md', 'third_party/BUILD', 'third_party/zlib.bzl']],
  ['vendors of an app', ['app/vendor/orders.js', 'app/vendor/README.md', 'LICENSE']],
  ['packages of one owner', ['deps/api/package.json', 'deps/api/index.ts', 'subprojects/core/Cargo.toml']],
])('%s are read', (_, paths) => {
  expect(vendored(...paths)).toEqual([])
})

it.each([
  ['what lies at the top', ['third_party/zlib.bzl', 'third_party/zlib/zlib.c'], ['third_party/zlib/zlib.c']],
  ['a file at the top', ['vendor/jquery.js', 'third_party/sqlite3.c'], ['vendor/jquery.js', 'third_party/sqlite3.c']],
  ['a package that is the directory', ['vendor/README.md', 'vendor/LICENSE'], ['vendor/README.md', 'vendor/LICENSE']],
  [
    'a file beside a package with a licence',
    ['app/vendor/README.md', 'app/vendor/jquery.js', 'app/vendor/six/LICENSE'],
    ['app/vendor/jquery.js', 'app/vendor/six/LICENSE'],
  ],
  ['what Go vendors', ['svc/go.mod', 'svc/vendor/g/a.go'], ['svc/vendor/g/a.go']],
  [
    'what pip copies',
    ['src/pip/_vendor/six/LICENSE', 'src/pip/_vendor/six/six.py', 'src/pip/cli.py'],
    ['src/pip/_vendor/six/LICENSE', 'src/pip/_vendor/six/six.py'],
  ],
  [
    'a library with its licence among dependencies, and not its neighbour',
    ['deps/lua/COPYRIGHT', 'deps/lua/src/lua.c', 'deps/own/hash.c'],
    ['deps/lua/COPYRIGHT', 'deps/lua/src/lua.c'],
  ],
  [
    'what is external',
    ['external/fmt/LICENSE.rst', 'external/fmt/fmt.h', 'src/a.cc'],
    ['external/fmt/LICENSE.rst', 'external/fmt/fmt.h'],
  ],
])('%s is not', (_, paths, expected) => {
  expect(vendored(...paths)).toEqual(expected)
})
