import { describe, expect, it } from 'vitest'
import { endsUse, switchIn } from '../../../../../workers/memory/local-rules/switches.ts'

const ends = (statement: string, earlier: string) => {
  const change = switchIn(statement)
  return change !== undefined && endsUse(change, earlier)
}

describe('a switch from one thing to another', () => {
  it.each([
    ['We switched from jest to vitest.', 'We use jest for our tests.'],
    ['We swapped Redux out for Zustand.', 'We use Redux for state.'],
    ['I switched to Obsidian for my notes.', 'I use Notion for my notes.'],
    ['We migrated off Heroku to Fly.', 'We host on Heroku.'],
    ['Wir sind von Jenkins auf Drone umgestiegen.', 'Wir nutzen Jenkins.'],
    ['On est passés de Jenkins à Drone.', 'On utilise Jenkins.'],
    ['Мы перешли с Jenkins на Drone.', 'Мы используем Jenkins.'],
    ['我们从Jenkins换成了Drone。', '我们用Jenkins。'],
    ['JenkinsからDroneに移行しました。', '私たちはJenkinsを使っています。'],
  ])('ends the use of the old one: %s', (statement, earlier) => {
    expect(ends(statement, earlier)).toBe(true)
  })

  it.each([
    ['Our partner switched from Jenkins to Drone.', 'We use Jenkins.'],
    ['We switched from Redis to Valkey.', 'We use Redis and Kafka.'],
    ['We moved from Jenkins to Drone.', 'I love Jenkins.'],
    ['We moved from Postgres to Mongo for the search.', 'We use Postgres for billing.'],
    ['We switched from Slack to Zoom for calls.', 'We use Slack.'],
    ['I will switch from React to Vue one day.', 'We use React.'],
    ['I switched from coffee to tea this week.', 'I drink coffee.'],
  ])('leaves what it says nothing of: %s', (statement, earlier) => {
    expect(ends(statement, earlier)).toBe(false)
  })
})
