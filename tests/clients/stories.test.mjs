// Goal: what the simulator signs and tells, Stripe's own clients take for Stripe's. Method: every story that the plugin
// lists, in an old, a middle and the newest version, each delivery given to each client's constructEvent.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync } from 'node:fs';

import { clients } from './clients.mjs';
import { shop } from './daemon.mjs';

const secret = 'whsec_clients_stories';
/// A story runs over months: how old a delivery is decides nothing here.
const any_age_s = 100 * 366 * 86400;
const versions = [undefined, '2025-02-24.acacia', '2020-08-27'];

function check_event(client, delivery) {
    const header = delivery.headers.find((each) => each.name === 'Stripe-Signature').value;
    const event = client.webhooks.constructEvent(delivery.body, header, secret, any_age_s);
    assert.match(event.id, /^evt_\w+$/);
    assert.equal(event.object, 'event');
    assert.equal(event.type, delivery.event);
    assert.equal(event.livemode, false);
    assert.ok(Number.isInteger(event.created) && event.created > 1500000000, `created: ${event.created}`);
    assert.equal(typeof event.api_version, 'string');
    assert.equal(typeof event.data.object.object, 'string');
    const changed = delivery.body.replace(/}\s*$/, ' }');
    assert.throws(() => client.webhooks.constructEvent(changed, header, secret, any_age_s),
        client.Stripe.errors.StripeSignatureVerificationError);
}

/// A thin event has a notification for its envelope, and another function that reads it.
function check_thin(client, delivery) {
    const header = delivery.headers.find((each) => each.name === 'Stripe-Signature').value;
    assert.equal(client.webhooks.signature.verifyHeader(delivery.body, header, secret, any_age_s), true);
    assert.equal(JSON.parse(delivery.body).type, delivery.event);
}

describe('the stories and the clients', () => {
    let seller;
    let stories;
    before(async () => {
        seller = await shop.open();
        await seller.connect([secret]);
        stories = (await seller.run(['trigger', 'stripe', '--list', '--json'])).stories.map((each) => each.story);
    });
    after(() => seller?.close());

    // What did not exist yet in a version cannot be told in it; the file says since when it does.
    const tells_of_something_newer = (story, version) => {
        const file = `${process.env.TRIBUTARY_STORIES}/${story}.json`;
        return version < (JSON.parse(readFileSync(file, 'utf8')).since ?? '');
    };
    const tell = (story, version) => seller.run(['trigger', 'stripe', story, '--dry-run', '--json', '--seed', '7',
        '--at', 'now', ...(version ? ['--api-version', version] : [])]);

    test('there are stories', () => assert.ok(stories.length >= 10, stories.join(' ')));

    for (const version of versions)
        test(`every delivery in ${version ?? 'the newest version'} is Stripe's to each client`, async (context) => {
            let checked = 0;
            for (const story of stories) {
                if (version && tells_of_something_newer(story, version))
                    continue;
                const { deliveries } = await tell(story, version);
                assert.ok(deliveries.length > 0, `${story} tells nothing`);
                for (const delivery of deliveries)
                    for (const client of clients) {
                        const thin = JSON.parse(delivery.body).object === 'v2.core.event';
                        (thin ? check_thin : check_event)(client, delivery);
                        ++checked;
                    }
            }
            context.diagnostic(`${stories.length} stories, ${checked} deliveries taken`);
        });
});
