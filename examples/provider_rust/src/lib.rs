//! Ferrous, a payment provider that does not exist: its webhooks are signed forms, see README.md.
//!
//! `verify` and `normalise` are pure functions of what they are given. Nothing that panics may cross into C: every
//! function that the host calls catches it and reports a fault instead.
#[macro_use]
mod abi;
mod form;

use abi::*;
use form::Form;
use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// How a call failed: status, word, sentence.
type Failure = (i32, &'static str, String);

unsafe fn finish(error: *const ErrorSink, call: impl FnOnce() -> Result<(), Failure>) -> i32 {
    let outcome = catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err((INTERNAL, "panic", "the plugin panicked".to_string())));
    let Err((status, code, message)) = outcome else { return OK };
    if let Some(sink) = error.as_ref() {
        if let Some(report) = sink.report {
            report(sink.ctx, Str::of(code), Str::of(&message), 0);
        }
    }
    status
}

fn malformed(member: &'static str) -> Failure {
    (INVALID, "malformed_form", format!("the member '{member}' is missing or not what it has to be"))
}
fn parse(body: &[u8]) -> Result<Form, Failure> {
    Form::parse(body).ok_or_else(|| (INVALID, "malformed_form", "the body is not a form".to_string()))
}

/// An instance has nothing of its own but the host's cryptography.
struct Instance {
    crypto: *const Crypto,
}

impl Instance {
    unsafe fn sign(&self, secret: &[u8], body: &[u8]) -> [u8; 64] {
        let mut digest = [0u8; 32];
        let mut hex = [0u8; 64];
        ((*self.crypto).hmac_sha256)(Str::of_bytes(secret), Str::of_bytes(body), digest.as_mut_ptr());
        ((*self.crypto).hex_encode)(Str::of_bytes(&digest), hex.as_mut_ptr().cast::<c_char>());
        hex
    }
}

// ---- provider ---------------------------------------------------------------------------------------------------

unsafe extern "C" fn verify(
    this: *mut c_void,
    connection: *const Connection,
    records: *const Record,
    _count: u64,
    _stride: u64,
    sink: *const VerifySink,
    error: *const ErrorSink,
) -> i32 {
    finish(error, || {
        let (instance, connection, delivery) = (&*(this as *const Instance), &*connection, &*records);
        let body = delivery.body.bytes();
        let mut given = slice(delivery.headers, delivery.header_count)
            .iter()
            .filter(|header| header.name.bytes().eq_ignore_ascii_case(b"ferrous-signature"));
        let (Some(signature), None) = (given.next(), given.next()) else {
            return Err((REJECTED, "no_signature", "there has to be one header Ferrous-Signature".to_string()));
        };
        // Anybody can sign with an empty secret. All are tried: the time says nothing about which one fits.
        let matches = slice(connection.secrets, connection.secret_count)
            .iter()
            .filter(|secret| secret.name.bytes() == b"signing" && secret.value.size != 0)
            .filter(|secret| {
                let expected = instance.sign(secret.value.bytes(), body);
                ((*instance.crypto).equal)(Str::of_bytes(&expected), signature.value) == 1
            })
            .count();
        if matches == 0 {
            return Err((REJECTED, "signature_mismatch", "no secret 'signing' gives this signature".to_string()));
        }
        let form = parse(body)?;
        if (form.text("mode").map_err(malformed)? == "live") != (connection.environment == LIVE) {
            return Err((REJECTED, "wrong_environment", "live, and the connection is not, or the reverse".to_string()));
        }
        let item = Item {
            struct_size: std::mem::size_of::<Item>() as u32,
            verdict: ITEM_ACCEPTED,
            dedupe_key: Str::of(form.text("event").map_err(malformed)?),
            content: Str::of(""),
            event_type: Str::of(form.text("type").map_err(malformed)?),
            reason: Str::of(""),
            detail: Str::of(""),
        };
        ((*sink).item)((*sink).ctx, &item);
        Ok(())
    })
}

