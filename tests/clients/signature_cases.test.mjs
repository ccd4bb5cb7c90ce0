// Goal: the cases that the plugin's own tests judge by (tests/plugins/stripe/verify_test.cpp) are what Stripe's clients
// say, of both majors; and where the majors differ, the plugin is known to go with the newer one. Method: their verdict
// on each case of the shared file, at the time that the case names.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { clients } from './clients.mjs';

const file = process.env.TRIBUTARY_SIGNATURE_CASES ?? '';
const missing = existsSync(file) ? false : 'the shared cases are not at hand';

function verdict(client, { payload, header, secret, tolerance, received_at }) {
    try {
        client.webhooks.constructEvent(payload, header, secret, tolerance, undefined, received_at * 1000);
        return 'accept';
    } catch (refused) {
        assert.ok(refused instanceof client.Stripe.errors.StripeSignatureVerificationError, refused.stack);
        return 'reject';
    }
}

function signed(client, secret, timestamp) {
    const payload = JSON.stringify({ id: 'evt_1', object: 'event' });
    return { payload, secret, header: client.webhooks.generateTestHeaderString({ payload, secret, timestamp }) };
}

describe('the shared cases of signatures', { skip: missing }, () => {
    const cases = missing ? [] : JSON.parse(readFileSync(file, 'utf8'));
    for (const client of clients)
        test(`${client.name} says what the cases say`, (context) => {
            assert.ok(cases.length >= 20, 'there are cases');
            for (const given of cases)
                assert.equal(verdict(client, given), given.official_client, given.name);
            context.diagnostic(`${cases.length} cases alike`);
        });
});

// What changed between the majors. The plugin goes with the newer one in both (settings.cpp, signature.cpp).
describe('where the majors differ', () => {
    const signed_at = 1700000000;
    for (const client of clients) {
        const newer = client.major >= 23;
        test(`${client.name}: a tolerance of 0 ${newer ? 'takes any age' : 'is the default'}`, () => {
            const given = { ...signed(client, 'whsec_1', signed_at), tolerance: 0, received_at: signed_at + 301 };
            assert.equal(verdict(client, given), newer ? 'accept' : 'reject');
        });
        test(`${client.name}: a secret of blanks ${newer ? 'is refused' : 'is a secret'}`, () => {
            const [older] = clients; // The newer one does not even sign with it.
            const given = { ...signed(older, '   ', signed_at), tolerance: 300, received_at: signed_at };
            assert.equal(verdict(client, given), newer ? 'reject' : 'accept');
        });
    }
});
