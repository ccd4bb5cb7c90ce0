// Other engines of CEL over the same events. Prints lines as bench_rules does.
//   node peers.mjs ENGINE WORK.json REPEATS MILLISECONDS
// WORK.json is what `bench_rules --work` wrote: events, expressions, and what ours answered to each.
import { readFileSync } from "node:fs";

const engines = {
    "@marcbachmann/cel-js": async (name) => {
        const { Environment } = await import(name);
        // Maps: objects with a schema are wrapped in each evaluation, which takes twice as long.
        const environment = new Environment()
            .registerVariable("sale", "map")
            .registerVariable("customer", "map")
            .registerVariable("partner", "map")
            .registerVariable("ip", "string")
            .registerVariable("path", "string")
            .registerVariable("token", "string");
        return (expression) => {
            const parsed = environment.parse(expression);
            // Types are checked when somebody asks.
            if (!parsed.check().valid) throw new Error(`${name} refuses ${expression}`);
            return parsed;
        };
    },
    "@bufbuild/cel": async (name) => {
        const { celEnv, parse, plan } = await import(name);
        const environment = celEnv();
        return (expression) => plan(environment, parse(expression));
    },
};

/** Whole numbers are the language's ints, which both packages know as BigInt. */
function withInts(given) {
    if (typeof given === "number") return BigInt(given);
    if (typeof given !== "object") return given;
    return Object.fromEntries(Object.entries(given).map(([key, held]) => [key, withInts(held)]));
}

/** The answers of all rules as bits. */
function answersTo(event, rules) {
    let met = 0;
    for (let i = 0; i < rules.length; ++i) {
        const answer = rules[i](event);
        if (typeof answer !== "boolean") throw new Error(`no bool but ${answer}`);
        if (answer) met |= 1 << i;
    }
    return met;
}

function subjectOf(one, compile) {
    const rules = one.expressions.map(compile);
    const events = one.events.map(withInts);
    events.forEach((event, at) => {
        const met = answersTo(event, rules);
        if (met !== one.answers[at])
            throw new Error(`it answers ${met} to event ${at} of "${one.row}", ours ${one.answers[at]}`);
    });
    const expected = one.answers.reduce((sum, met) => sum + met, 0);
    const pass = () => {
        let sum = 0;
        for (const event of events) sum += answersTo(event, rules);
        if (sum !== expected) throw new Error(`it answers otherwise in "${one.row}"`);
    };
    return { row: one.row, unit: "ns", perPass: events.length, passes: 1, pass };
}

/** Microseconds of this process's processor time, whatever its threads did. */
function timeOf(subject) {
    const before = process.cpuUsage();
    for (let i = 0; i < subject.passes; ++i) subject.pass();
    const { user, system } = process.cpuUsage(before);
    return user + system;
}

const [engine, file, repeats, milliseconds] = process.argv.slice(2);
const slice = Number(milliseconds) * 1000;
const work = JSON.parse(readFileSync(file, "utf8"));
const compile = await engines[engine](engine);
const subjects = work.cases.map((one) => subjectOf(one, compile));
subjects.push({
    row: work.compile.row,
    unit: "us",
    perPass: 1,
    passes: 1,
    pass: () => compile(work.compile.expression),
});

for (const subject of subjects) {
    // Warm: compiled by the machine, too.
    let took = 0;
    while ((took = timeOf(subject)) < slice / 2) subject.passes *= 2;
    subject.passes = Math.max(1, Math.round((subject.passes * slice) / took));
    subject.values = [];
}
for (let repeat = 0; repeat < Number(repeats); ++repeat)
    for (const subject of subjects) {
        const each = timeOf(subject) / subject.passes / subject.perPass;
        subject.values.push(subject.unit === "ns" ? each * 1000 : each);
    }
for (const { row, unit, values } of subjects)
    console.log(JSON.stringify({ row, subject: engine, role: "peer", unit, values }));
