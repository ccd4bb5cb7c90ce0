//! The C headers of tributary, as much of them as this plugin uses, written by hand. Each struct has the members of its
//! C namesake in the same order; the sizes are checked when this is compiled. What a member means stands in the headers.
#![allow(dead_code)]

use std::ffi::{c_char, c_void};

pub const ABI_MAGIC: u32 = 0x5452_4231;
pub const ABI_MAJOR: u32 = 0;
pub const ABI_MINOR: u32 = 2;

pub const OK: i32 = 0;
pub const INVALID: i32 = 1;
pub const REJECTED: i32 = 3;
pub const INTERNAL: i32 = 5;
pub const NOT_FOUND: i32 = 7;

pub const EXT_PROVIDER: &str = "tributary.provider/1";
pub const EXT_SIMULATOR: &str = "tributary.simulator/1";
pub const SERVICE_CRYPTO: &str = "tributary.host.crypto/1";

pub const LIVE: i32 = 1;
pub const ITEM_ACCEPTED: i32 = 1;
pub const KIND_PAYMENT: i32 = 7;
pub const CLAIM_EXCLUSIVE: i32 = 1;
pub const CLAIM_SHARED: i32 = 2;
pub const PAYMENT_STATUS: u64 = 1 << 0;
pub const PAYMENT_PAID_AT: u64 = 1 << 1;
pub const PAYMENT_TOTAL: u64 = 1 << 3;
pub const PAYMENT_TOTAL_WITHOUT_TAX: u64 = 1 << 4;
pub const PAYMENT_SUCCEEDED: i64 = 2;

/// A view; whoever made it keeps the bytes alive.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub data: *const c_char,
    pub size: u64,
}

impl Str {
    pub const fn of(text: &str) -> Str {
        Str { data: text.as_ptr().cast(), size: text.len() as u64 }
    }
    pub const fn of_bytes(bytes: &[u8]) -> Str {
        Str { data: bytes.as_ptr().cast(), size: bytes.len() as u64 }
    }
    /// # Safety
    /// The bytes must live as long as the result is used: until the call that brought them returns.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.size == 0 {
            return &[];
        }
        std::slice::from_raw_parts(self.data.cast(), self.size as usize)
    }
}

/// An array that C gives as a pointer and a count; the pointer may be null when there are none.
///
/// # Safety
/// As for `Str::bytes`.
pub unsafe fn slice<'a, T>(first: *const T, count: u64) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    std::slice::from_raw_parts(first, count as usize)
}

