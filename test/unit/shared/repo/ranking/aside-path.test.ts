import { expect, it } from 'vitest'
import { isAside } from '../../../../../shared/repo/ranking/aside-path.ts'
import { chunkPriority } from '../../../../../shared/repo/ranking/kind-priorities.ts'

const whole = { scope: '', symbol: null }

it.each([
  'test/cart.ts',
  'src/cart_test.go',
  'src/cart.spec.ts',
  'okio/src/jvmTest/kotlin/Cart.kt',
  'Tests/CartTests.swift',
  'src/CartBenchmark.java',
  'src/CartTestCase.php',
  'src/CartTestUtilities/Cart.php',
  'src/TestHelpers.cs',
  'packages/cart/demo.vue',
  'samples/cart.py',
  'src/Cart.stories.tsx',
  'docs/conf.py',
])('%s is beside the source', (path) => expect(isAside(path, whole)).toBe(true))

it.each([
  'src/latest.ts',
  'src/contest/entry.go',
  'src/attestation.rs',
  'lib/democracy.py',
  'src/doc/man.rs',
  'src/AbTestService.java',
  'src/TestDrive.ts',
  'docs/cart.md',
])('%s is none of that', (path) => expect(isAside(path, whole)).toBe(false))

it('knows the tests that lie in the file that they test', () => {
  expect(isAside('src/cart.rs', { scope: 'mod tests > function adds', symbol: 'adds' })).toBe(true)
  expect(isAside('src/cart.rs', { scope: 'function test_adds', symbol: 'test_adds' })).toBe(true)
  expect(isAside('src/cart.rs', { scope: 'function testify', symbol: 'testify' })).toBe(false)
})

it('puts declarations behind functions, unless they or their kind are asked for', () => {
  expect(chunkPriority('block', 0.3, ['cart'])).toBeLessThan(chunkPriority('function', 0.3, ['cart']))
  expect(chunkPriority('block', 1, ['cart'])).toBe(1)
  expect(chunkPriority('class', 0, ['cart', 'interfac'])).toBe(1)
})
