import { describe, expect, it } from 'vitest'
import { stem } from '../../../../../shared/ai/local/stem.ts'

describe('stem', () => {
  it.each([
    ['paint painted painting paints', 'paint'],
    ['go went gone going', 'go'],
    ['buy bought buying', 'bui'],
    ['child children', 'child'],
    ['live lives lived living', 'live'],
    ['hike hiking hiked', 'hike'],
    ['run ran running', 'run'],
    ['relate relational', 'relat'],
    ['hopeful hopefulness hope', 'hope'],
    ['adoption adopt adopted', 'adopt'],
    ['controlling control', 'control'],
    ['yell yelled', 'yell'],
    ['agreed agree', 'agre'],
  ])('gives %s one stem', (words, expected) => {
    expect(words.split(' ').map(stem)).toEqual(words.split(' ').map(() => expected))
  })

  it.each(['is', '3pm', 'привет', '猫が', '', 'x1s'])('leaves %j alone', (word) => {
    expect(stem(word)).toBe(word)
  })
})