#[repr(C)]
pub struct ErrorSink {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub report: Option<unsafe extern "C" fn(*mut c_void, Str, Str, i64)>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Money {
    pub amount_minor: i64,
    pub currency: [u8; 4],
    pub exponent: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Pair {
    pub name: Str,
    pub value: Str,
}

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub get_service: unsafe extern "C" fn(*const Host, Str) -> *const c_void,
}

#[repr(C)]
pub struct Crypto {
    pub struct_size: u32,
    pub reserved: u32,
    pub sha256: unsafe extern "C" fn(Str, *mut u8),
    pub hmac_sha256: unsafe extern "C" fn(Str, Str, *mut u8),
    pub equal: unsafe extern "C" fn(Str, Str) -> i32,
    pub hex_encode: unsafe extern "C" fn(Str, *mut c_char),
    pub hex_decode: unsafe extern "C" fn(Str, *mut u8) -> i64,
    pub base64_encode: unsafe extern "C" fn(Str, *mut c_char) -> i64,
    pub base64_decode: unsafe extern "C" fn(Str, *mut u8) -> i64,
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub magic: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub id: Str,
    pub short_name: Str,
    pub version: Str,
    pub vendor: Str,
    pub extensions: *const Str,
    pub extension_count: u64,
    pub requirements: *const Str,
    pub requirement_count: u64,
    pub migrations: *const c_void,
    pub migration_count: u64,
    pub migration_stride: u64,
    pub create: unsafe extern "C" fn(*const Host, Str, *const ErrorSink, *mut *mut c_void) -> i32,
    pub start: unsafe extern "C" fn(*mut c_void, *const ErrorSink) -> i32,
    pub stop: unsafe extern "C" fn(*mut c_void),
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub get_extension: unsafe extern "C" fn(Str) -> *const c_void,
}

#[repr(C)]
pub struct Connection {
    pub struct_size: u32,
    pub environment: i32,
    pub id: Str,
    pub realm: Str,
    pub settings: Str,
    pub secrets: *const Pair,
    pub secret_count: u64,
}

#[repr(C)]
pub struct Record {
    pub struct_size: u32,
    pub source: i32,
    pub received_at_ms: i64,
    pub method: Str,
    pub path: Str,
    pub query: Str,
    pub headers: *const Pair,
    pub header_count: u64,
    pub body: Str,
    pub http_status: i64,
    pub purpose: Str,
    pub item: u32,
    pub authentic: u32,
}

#[repr(C)]
pub struct Item {
    pub struct_size: u32,
    pub verdict: i32,
    pub dedupe_key: Str,
    pub content: Str,
    pub event_type: Str,
    pub reason: Str,
    pub detail: Str,
}

#[repr(C)]
pub struct VerifySink {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub item: unsafe extern "C" fn(*mut c_void, *const Item),
    pub need: unsafe extern "C" fn(*mut c_void, *const c_void),
    pub answer: unsafe extern "C" fn(*mut c_void, i32, Str, Str),
}

#[repr(C)]
pub struct Claim {
    pub claim_class: i32,
    pub reserved: u32,
    pub name: Str,
    pub value: Str,
}

#[repr(C)]
pub struct Fact {
    pub struct_size: u32,
    pub kind: i32,
    pub document_id: Str,
    pub realm: Str,
    pub source_time_ms: i64,
    pub lifecycle_rank: i32,
    pub source_rank: i32,
    pub occurred_at_ms: i64,
    pub same_as: *const Str,
    pub same_as_count: u64,
    pub parents: *const Str,
    pub parent_count: u64,
    pub claims: *const Claim,
    pub claim_count: u64,
    pub body: *const c_void,
}

#[repr(C)]
pub struct FactSink {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub emit: unsafe extern "C" fn(*mut c_void, *const Fact) -> i32,
    pub want: unsafe extern "C" fn(*mut c_void, *const c_void),
    pub note: unsafe extern "C" fn(*mut c_void, Str, Str),
}

#[repr(C)]
pub struct Payment {
    pub struct_size: u32,
    pub reserved: u32,
    pub present: u64,
    pub status: i64,
    pub paid_at_ms: i64,
    pub cash: Money,
    pub total: Money,
    pub total_without_tax: Money,
    pub tax: Money,
    pub discount: Money,
    pub credit_spent: Money,
    pub fee: Money,
    pub refunded_total: Money,
    pub refunded_total_at_ms: i64,
    pub presentment: Money,
    pub cycle: i64,
    pub subscription_id: Str,
    pub lines: *const c_void,
    pub line_count: u64,
    pub line_stride: u64,
    pub lines_complete: i64,
    pub country: Str,
    pub email: Str,
    pub metadata: *const Pair,
    pub metadata_count: u64,
    pub invoice_id: Str,
    pub processor: Str,
    pub event_name: Str,
    pub out_of_band: i64,
}

type RecordsCall<Sink> = unsafe extern "C" fn(
    *mut c_void,
    *const Connection,
    *const Record,
    u64,
    u64,
    *const Sink,
    *const ErrorSink,
) -> i32;

#[repr(C)]
pub struct Provider {
    pub struct_size: u32,
    pub normaliser_version: u32,
    pub verify: RecordsCall<VerifySink>,
    pub normalise: RecordsCall<FactSink>,
    pub reread: Option<
        unsafe extern "C" fn(*mut c_void, *const Connection, i32, Str, *const FactSink, *const ErrorSink) -> i32,
    >,
}

#[repr(C)]
pub struct Story {
    pub struct_size: u32,
    pub reserved: u32,
    pub name: Str,
    pub summary: Str,
}

#[repr(C)]
pub struct StoryRequest {
    pub struct_size: u32,
    pub environment: i32,
    pub story: Str,
    pub signing_secret: Str,
    pub api_version: Str,
    pub seed: u64,
    pub at_ms: i64,
    pub parameters: *const Pair,
    pub parameter_count: u64,
}

#[repr(C)]
pub struct ToldDelivery {
    pub struct_size: u32,
    pub header_count: u32,
    pub name: Str,
    pub at_ms: i64,
    pub headers: *const Pair,
    pub body: Str,
}

#[repr(C)]
pub struct StorySink {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub delivery: unsafe extern "C" fn(*mut c_void, *const ToldDelivery),
    pub expect: unsafe extern "C" fn(*mut c_void, Str, i64),
}

#[repr(C)]
pub struct Simulator {
    pub struct_size: u32,
    pub reserved: u32,
    pub stories: *const Story,
    pub story_count: u64,
    pub story_stride: u64,
    pub tell: unsafe extern "C" fn(*mut c_void, *const StoryRequest, *const StorySink, *const ErrorSink) -> i32,
}

/// Constant data of this plugin that the host reads from any thread.
#[repr(transparent)]
pub struct Shared<T>(pub T);
// SAFETY: only put around data that nothing ever changes.
unsafe impl<T> Sync for Shared<T> {}

macro_rules! sizes {
    ($($name:ident $size:literal),* $(,)?) => {
        $(const _: () = assert!(std::mem::size_of::<$name>() == $size);)*
    };
}
sizes!(
    Str 16, ErrorSink 24, Money 16, Pair 32, Host 32, Plugin 176, Connection 72, Record 128, Item 88, VerifySink 40,
    Claim 40, Fact 120, FactSink 40, Payment 344, Provider 32, Crypto 64, Story 40, StoryRequest 88, ToldDelivery 56,
    StorySink 32, Simulator 40,
);