fn money(form: &Form) -> Result<Money, &'static str> {
    let exponent = match form.text("currency")? {
        "EUR" | "USD" | "GBP" => 2,
        "JPY" => 0,
        _ => return Err("currency"), // stated, never assumed
    };
    let mut currency = [0u8; 4];
    currency[..3].copy_from_slice(form.text("currency")?.as_bytes());
    Ok(Money { amount_minor: form.integer("amount")?, currency, exponent })
}

unsafe fn tell_payment(form: &Form, sink: &FactSink) -> Result<(), Failure> {
    let total = money(form).map_err(malformed)?;
    let at_ms = form.integer("at").map_err(malformed)?;
    let tax = form.integer("tax").map_err(malformed)?;
    if tax > total.amount_minor {
        return Err(malformed("tax"));
    }
    let payment = Payment {
        struct_size: std::mem::size_of::<Payment>() as u32,
        present: PAYMENT_STATUS | PAYMENT_PAID_AT | PAYMENT_TOTAL | PAYMENT_TOTAL_WITHOUT_TAX,
        status: PAYMENT_SUCCEEDED,
        paid_at_ms: at_ms,
        total,
        total_without_tax: Money { amount_minor: total.amount_minor - tax, ..total },
        // SAFETY: integers, views and pointers; zero is a value of each, and `present` says that none of them is stated.
        ..std::mem::zeroed()
    };
    let claim = |claim_class, name, value| Claim { claim_class, reserved: 0, name: Str::of(name), value: Str::of(value) };
    let mut claims = vec![claim(CLAIM_SHARED, "customer", form.text("customer").map_err(malformed)?)];
    if let Some(user) = form.optional("user") {
        claims.push(claim(CLAIM_EXCLUSIVE, "user", user));
    }
    let fact = Fact {
        struct_size: std::mem::size_of::<Fact>() as u32,
        kind: KIND_PAYMENT,
        document_id: Str::of(form.text("id").map_err(malformed)?),
        source_time_ms: at_ms,
        occurred_at_ms: at_ms,
        claims: claims.as_ptr(),
        claim_count: claims.len() as u64,
        body: (&payment as *const Payment).cast(),
        ..std::mem::zeroed()
    };
    if (sink.emit)(sink.ctx, &fact) != OK {
        return Err((INVALID, "refused_fact", "the host refused the fact".to_string()));
    }
    Ok(())
}

unsafe extern "C" fn normalise(
    _this: *mut c_void,
    _connection: *const Connection,
    records: *const Record,
    _count: u64,
    _stride: u64,
    sink: *const FactSink,
    error: *const ErrorSink,
) -> i32 {
    finish(error, || {
        let form = parse((*records).body.bytes())?;
        if form.text("type").map_err(malformed)? == "payment.settled" {
            return tell_payment(&form, &*sink);
        }
        ((*sink).note)((*sink).ctx, Str::of("unsupported"), Str::of("not a payment that was settled"));
        Ok(())
    })
}

// ---- simulator --------------------------------------------------------------------------------------------------

unsafe extern "C" fn tell(
    this: *mut c_void,
    request: *const StoryRequest,
    sink: *const StorySink,
    error: *const ErrorSink,
) -> i32 {
    finish(error, || {
        let (instance, request, sink) = (&*(this as *const Instance), &*request, &*sink);
        if request.story.bytes() != b"sale" {
            return Err((NOT_FOUND, "not_found", "there is one story, 'sale'".to_string()));
        }
        let mode = if request.environment == LIVE { "live" } else { "test" };
        let seed = request.seed;
        let body = format!(
            "event=evt_{seed}&type=payment.settled&mode={mode}&id=pay_{seed}&customer=cus_{seed}&user=user_{seed}\
             &amount=2400&tax=400&currency=EUR&at={}",
            request.at_ms
        );
        let signature = instance.sign(request.signing_secret.bytes(), body.as_bytes());
        let headers = [Pair { name: Str::of("Ferrous-Signature"), value: Str::of_bytes(&signature) }];
        let delivery = ToldDelivery {
            struct_size: std::mem::size_of::<ToldDelivery>() as u32,
            header_count: headers.len() as u32,
            name: Str::of("payment.settled"),
            at_ms: request.at_ms,
            headers: headers.as_ptr(),
            body: Str::of(&body),
        };
        (sink.delivery)(sink.ctx, &delivery);
        (sink.expect)(sink.ctx, Str::of("sales"), 1);
        Ok(())
    })
}

