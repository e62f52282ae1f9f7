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
    ['We moved from Jenkins to GitHub Actions last week.', 'We use Jenkins for CI.'],
    ['We upgraded from Java 17 to Java 21.', 'We use Java 17.'],
    ['We switched from Slack to Teams for calls.', 'We use Slack for calls.'],
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
    ['We switched from React to Vue and then back to React.', 'We use React.'],
    ['We switched from React to Vue during the hackathon.', 'We use React.'],
    ['We switched from React to Vue before I joined, now it is React again.', 'We use React.'],
    ['We switched from React to Vue once.', 'We use React.'],
    ['We moved from Postgres to Mongo in 2019.', 'We use Postgres.'],
    ['We replaced Postgres with SQLite while testing.', 'We use Postgres.'],
    ['We moved from Terraform to Pulumi a single module.', 'We use Terraform.'],
    ['I switched from React to Vue.', 'We use React.'],
    ['We migrated from Postgres to Aurora Postgres.', 'We use Postgres.'],
    ['We switched from React to Vue.', 'We use React Native.'],
    ['We switched from Java to Kotlin.', 'We use JavaScript.'],
    ['We moved from Jenkins to Drone.', 'We use Jenkins for CI and Postgres for data.'],
    ['We moved from Jenkins to Drone.', 'We use Postgres with Jenkins.'],
    ['Ich bin von Firefox auf Chrome gewechselt, aber wieder zurück.', 'Ich nutze Firefox.'],
    ['Ich bin von Firefox auf Chrome testweise gewechselt.', 'Ich nutze Firefox.'],
    ['On a remplacé Postgres par SQLite pendant les tests.', 'On utilise Postgres.'],
    ['Мы заменили Postgres на SQLite во время тестов.', 'Мы используем Postgres.'],
    ['我们从Jenkins换成了Drone，只是在测试项目里。', '我们用Jenkins。'],
    ['我们把Postgres换成了SQLite做测试。', '我们使用Postgres。'],
    ['JenkinsからテストだけDroneに移行しました。', '私たちはJenkinsを使っています。'],
  ])('leaves what it says nothing of: %s', (statement, earlier) => {
    expect(ends(statement, earlier)).toBe(false)
  })
})
