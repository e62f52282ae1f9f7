import { stem } from '../../ai/local/stem.ts'

/**
 * Owns which words code has where a question has others: `ptr` for a pointer, `u16` for an unsigned integer, `find` for the first occurrence. Pure.
 * The pairs were taken from 21,000 doc comments and the names below them, and completed by hand; by the first word of a question, both as stems.
 */

const IN_CODE = `
create: new make build construct init generate
construct: new make create build
instantiate: new create make
instance: new
generate: make create gen build
remove: delete erase drop discard pop strip clear unset
delete: remove erase drop unlink destroy
erase: remove delete clear
discard: drop skip
strip: trim remove
clear: reset empty
get: fetch read load find lookup retrieve obtain
retrieve: get fetch load find lookup
obtain: get fetch
fetch: get load
read: get parse
look: find get
lookup: find get
search: find lookup query
find: search locate index lookup
locate: find
occurrence: find index
position: index find offset pos
index: idx pos find
set: put assign update
assign: set
write: put emit print
store: put set save write
save: store write persist
put: set insert push
add: append push insert register put
append: add push
insert: add put
check: validate verify test ensure
determine: check
verify: check validate
validate: check verify valid
ensure: check assert require
compare: equals cmp equal eq
equal: equals eq same
same: equals eq
identical: equals same
convert: parse cast transform
transform: map convert apply
change: set update modify
update: set refresh
modify: update set
parse: read decode
decode: parse unescape
encode: serialize escape
serialize: write encode dump
deserialize: read parse load
start: begin run open launch
begin: start open
run: execute invoke call
execute: run invoke call exec
invoke: call run execute
call: invoke apply
stop: end close cancel shutdown
end: finish close stop
finish: end complete done close
close: dispose shutdown end
release: free dispose unlock close
free: release dispose destroy
wait: await sleep block
send: emit publish dispatch push write
receive: recv read
raise: throw emit trigger fire
throw: raise fail
fire: trigger emit dispatch
notify: emit
listen: subscribe watch
handle: process
process: handle
copy: clone dup duplicate
clone: copy dup
duplicate: copy clone dup
combine: merge concat join
concatenate: concat join append
join: concat merge
merge: combine concat join
divide: split div
split: divide partition cut
sort: order
reverse: rev
iterate: each iter walk
iterator: iter
callback: handler fn cb
count: len size num length
number: num count n size
length: len size count
size: len length count
capacity: reserve
maximum: max limit
minimum: min
amount: count size
total: sum count
first: head begin front start
last: tail end back
next: advance
previous: prev
prefix: start starts
suffix: end ends
single: one
multiple: many all multi
every: all each
entire: all whole
any: some
empty: clear blank
display: show render print
show: display render
output: print write out
print: write format log
format: fmt
message: msg
string: str text
text: str string
character: char ch rune
codepoint: char rune
integer: int i8 i16 i32 i64 i128 long
unsigned: u8 u16 u32 u64 u128 uint uint8 uint16 uint32 uint64 ubyte ushort ulong
signed: i8 i16 i32 i64 i128 int int8 int16 int32 int64
floating: float double f32 f64
boolean: bool
pointer: ptr
reference: ref
mutable: mut
immutable: const
big: be
little: le
native: ne
endian: be le
address: addr
buffer: buf
identifier: id
information: info
configuration: config cfg conf options settings
configure: config setup options
option: opt config
parameter: param arg
argument: arg param
directory: dir folder path
folder: dir
environment: env
variable: var
temporary: tmp temp
asynchronous: async
synchronous: sync
hexadecimal: hex
random: rand
source: src
destination: dst dest target
function: fn func callback
request: req
response: res resp
context: ctx
connection: conn
database: db
document: doc
element: el elem item
button: btn
image: img
package: pkg
command: cmd
error: err exception
exception: error err
failure: error fail
application: app
authenticate: auth login
authorize: auth
allow: enable permit
disable: off
ignore: skip
skip: ignore advance
consume: take advance read
attempt: try
fallback: default
between: range
bound: clamp limit
limit: max take clamp
unregister: remove
replace: sub swap
swap: replace exchange
escape: quote encode
resolve: get find lookup
compute: calculate get
calculate: compute get
hash: digest checksum
timestamp: time
duration: time interval timeout
elapsed: time
delay: timeout sleep
schedule: enqueue queue later
load: read get import
evaluate: eval
property: prop attribute field
attribute: attr property
table: tbl
column: col
row: record
collection: list array
array: list slice vec
dictionary: dict map hash
vector: vec
`

/** Words of sentences about code that code itself seldom has: rare there, they would seem to say the most. */
const OF_SENTENCES =
  'given specified provided determines associated indicates ensures otherwise needed allows notes used using calls current corresponding optional ' +
  'appropriate particular certain necessary available possible desired underlying represents returned via whenever'

const CODE_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  IN_CODE.trim()
    .split('\n')
    .map((line) => {
      const [asked = '', inCode = ''] = line.split(': ')
      return [stem(asked), new Set(inCode.split(' ').map(stem))]
    }),
)
const SENTENCE_WORDS: ReadonlySet<string> = new Set(OF_SENTENCES.split(' ').map(stem))
const NONE: ReadonlySet<string> = new Set()

/** The terms that code may have for one of a question. */
export function codeWordsFor(term: string): ReadonlySet<string> {
  return CODE_WORDS.get(term) ?? NONE
}

/** True for a term of sentences about code, whatever they are about. */
export function isSentenceWord(term: string): boolean {
  return SENTENCE_WORDS.has(term)
}