// ---- life and descriptor ------------------------------------------------------------------------------------------

unsafe extern "C" fn create(host: *const Host, config: Str, error: *const ErrorSink, this: *mut *mut c_void) -> i32 {
    finish(error, || {
        if config.bytes() != b"{}" {
            return Err((INVALID, "unknown_key", "there is nothing to configure in [plugin.ferrous]".to_string()));
        }
        // The service itself is not used before start.
        let crypto = ((*host).get_service)(host, Str::of(SERVICE_CRYPTO)).cast::<Crypto>();
        *this = Box::into_raw(Box::new(Instance { crypto })).cast();
        Ok(())
    })
}
unsafe extern "C" fn start(_this: *mut c_void, _error: *const ErrorSink) -> i32 {
    OK
}
unsafe extern "C" fn stop(_this: *mut c_void) {}
unsafe extern "C" fn destroy(this: *mut c_void) {
    drop(Box::from_raw(this.cast::<Instance>()));
}

static PROVIDER: Provider = Provider {
    struct_size: std::mem::size_of::<Provider>() as u32,
    normaliser_version: 1,
    verify,
    normalise,
    reread: None,
};
static STORIES: Shared<[Story; 1]> = Shared([Story {
    struct_size: std::mem::size_of::<Story>() as u32,
    reserved: 0,
    name: Str::of("sale"),
    summary: Str::of("somebody pays once"),
}]);
static SIMULATOR: Shared<Simulator> = Shared(Simulator {
    struct_size: std::mem::size_of::<Simulator>() as u32,
    reserved: 0,
    stories: &STORIES.0 as *const Story,
    story_count: 1,
    story_stride: std::mem::size_of::<Story>() as u64,
    tell,
});

unsafe extern "C" fn get_extension(id: Str) -> *const c_void {
    match id.bytes() {
        name if name == EXT_PROVIDER.as_bytes() => (&PROVIDER as *const Provider).cast(),
        name if name == EXT_SIMULATOR.as_bytes() => (&SIMULATOR.0 as *const Simulator).cast(),
        _ => std::ptr::null(),
    }
}

static EXTENSIONS: Shared<[Str; 2]> = Shared([Str::of(EXT_PROVIDER), Str::of(EXT_SIMULATOR)]);
static SERVICES: Shared<[Str; 1]> = Shared([Str::of(SERVICE_CRYPTO)]);
static PLUGIN: Shared<Plugin> = Shared(Plugin {
    struct_size: std::mem::size_of::<Plugin>() as u32,
    magic: ABI_MAGIC,
    abi_major: ABI_MAJOR,
    abi_minor: ABI_MINOR,
    id: Str::of("com.example.ferrous"),
    short_name: Str::of("ferrous"),
    version: Str::of("0.1.0"),
    vendor: Str::of("the tributary authors"),
    extensions: &EXTENSIONS.0 as *const Str,
    extension_count: 2,
    requirements: &SERVICES.0 as *const Str,
    requirement_count: 1,
    migrations: std::ptr::null(),
    migration_count: 0,
    migration_stride: 0,
    create,
    start,
    stop,
    destroy,
    get_extension,
});

/// The one symbol that the module exports.
#[no_mangle]
pub extern "C" fn tributary_plugin_entry() -> *const Plugin {
    &PLUGIN.0
}
