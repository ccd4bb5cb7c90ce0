// Goal: what Stripe's own clients sign, a real daemon takes and books; what was changed on the way it refuses with its
// reason. Method: each client's own generator of test headers, bodies of every odd form, a daemon on loopback.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { clients } from './clients.mjs';
import { shop } from './daemon.mjs';

const newest = 'whsec_clients_newest';
const oldest = 'whsec_clients_oldest';

function customer_event(id, more = {}) {
    const object = { id: `cus_${id}`, object: 'customer', created: 1760000000, email: `${id}@example.com`, ...more };
    return {
        id: `evt_${id}`, object: 'event', type: 'customer.created', created: 1760000000, livemode: false,
        api_version: '2026-10-28.endive', data: { object },
    };
}

const pretty = (event) => JSON.stringify(event, null, 2);
const forms = [
    ['on one line', (id) => JSON.stringify(customer_event(id))],
    ['pretty printed, as Stripe sends it', (id) => pretty(customer_event(id))],
    ['with CR LF', (id) => pretty(customer_event(id)).replaceAll('\n', '\r\n')],
    ['with UTF-8', (id) => pretty(customer_event(id, { name: 'Zoë 😀 Łukasz 株式会社 \u2028' }))],
    ['with escapes', (id) => pretty(customer_event(id, { name: 'Zoë' })).replace('ë', '\\u00eb')],
    ['of half a megabyte', (id) => pretty(customer_event(id, { description: 'x'.repeat(512 * 1024) }))],
];

describe('a daemon and what the clients sign', () => {
    let seller;
    let connection;
    before(async () => {
        seller = await shop.open();
        connection = await seller.connect([oldest, newest]);
        await seller.start();
    });
    after(() => seller?.close());

    const now_s = () => Math.floor(Date.now() / 1000);
    const sign = (client, payload, secret = newest, timestamp = now_s()) =>
        client.webhooks.generateTestHeaderString({ payload, secret, timestamp });

    for (const client of clients) {
        for (const [index, [form, make]] of forms.entries())
            test(`${client.name}: a body ${form} is taken and booked`, async () => {
                const id = `form${client.major}${index}`;
                const body = make(id);
                assert.deepEqual(await seller.post(connection, sign(client, body), body), { status: 200, code: '' });
                assert.equal((await seller.booked(connection, `evt_${id}`)).event_type, 'customer.created');
            });

        test(`${client.name}: either of two secrets is taken, also both in one header`, async () => {
            for (const [index, secrets] of [[oldest], [newest], ['whsec_other', oldest]].entries()) {
                const id = `secret${client.major}${index}`;
                const body = pretty(customer_event(id));
                const at = now_s();
                const [first, ...others] = secrets.map((secret) => sign(client, body, secret, at));
                const header = [first, ...others.map((each) => each.slice(each.indexOf('v1=')))].join(',');
                assert.equal((await seller.post(connection, header, body)).status, 200, header);
                await seller.booked(connection, `evt_${id}`);
            }
        });

        test(`${client.name}: what was changed on the way is refused with its reason`, async () => {
            const body = pretty(customer_event(`changed${client.major}`));
            const header = sign(client, body);
            const refusals = [
                ['signature_mismatch', header, `${body} `],
                ['signature_mismatch', header, body.replace('customer.created', 'customer.deleted')],
                ['signature_mismatch', header, body.replaceAll('\n', '\r\n')],
                ['signature_mismatch', header, JSON.stringify(JSON.parse(body))],
                ['signature_mismatch', sign(client, body, 'whsec_of_somebody_else'), body],
                ['signature_mismatch', header.replace(/t=\d+/, `t=${now_s() - 1}`), body],
                ['stale_timestamp', sign(client, body, newest, now_s() - 301), body],
                ['timestamp_in_future', sign(client, body, newest, now_s() + 400), body],
                ['no_v1_signature', header.replace('v1=', 'v0='), body],
                ['no_timestamp', header.replace('t=', 's='), body],
                ['no_signature_header', '', body],
                ['empty_body', header, ''],
            ];
            for (const [code, given, sent] of refusals)
                assert.deepEqual(await seller.post(connection, given, sent), { status: 401, code }, given);
        });
    }

    test('nothing that was refused is in the inbox', async () => {
        const { records } = await seller.run(
            ['inbox', 'list', '--connection', connection, '--limit', '1000', '--json']);
        assert.deepEqual(records.filter((each) => each.dedupe_key.includes('changed')), []);
        assert.equal(records.length, clients.length * (forms.length + 3));
    });
});
