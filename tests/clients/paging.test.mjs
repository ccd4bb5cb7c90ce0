// Goal: the fake of Stripe's API is one to Stripe's own clients, so that what the plugin does with it counts. Method: the
// clients' paging, filters and errors against fake_stripe on loopback.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

import { clients } from './clients.mjs';
import { end } from './daemon.mjs';

const program = process.env.TRIBUTARY_FAKE_STRIPE ?? '';
const customer_count = 250;

async function start_fake() {
    const child = spawn(program, ['--port', '0', '--customers', String(customer_count), '--subscriptions', '20',
        '--deny', 'rak_dispute_read'], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
        const found = /listening on 127\.0\.0\.1:(\d+)/.exec(line);
        if (found)
            return { child, port: Number(found[1]) };
    }
    throw new Error('fake_stripe ended before it listened');
}

describe('the fake and the clients', () => {
    let fake;
    before(async () => {
        fake = await start_fake();
    });
    after(() => fake && end(fake.child));

    const control = async (what, body, method = 'POST') => {
        const answer = await fetch(`http://127.0.0.1:${fake.port}/_fake/${what}`,
            { method, ...(body && { body: JSON.stringify(body) }) });
        assert.equal(answer.status, 200);
        return answer.json();
    };
    const api = (client, key = 'sk_test_fake', more = {}) => new client.Stripe(key,
        { host: '127.0.0.1', port: fake.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...more });
    const refusal = async (promise) => {
        try {
            await promise;
        } catch (refused) {
            return refused;
        }
        return assert.fail('nothing was refused');
    };

    for (const client of clients) {
        test(`${client.name}: pages through all customers, each once`, async () => {
            await control('requests', undefined, 'DELETE');
            const ids = new Set();
            let last_created = Infinity;
            await api(client).customers.list({ limit: 100 }).autoPagingEach((customer) => {
                assert.ok(customer.created <= last_created, 'newest first');
                last_created = customer.created;
                ids.add(customer.id);
            });
            assert.equal(ids.size, customer_count);
            assert.equal((await control('requests', undefined, 'GET')).length, 3);
        });

        test(`${client.name}: pages backwards and by ten`, async () => {
            const first = await api(client).customers.list();
            assert.equal(first.data.length, 10);
            assert.equal(first.has_more, true);
            const next = await api(client).customers.list({ starting_after: first.data[9].id });
            const back = await api(client).customers.list({ ending_before: next.data[0].id });
            assert.deepEqual(back.data.map((each) => each.id), first.data.map((each) => each.id));
        });

        test(`${client.name}: filters`, async () => {
            const one = await api(client).customers.list({ email: 'person7@example.com' });
            assert.deepEqual(one.data.map((each) => each.email), ['person7@example.com']);
            const [newest] = (await api(client).customers.list({ limit: 1 })).data;
            const since = await api(client).customers.list({ created: { gte: newest.created } });
            assert.ok(since.data.every((each) => each.created >= newest.created) && since.data.length > 0);
            const later = await api(client).customers.list({ created: { gt: newest.created } });
            assert.deepEqual(later.data, []);
            const going = await api(client).subscriptions.list({ limit: 100 });
            const all = await api(client).subscriptions.list({ limit: 100, status: 'all' });
            assert.ok(going.data.length < all.data.length, 'ended subscriptions are listed only when asked for');
        });

        test(`${client.name}: retrieves one, and a stub of one that was deleted`, async () => {
            const [known] = (await api(client).customers.list({ limit: 1 })).data;
            assert.equal((await api(client).customers.retrieve(known.id)).email, known.email);
            await control('objects', { id: 'cus_gone', object: 'customer', created: 30, deleted: true, email: 'a@b.c' });
            const gone = await api(client).customers.retrieve('cus_gone');
            assert.deepEqual({ ...gone }, { id: 'cus_gone', object: 'customer', deleted: true });
        });

        test(`${client.name}: refusals are the client's own errors`, async () => {
            const { errors } = client.Stripe;
            const absent = await refusal(api(client).customers.retrieve('cus_absent'));
            assert.ok(absent instanceof errors.StripeInvalidRequestError, absent.stack);
            assert.deepEqual([absent.statusCode, absent.code], [404, 'resource_missing']);
            const stranger = await refusal(api(client, 'sk_test_of_somebody_else').customers.list());
            assert.ok(stranger instanceof errors.StripeAuthenticationError, stranger.stack);
            assert.equal(stranger.statusCode, 401);
            const denied = await refusal(api(client, 'rk_test_fake').disputes.list());
            assert.ok(denied instanceof errors.StripePermissionError, denied.stack);
            assert.equal(denied.statusCode, 403);
            assert.match(denied.message, /rak_dispute_read/);
            assert.equal((await api(client, 'rk_test_fake').customers.list({ limit: 1 })).data.length, 1);
        });

        test(`${client.name}: a 429 is raised at once, unless the answer says to try again`, async () => {
            const retrying = api(client, 'sk_test_fake', { maxNetworkRetries: 2 });
            await control('faults', { kind: '429', path: '/v1/customers', times: 1 });
            const limited = await refusal(retrying.customers.list());
            assert.ok(limited instanceof client.Stripe.errors.StripeRateLimitError, limited.stack);
            assert.equal(limited.statusCode, 429);
            await control('faults', { kind: '429', path: '/v1/customers', times: 1, should_retry: 'true' });
            assert.equal((await retrying.customers.list({ limit: 1 })).data.length, 1);
            await control('faults', undefined, 'DELETE');
        });
    }
});
