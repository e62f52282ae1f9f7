/**
 * The formats of keys that providers hand out: how each begins, which characters follow, and how many. As the providers document or show them; a
 * table, so that a new format is a row. Tried first to last, so that the more telling prefix stands first.
 */

/** What the characters after a prefix may be: hexadecimal, small letters and digits, capitals and digits, letters and digits, these with `_-`, with `.` too, base64. */
export type KeyBody = 'hex' | 'lower' | 'upper' | 'alnum' | 'word' | 'dotted' | 'base64'

export type KeyFormat = {
  readonly kind: string
  readonly prefix: string
  readonly body: KeyBody
  readonly minChars: number
  /** A longer run is something else. */
  readonly maxChars: number
}

/** A row is: kind, prefixes divided by bars, characters, and their number; `20+` is twenty or more. */
const ROWS = `
anthropic-key     sk-ant-                                                 word   16+
openrouter-key    sk-or-                                                  word   20+
langfuse-key      sk-lf-                                                  word   20+
openai-key        sk-                                                     word   20+
groq-key          gsk_                                                    alnum  30+
huggingface-token hf_|api_org_                                            alnum  30+
xai-key           xai-                                                    alnum  40+
perplexity-key    pplx-                                                   alnum  32+
replicate-token   r8_                                                     alnum  30+
nvidia-key        nvapi-                                                  word   40+
cerebras-key      csk-                                                    alnum  32+
fireworks-key     fw_                                                     alnum  22+
together-key      tgp_v1_                                                 word   30+
voyage-key        pa-                                                     word   40+
jina-key          jina_                                                   word   40+
langsmith-key     lsv2_pt_|lsv2_sk_|ls__                                  word   32+
elevenlabs-key    sk_                                                     hex    40+
tavily-key        tvly-                                                   word   20+
firecrawl-key     fc-                                                     hex    32
e2b-key           e2b_                                                    hex    36+
pinecone-key      pcsk_                                                   word   40+
llamacloud-key    llx-                                                    alnum  40+
mem0-key          m0-                                                     alnum  36+
apify-token       apify_api_                                              alnum  30+
wandb-key         wandb_v1_                                               word   40+
cursor-key        key_                                                    hex    64
vercel-token      vcp_|vck_|vci_|vca_|vcr_                                alnum  24+
aws-key           AKIA|ASIA|ABIA|ACCA                                     upper  16
vercel-token      vercel_blob_rw_                                         word   30+
aws-key           ABSK|bedrock-api-key-                                   base64 80+
aws-key           FwoGZXIvYXdz|IQoJb3JpZ2lu                               base64 100+
google-key        AIza                                                    word   35
google-key        ya29.|GOCSPX-                                           word   20+
twitter-token     AAAAAAAAAAAAAAAAAAAA                                    base64 60+
runpod-key        rpa_                                                    upper  40+
cursor-key        crsr_                                                   hex    64
wallet-key        xprv|yprv|zprv                                          alnum  90+
nostr-key         nsec1                                                   lower  58
valtown-token     vtwn_                                                   alnum  24+
honeycomb-key     hcaik_|hcbik_|hcamk_                                    alnum  40+
logfire-token     pylf_v1_                                                word   40+
google-key        AQ.                                                     word   40+
alibaba-key       LTAI                                                    alnum  12+
tencent-key       AKID                                                    alnum  28+
yandex-key        AQVN                                                    word   35+
digitalocean-token dop_v1_|doo_v1_|dor_v1_                                hex    64
cloudflare-token  cfut_|cfat_|cfk_                                        word   40+
fly-token         fm1a_|fm1r_|fm2_|fo1_                                   base64 40+
heroku-key        HRKU-                                                   word   36+
netlify-token     nfp_|nfc_|nfo_|nfu_                                     alnum  36+
render-key        rnd_                                                    alnum  28+
planetscale-token pscale_tkn_|pscale_pw_|pscale_oauth_                    dotted 32+
supabase-key      sbp_                                                    hex    40
supabase-key      sb_secret_                                              word   20+
neon-key          napi_                                                   lower  40+
mongodb-key       mdb_sa_sk_                                              word   30+
clickhouse-key    4b1d                                                    alnum  38
databricks-token  dapi                                                    hex    32
afterturn-key     aft_                                                    word   63
github-token      ghp_|gho_|ghu_|ghs_|ghr_                                alnum  16+
github-token      github_pat_                                             word   20+
gitlab-token      glpat-|gldt-|glrt-|glcbt-|glptt-|glft-|glimt-|glagent-|glsoat-|glffct-|GR1348941 dotted 16+
atlassian-token   ATATT3|ATCTT3|ATBB                                      base64 28+
npm-token         npm_                                                    alnum  30+
pypi-token        pypi-                                                   word   50+
rubygems-key      rubygems_                                               hex    48
crates-token      cio                                                     alnum  32
nuget-key         oy2                                                     lower  43
clojars-token     CLOJARS_                                                lower  60
docker-token      dckr_pat_|dckr_oat_                                     word   20+
docker-token      eyJhdXRocyI6                                            base64 20+
artifactory-key   AKCp|cmVmd                                              alnum  58+
vault-token       hvs.|hvb.|hvr.                                          word   24+
pulumi-token      pul-                                                    hex    40
doppler-token     dp.pt.|dp.st.|dp.ct.|dp.sa.|dp.scim.|dp.audit.          dotted 40+
infisical-token   st.                                                     dotted 60+
onepassword-token ops_eyJ                                                 base64 60+
onepassword-key   A3-                                                     word   30+
age-key           AGE-SECRET-KEY-1                                        upper  58
sentry-token      sntrys_eyJ                                              base64 60+
sentry-token      sntryu_                                                 hex    64
linear-key        lin_api_|lin_oauth_                                     alnum  32+
notion-token      ntn_                                                    alnum  40+
notion-token      secret_                                                 alnum  43
figma-token       figd_|figdr_|figdh_                                     word   38+
postman-key       PMAK-                                                   word   50+
grafana-token     glsa_                                                   word   36+
grafana-token     glc_                                                    base64 40+
newrelic-key      NRAK-|NRIQ-|NRII-|NRRA-|NRSP-                           word   27+
dynatrace-token   dt0c01.|dt0s01.|dt0s16.                                 dotted 80+
sonar-token       sqp_|squ_|sqa_                                          hex    40
circleci-token    CCIPAT_|CCIPRJ_                                         word   40+
buildkite-token   bkua_|bkct_|bkar_                                       alnum  32+
sourcegraph-token sgp_|sgd_|sgb_                                          word   40+
posthog-key       phx_|phs_                                               alnum  40+
launchdarkly-key  sdk-|mob-                                               word   36
tailscale-key     tskey-auth-|tskey-api-|tskey-client-|tskey-scim-        word   20+
openshift-token   sha256~                                                 word   43
slack-token       xoxb-|xoxp-|xoxa-|xoxr-|xoxs-|xoxo-|xoxc-|xoxd-|xoxe-|xoxe.xoxp-|xoxe.xoxb- word 10+
slack-token       xapp-                                                   word   20+
stripe-key        sk_live_|sk_test_|rk_live_|rk_test_|pk_secret_|sk_prod_ alnum  16+
stripe-key        whsec_                                                  base64 24+
square-token      sq0atp-|sq0csp-|sq0idp-                                 word   22+
square-token      EAAA                                                    word   56+
meta-token        EAA                                                     alnum  80+
razorpay-key      rzp_live_|rzp_test_                                     alnum  14
flutterwave-key   FLWSECK-|FLWSECK_TEST-                                  word   12+
mollie-key        live_|test_                                             alnum  30+
gocardless-token  live_|sandbox_                                          word   40
plaid-token       access-production-|access-sandbox-|access-development-  word   36
paddle-key        pdl_live_apikey_|pdl_sdbx_apikey_                       word   40+
duffel-token      duffel_live_|duffel_test_                               word   40+
shippo-token      shippo_live_|shippo_test_                               hex    40
easypost-key      EZAK|EZTK                                               alnum  54
shopify-token     shpat_|shpca_|shppa_|shpss_|shptka_                     hex    32
twilio-key        SK                                                      hex    32
sendgrid-key      SG.                                                     dotted 60+
mailgun-key       key-|pubkey-                                            hex    32
brevo-key         xkeysib-|xsmtpsib-                                      word   60+
resend-key        re_                                                     word   30+
mandrill-key      md-                                                     word   22
hubspot-token     pat-na1-|pat-na2-|pat-eu1-|pat-ap1-                     word   36
intercom-token    dG9rO                                                   base64 54+
typeform-token    tfp_                                                    word   40+
airtable-token    pat                                                     dotted 79
dropbox-token     sl.                                                     word   100+
mapbox-token      sk.eyJ                                                  dotted 60+
readme-key        rdme_                                                   lower  60+
prefect-key       pnu_|pnb_                                               alnum  36
contentful-token  CFPAT-                                                  word   40+
frameio-token     fio-u-                                                  word   60+
adobe-secret      p8e-|s8e-                                               word   32
octopus-key       API-                                                    upper  26+
unkey-key         unkey_                                                  alnum  20+
zuplo-key         zpka_                                                   word   30+
dingtalk-secret   SEC                                                     hex    64
onesignal-key     os_v2_                                                  word   40+
stytch-secret     secret-live-|secret-test-                               base64 30+
trigger-key       tr_dev_|tr_prod_|tr_stg_|tr_pat_                        alnum  20+
inngest-key       signkey-                                                word   40+
`

/** A key is shorter; a longer run is data. */
const MAX_KEY_CHARS = 2_000

/** All formats, in their order. */
export const KEY_FORMATS: readonly KeyFormat[] = ROWS.trim()
  .split('\n')
  .flatMap((row) => {
    const [kind = '', prefixes = '', body, chars = ''] = row.split(/ +/)
    const minChars = Number.parseInt(chars, 10)
    const maxChars = chars.endsWith('+') ? MAX_KEY_CHARS : minChars
    return prefixes.split('|').map((prefix) => ({ kind, prefix, body: body as KeyBody, minChars, maxChars }))
  })
