#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A finding about outside software: the npm package cloudevents 10.0.0, the CloudEvents SDK for
# JavaScript.
# Knows: what becomes of the attribute `time` of an event. Must never know: Keten.
#
# What surprised: an event keeps the `time` that it was given, and sends another one. The member
# `time` of the object is the text that the caller gave. The binary message, the structured message
# and JSON.stringify write it in UTC and cut to milliseconds. CloudEvents 1.0.2 takes any RFC 3339
# timestamp, with any offset and any number of decimals. So a log that prints event.time and the
# receiver's copy differ; two events of one millisecond get the same time; and the offset, which
# tells the sender's local day, is gone. An event that was received and is sent on is altered too.
#
# Exits 0 while this is so, 1 when the behaviour has changed, 3 when the package cannot be had.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund cloudevents@10.0.0 >/dev/null 2>&1 || {
    echo "cloudevents-js-time: cannot install cloudevents@10.0.0 with npm" >&2
    exit 3
}
cat > look.js <<'JS'
const { CloudEvent, HTTP } = require('cloudevents');
const given = '2026-03-02T00:30:00.123456789+01:00';
const event = new CloudEvent({ id: '1', source: '/desk', type: 'signal', time: given });
const onward = HTTP.toEvent({
  headers: { 'ce-id': '1', 'ce-source': '/desk', 'ce-type': 'signal', 'ce-specversion': '1.0',
             'ce-time': given },
  body: '',
});
const cut = '2026-03-01T23:30:00.123Z';
let failed = 0;
function same(what, expected, seen) {
  console.log(what + '\n  ' + seen);
  if (expected !== seen) {
    console.log('  changed: expected ' + expected);
    failed = 1;
  }
}
same('the time that the object tells', given, event.time);
same('the time in a binary message', cut, HTTP.binary(event).headers['ce-time']);
same('the time in a structured message', cut, JSON.parse(HTTP.structured(event).body).time);
same('the time in JSON.stringify', cut, JSON.parse(JSON.stringify(event)).time);
same('the time of a received event that is sent on', cut, HTTP.binary(onward).headers['ce-time']);
process.exit(failed);
JS
echo "cloudevents $(node -p 'require("cloudevents/package.json").version'), node $(node --version)"
node look.js
