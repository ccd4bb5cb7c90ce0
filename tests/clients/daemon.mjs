// A daemon of the build under test, on loopback and in a directory of its own, and the command line beside it.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const build = process.env.TRIBUTARY_BUILD;
if (!build)
    throw new Error('TRIBUTARY_BUILD is not set; start these tests with tests/clients/run');

/// Ends a process that was started here, and waits for it.
export async function end(child) {
    if (child.exitCode !== null || child.signalCode !== null)
        return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
}

/// Asks until `ask` gives something, for ten seconds.
export async function wait_for(what, ask) {
    for (let attempt = 0; attempt < 200; ++attempt) {
        const found = await ask();
        if (found)
            return found;
        await sleep(50);
    }
    throw new Error(`${what} did not happen within 10 s`);
}

export class shop {
    static async open() {
        const made = new shop();
        made.directory = await mkdtemp(join(tmpdir(), 'tributary-clients.'));
        await made.run(['init', '--dir', made.directory]);
        return made;
    }

    /// Runs `tributary`; the input goes to its standard input. Its answer in JSON where there is one.
    run(given, input = '') {
        const environment = { ...process.env };
        for (const name of Object.keys(environment))
            if (name.startsWith('TRIBUTARY_'))
                delete environment[name];
        environment.TRIBUTARY_SERVER_LISTEN = environment.TRIBUTARY_ADMIN_LISTEN = '127.0.0.1:0';
        this.environment = environment;
        return new Promise((resolve, reject) => {
            const how = { cwd: this.directory, env: environment, maxBuffer: 64 * 1024 * 1024 };
            const child = execFile(join(build, 'bin/tributary'), given, how, (failed, out, said) => {
                if (failed)
                    reject(new Error(`tributary ${given.join(' ')}: ${said}`));
                else
                    resolve(given.includes('--json') ? JSON.parse(out) : out);
            });
            child.stdin.end(input);
        });
    }

    /// A sandbox connection to Stripe with these secrets, the oldest first. Its id.
    async connect(secrets, realm = 'stripe:acct_clients') {
        const made = await this.run(
            ['connection', 'create', '--provider', 'stripe', '--realm', realm, '--sandbox', '--secret', 'signing=-',
                '--json'], secrets[0]);
        for (const secret of secrets.slice(1))
            await this.run(['connection', 'secret', 'add', made.connection_id, 'signing=-'], secret);
        return made.connection_id;
    }

    async start() {
        const log = join(this.directory, 'daemon.log');
        const file = await open(log, 'w');
        this.daemon = spawn(join(build, 'bin/tributaryd'), [],
            { cwd: this.directory, env: this.environment, stdio: ['ignore', 'ignore', file.fd] });
        await file.close();
        this.base = await wait_for('the start of the daemon', async () => {
            const found = /event=listening public=(\S+)/.exec(await readFile(log, 'utf8'));
            return found && `http://${found[1]}`;
        });
    }

    /// Delivers a webhook; status and the answer's code.
    async post(connection, header, body) {
        const headers = { 'Content-Type': 'application/json', ...(header && { 'Stripe-Signature': header }) };
        const answer = await fetch(`${this.base}/webhooks/${connection}`, { method: 'POST', headers, body });
        const text = await answer.text();
        return { status: answer.status, code: text ? JSON.parse(text).error.code : '' };
    }

    /// The record of an event once nothing is to be done with it any more.
    booked(connection, event_id) {
        return wait_for(`the booking of ${event_id}`, async () => {
            const { records } = await this.run(['inbox', 'list', '--connection', connection, '--limit', '1000', '--json']);
            return records.find((each) => each.dedupe_key === event_id && each.state === 'done');
        });
    }

    async close() {
        if (this.daemon)
            await end(this.daemon);
        await rm(this.directory, { recursive: true });
    }
}
