import { nameKind } from './name-kinds.ts'

/** Tells what everybody may read of a technology from what a team does with it: "Kafka stores messages on disk", "Redis keeps our sessions". */

const TECHNOLOGIES = new Set(
  'python|java|javascript|typescript|golang|php|kotlin|haskell|elixir|erlang|clojure|bash|sql|html|css|json|yaml|xml|markdown|graphql|grpc|http|https|tcp|udp|dns|tls|ssh|oauth|jwt|node|nodejs|deno|npm|yarn|pnpm|webpack|babel|eslint|prettier|react|vue|angular|svelte|jquery|nextjs|nuxt|fastify|django|flask|fastapi|laravel|redis|valkey|memcached|postgres|postgresql|mysql|mariadb|sqlite|mongodb|mongo|cassandra|elasticsearch|opensearch|clickhouse|duckdb|snowflake|bigquery|kafka|rabbitmq|nats|bullmq|celery|docker|podman|kubernetes|k8s|terraform|ansible|nginx|apache|traefik|haproxy|grafana|prometheus|jenkins|git|github|gitlab|bitbucket|linux|ubuntu|debian|windows|macos|ios|android|chrome|firefox|vim|neovim|emacs|vscode|vitest|pytest|playwright|cypress|selenium|pandas|numpy|pytorch|tensorflow|hadoop|s3|aws|azure|gcp|photoshop|jira|wordpress|chatgpt|llama'.split(
    '|',
  ),
)
/** A sentence about a team's use of it names the team, a place, a number or something else as well. */
const OURS =
  /\p{Nd}|(?<!\p{L})(?:we|our|ours|us|i|my|me|here|prod|production|staging|wir|uns|unser\p{L}*|ich|mein\p{L}*|nous|notre|nos|je|mon|ma|mes|nosotros|nuestr[oa]s?|yo|mi|nós|noss[oa]s?|meu|minha|noi|nostr[oa]|mio|mia|wij|ons|onze|ik|mijn|nas|nasz\p{L}*|мы|нас|наш\p{L}*|biz|bizim)(?!\p{L})|我们|我們|私|弊社|うち|우리/iu
const NAME = /(?<=\p{L}[ ,:])\p{Lu}[\p{L}\d+#.]*/gu

/** True for a sentence that says of a technology what is so for everybody. */
export function isWorldKnowledge(sentence: string): boolean {
  const subject = /^[\p{L}\d+#]{1,20}(?=[ はがで处可은는이가])/u.exec(sentence)?.[0] ?? ''
  if (!isTechnology(/^[A-Za-z]+/.exec(subject)?.[0] ?? subject) || OURS.test(sentence)) return false
  return (sentence.match(NAME) ?? []).every((name) => isTechnology(name.replace(/\.$/, '')))
}

/** What the news are about. */
const IN_THE_NEWS =
  /^(?:(?:btw|fyi|so|and|wow|apparently),? )?(?:the )?(?:fed|ecb|federal reserve|central bank|government|parliament|senate|congress|supreme court|european union|eu|nato|united nations|pentagon|white house|(?:president|king|queen|mayor|governor|police|pope|chancellor|parliament|government) of|(?:prime|foreign|interior|finance|health) minister|city council|inflation|unemployment|oil|crude|gold|bitcoin|ethereum|stocks|stock market|dow|nasdaq|interest rates|minimum wage|gas prices|house prices|economy)(?!\p{L})/iu
/** What countries, companies and clubs do in the news. */
const NEWSWORTHY =
  /^(?<who>(?:\p{Lu}[\p{L}\d&.-]{1,20} ){1,2})(?:has |have |just |finally ){0,2}(?:won|beat|bought|acquired|released|launched|announced|unveiled|laid off|invaded|banned|elected|defeated|sued|raised (?:its|their|the|prices)|cut (?:its|their|\d)|reported (?:a|record)|traded|signed a (?:deal|treaty))(?!\p{L})/u

/** "Bitcoin is 30 % of the portfolio": a share of what one owns. */
const OF_OWNED = /(?<!\p{L})(?:is|are|makes? up) [^.!?]{1,30} of the (?:portfolio|savings|fund)(?=[.!,]|$)/iu
/** Whose relative somebody in office is, or knows. */
const KIN =
  /^(?:the )?(?:king|queen|mayor|governor|police|pope|chancellor) of (?:(?-i:\p{Lu})[\p{L}-]{1,20} ){1,3}[^.!?]{0,60}(?<!\p{L})(?:(?-i:\p{Lu})\p{L}+['’]s? (?:\p{L}{1,12}[ -])?(?:uncle|aunt|father|mother|dad|mum|mom|brother|sister|cousin|son|daughter|husband|wife|partner|friend|boss|neighbou?r|nephew|niece)|(?:uncle|aunt|cousin|friend|brother|sister) of (?-i:\p{Lu}))/iu

/** True for news of the world, of which nothing is said to be the speaker's. */
export function isWorldNews(sentence: string): boolean {
  if (OWN_NEWS.test(sentence) || OF_OWNED.test(sentence)) return false
  if (IN_THE_NEWS.test(sentence)) return !KIN.test(sentence)
  const who = NEWSWORTHY.exec(sentence)?.groups?.who?.trim()
  return who !== undefined && ['place', 'company', 'tool'].includes(nameKind(who) ?? '')
}
const OWN_NEWS = /(?<!\p{L})(?:we|our|ours|us|i|my|me|mine)(?!\p{L})/iu

/** True for the name of a language, a program or a service that is used for building software. */
export function isTechnology(name: string): boolean {
  return TECHNOLOGIES.has(name.toLowerCase())
}
