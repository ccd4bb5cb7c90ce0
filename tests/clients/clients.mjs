// Stripe's own clients: the newest major, and one of the generation before.
import Stripe17 from 'stripe-17';
import Stripe23 from 'stripe-23';

const api_key = 'sk_test_fake';

export const clients = [
    { name: `stripe ${Stripe17.PACKAGE_VERSION}`, major: 17, Stripe: Stripe17 },
    { name: `stripe ${Stripe23.PACKAGE_VERSION}`, major: 23, Stripe: Stripe23 },
].map((client) => ({ ...client, webhooks: new client.Stripe(api_key).webhooks }));
