import { expect, test } from 'vitest'
import { isPlace } from '../../../../../../workers/memory/local-rules/words/name-kinds.ts'

test.each(['Lisbon', 'Utrecht', 'New York', 'Rio de Janeiro', 'Osaka', 'Belgium', 'Newcastle upon Tyne'])(
  '%s is a place',
  (name) => {
    expect(isPlace(name)).toBe(true)
  },
)

test.each(['Vim', 'Excel', 'Plan B', 'Team Red', 'Row 12', 'Java', 'Spotify', 'Anna', 'Home', 'Floor 3', 'Slack', ''])(
  '%s is none',
  (name) => {
    expect(isPlace(name)).toBe(false)
  },
)
