#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A finding about outside software: the npm package cloudevents 10.0.0, the CloudEvents SDK for
# JavaScript.
# Knows: how attributes become HTTP headers in its binary mode. Must never know: Keten.
#
# What surprised: it writes attributes into headers as they are, and reads them as they are. The
# HTTP binding of CloudEvents 1.0.2, section 3.1.3.2, says that a value is percent-encoded: a blank,
# a double quote, a percent sign, and whatever is outside printable ASCII; and that a receiver
# decodes it. So a subject that another SDK has encoded by the book arrives with its percent signs.
# Node's HTTP client does not send a subject with a letter outside Latin-1 at all
# (ERR_INVALID_CHAR). A Latin-1 letter leaves as one byte, which a receiver by the book does not
# expect. The structured mode carries all of them.
#
# Exits 0 while this is so, 1 when the behaviour has changed, 3 when the package cannot be had.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund cloudevents@10.0.0 >/dev/null 2>&1 || {
    echo "cloudevents-js-headers: cannot install cloudevents@10.0.0 with npm" >&2
    exit 3
}
cat > look.js <<'JS'
const { CloudEvent, HTTP } = require('cloudevents');
const http = require('http');
let failed = 0;
function same(what, expected, seen) {
  console.log(what + '\n  ' + seen);
  if (expected !== seen) {
    console.log('  changed: expected ' + expected);
    failed = 1;
  }
}
const event = (subject) => new CloudEvent({ id: '1', source: '/desk', type: 'signal', subject });
const header = (subject) => HTTP.binary(event(subject)).headers['ce-subject'];
same('a blank is not encoded', 'plan 12', header('plan 12'));
same('a letter outside ASCII is not encoded', 'caf\u00e9', header('caf\u00e9'));
same('a value encoded by the book is not decoded', 'Overdie%20%E2%82%AC',
  HTTP.toEvent({
    headers: { 'ce-id': '1', 'ce-source': '/desk', 'ce-type': 'signal', 'ce-specversion': '1.0',
               'ce-subject': 'Overdie%20%E2%82%AC' },
    body: '',
  }).subject);
let code = 'sent';
try {
  http.request({ host: '127.0.0.1', port: 9, headers: HTTP.binary(event('\u20ac 12')).headers })
    .on('error', () => {}).destroy();
} catch (error) {
  code = error.code;
}
same('a euro sign in a subject, in binary mode', 'ERR_INVALID_CHAR', code);
same('the same in structured mode', '\u20ac 12',
  HTTP.toEvent(HTTP.structured(event('\u20ac 12'))).subject);
process.exit(failed);
JS
echo "cloudevents $(node -p 'require("cloudevents/package.json").version'), node $(node --version)"
node look.js
