import { describe, expect, it } from 'vitest'
import { hashTerm } from '../../../../../shared/repo/index-format/code-segment.ts'
import { codeQueryTerms } from '../../../../../shared/repo/ranking/code-terms.ts'
import { matchNames } from '../../../../../shared/repo/ranking/match-names.ts'

function likenessTo(query: string): (name: string) => number {
  const terms = codeQueryTerms(query)
  return matchNames(terms, new Map(terms.map((term) => [hashTerm(term), 1]))).likeness
}

describe('the likeness of a name and a query', () => {
  it.each([
    ['the last character', 'last_char', 'last_item'],
    ['repeats a byte string', 'repeatn', 'reported'],
    ['sets a default value', 'setdefault', 'setup'],
    ['finds from the end', 'rfind', 'remind'],
    ['the pointer of a request', 'req_ptr', 'rep_pair'],
    ['determines the maximum length', 'maxLen', 'minLen'],
    ['creates a buffer for the reader', 'newBuf', 'resetBuf'],
    ['unsigned integer in the little order', 'u16_le', 'i16_be'],
    // Of a family that differs in a number, the one that is asked for.
    ['gets an unsigned 16 bit integer', 'get_u16', 'get_u32'],
    ['reads a signed 32-bit integer', 'readInt32', 'readInt64'],
    ['writes a 64 bit floating point number', 'write_f64', 'write_f32'],
    // What says if something holds is named so.
    ['returns true if the buffer is empty', 'isEmpty', 'emptyBuffer'],
    ['checks whether the list has a value', 'HasValue', 'valueList'],
    // The first word says what is done.
    ['adds a user to the registry', 'addUser', 'userRegistry'],
  ])('of "%s" is greater for %s than for %s', (query, like, other) => {
    const likeness = likenessTo(query)
    expect(likeness(like)).toBeGreaterThan(likeness(other))
  })

  it('is greatest for a name that has the words themselves', () => {
    const likeness = likenessTo('initialize the parameters')
    expect(likeness('initializeParameters')).toBeGreaterThan(likeness('initParams'))
    expect(likeness('initParams')).toBeGreaterThan(0)
  })

  it('is nothing for names in which code has other words of the same letters', () => {
    const likeness = likenessTo('removes the temporary directory of a message')
    for (const name of ['tempo', 'direct', 'removable_ms', 'addMessenger', 'getPtr', 'createU16'])
      expect(likeness(name), name).toBeLessThan(likeness('delete_tmp_dir'))
    for (const name of ['getPtr', 'createU16', 'findIdx', 'add']) expect(likeness(name), name).toBe(0)
  })

  it.each([
    // Numbers that are no sizes, and names without one.
    ['the first 3 lines of a file', 'firstLines', 'file'],
    ['decodes 2 bytes of utf8', 'decode_utf8', 'decode_all'],
    ['an unsigned integer', 'u16', 'f64'],
    ['the first 256 bytes', 'firstBytes', 'sha256'],
    ['the hash by sha 256', 'sha256', 'sha512'],
    // Set to true is no question whether something holds, and a predicate of something else is no answer.
    ['set the flag to true', 'setFlag', 'isFlag'],
    ['returns true if the list is sorted', 'sorted_list', 'is_open'],
    ['returns true if an issue is open', 'is_open', 'issue_text'],
  ])('of "%s" stays greater for %s than for %s', (query, like, other) => {
    const likeness = likenessTo(query)
    expect(likeness(like)).toBeGreaterThan(likeness(other))
  })

  it('is nothing for what shares less than three letters', () => {
    expect(likenessTo('initialize the parameters')('inParens')).toBe(0)
  })

  it('is at most one, whatever stands in a name', () => {
    const likeness = likenessTo('set the list of lists to a list')
    for (const name of ['setlist', 'listlist', 'setListsetlist', 'list', '', '_', 'l']) {
      expect(likeness(name)).toBeGreaterThanOrEqual(0)
      expect(likeness(name)).toBeLessThanOrEqual(1)
    }
  })
})
